import type { Job, JsonValue, Signal } from '@baton/core';
import { viewJob } from '@baton/engine';
import { CommandError } from '../command-error.js';
import { exitCodes } from '../exit-codes.js';
import { escapeLine } from '../render/escape-control.js';
import { mapJobJson } from '../render/job-json.js';
import { resolveJob } from '../resolve-job.js';
import type { Command } from '../run-command.js';
import { openSession } from '../wire/open-session.js';

/**
 * What a yes is a yes to: what the job asks about now, so that it holds for nothing that comes in its place. `typed`
 * narrows it to what the person has read before.
 */
function whatWasSeen(job: Job, typed: unknown): string | null {
  const { asked } = viewJob(job);
  if (typeof typed !== 'string' || typed === '') return asked?.seen ?? null;
  if (asked?.seen.startsWith(typed.toLowerCase())) return asked.seen;
  const what = asked === null ? 'nothing' : `the ${asked.kind} ${asked.seen.slice(0, 12)}`;
  throw new CommandError(`Job ${job.id} asks about ${what} now, not about ${escapeLine(typed)}.`, {
    code: 'CONFLICT',
    exit: 'failure',
    fix: `look at what it asks: baton show ${job.id}`,
  });
}

/** A verb that leaves a signal for whoever holds the job: it works beside a running daemon. */
export function signalCommand(type: Signal['type'], said: string): Command {
  return async (context, input) => {
    const { output, signal } = context;
    await using session = await openSession(context);
    const job = await resolveJob(session, input.arguments[0], signal);
    const message = input.options['message'];
    const seen = type === 'approve' ? whatWasSeen(job, input.options['seen']) : null;
    const data: JsonValue = { message: typeof message === 'string' ? message : null, ...(seen !== null && { seen }) };
    const store = await session.store();
    await store.signal(job.id, { type, data }, { signal });
    if (output.json !== null) {
      output.printJson({ schema: 'baton.signal/v1', type, job: mapJobJson(viewJob(job)) });
    } else {
      output.print(
        `${said} ${job.id} (${escapeLine(job.issueKey)}); a running daemon heeds it at once, else the next \`baton start\` does`,
      );
    }
    return exitCodes.ok;
  };
}
