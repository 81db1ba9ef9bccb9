import type { Job } from '@baton/core';
import { type JobView, textHashDigits, viewJob } from '@baton/engine';
import { escapeLine } from '../text/escape-control.js';
import { CommandError } from '../verb/command-error.js';

type Asked = NonNullable<JobView['asked']>;

/** A text is anybody's, who can look for two that agree in a few digits; the tree of a change Baton took itself. */
const fewestDigits: Readonly<Record<Asked['kind'], number>> = { text: textHashDigits, change: 12 };

/** What a person is asked to approve, in as many digits as `--seen` takes. */
export function quoteSeen({ kind, seen }: Asked): string {
  return seen.slice(0, fewestDigits[kind]);
}

/**
 * What a yes is a yes to, so that it holds for nothing that comes in its place. `typed` says what the person has read.
 * A text has to be named: what is asked at this moment may be another than the one that was read. Null: the job asks
 * about no text and no change. Throws a `CommandError` where it asks about something else, or too little is said.
 */
export function whatWasSeen(job: Job, typed: string | null): string | null {
  const { asked } = viewJob(job);
  if (typed === null) {
    if (asked?.kind !== 'text') return asked?.seen ?? null;
    const why = 'a yes holds for exactly the one that was read, and has to say which';
    throw new CommandError(`Job ${job.id} asks about a text that was edited: ${why}.`, {
      code: 'USAGE',
      exit: 'usage',
      fix: readFirst(job, asked),
    });
  }
  const quoted = typed.toLowerCase();
  if (asked !== null && quoted === asked.seen) return asked.seen;
  const said = escapeLine(typed);
  if (asked !== null && quoted.length < fewestDigits[asked.kind]) {
    const why = `${said} is ${typed.length}, and another ${asked.kind} that begins alike is soon made`;
    throw new CommandError(`For a ${asked.kind} --seen takes at least ${fewestDigits[asked.kind]} digits: ${why}.`, {
      code: 'USAGE',
      exit: 'usage',
      fix: readFirst(job, asked),
    });
  }
  if (asked?.seen.startsWith(quoted)) return asked.seen;
  const what = asked === null ? 'nothing that has a hash' : `a ${asked.kind} with another hash`;
  throw new CommandError(`Job ${job.id} asks about ${what} now, not about ${said}.`, {
    code: 'CONFLICT',
    exit: 'failure',
    fix: asked === null ? `look at what it asks: baton show ${job.id}` : readFirst(job, asked),
  });
}

/** Without the hash: whoever copies it from here has not read what it stands for. */
function readFirst({ id }: Job, { kind }: Asked): string {
  const look = kind === 'text' ? `baton show ${id}` : `baton show ${id} --diff`;
  return `read the ${kind}: ${look}, then type: baton approve ${id} --seen <hash that baton show tells>`;
}
