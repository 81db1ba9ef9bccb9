import type { JobPhase, WaitReason } from '@baton/core';
import type { JobView, PersonsWord } from '@baton/engine';
import { escapeLine } from '../text/escape-control.js';
import { formatInstant } from '../text/format-instants.js';

/** One word, or two, for where a job is. */
export function jobState({ phase, outcome, wait }: JobView): string {
  if (outcome !== null) return phase === outcome ? phase : `${phase}: ${outcome}`;
  return wait === null ? phase : `waiting: ${wait}`;
}

/** The same, and until when where it goes on by itself. */
export function jobStanding(view: JobView, now: number): string {
  return `${jobState(view)}${untilWhen(view, now)}`;
}

function untilWhen({ waitUntil }: JobView, now: number): string {
  return waitUntil === null ? '' : ` until ${formatInstant(waitUntil, now)}`;
}

/** Where a job is, as the rest of a sentence about it, and what a person can do about that. */
interface Standing {
  readonly is: string;
  readonly fix: string;
}

type Describe = (view: JobView, now: number) => Standing;

const why = ({ reason }: JobView): string => (reason === null ? '' : `: ${escapeLine(reason).replace(/\.$/, '')}`);

const underWay: Describe = ({ id, phase }) => ({
  is: `it is ${phase}`,
  fix: `follow it: baton logs ${id} -f; or end it: baton cancel ${id}`,
});

const ended: Describe = (view) => ({
  is: `it has ended (${jobState(view)})${why(view)}`,
  fix: `have it done again: baton retry ${view.id}`,
});

const waiting: Describe = (view, now) => ({
  is: `it waits (${view.wait})${untilWhen(view, now)}${why(view)}`,
  fix: `mend what it waits for, and start the daemon to have it judged anew; or end it: baton cancel ${view.id}`,
});

const byWord: Readonly<Record<PersonsWord, (id: string) => string>> = {
  yes: (id) => `answer it: baton approve, steer or reject ${id}`,
  answer: (id) => `answer it: baton steer ${id} -m "…", or end it: baton reject ${id}`,
  mend: (id) => `mend that on the base branch, then: baton approve ${id}; or end it: baton reject ${id}`,
  retry: (id) => `have it tried again: baton approve ${id}; or end it: baton reject ${id}`,
};

const byWait: Readonly<Record<WaitReason, Describe>> = {
  retry: waiting,
  'usage-limit': waiting,
  'needs-person': (view, now) =>
    view.wants === null
      ? waiting(view, now)
      : { is: `it waits for a person${why(view)}`, fix: byWord[view.wants](view.id) },
  budget: waiting,
  paused: waiting,
  blocked: waiting,
  unavailable: waiting,
};

const byPhase: Readonly<Record<JobPhase, Describe>> = {
  queued: underWay,
  claiming: underWay,
  preparing: underWay,
  baseline: underWay,
  working: underWay,
  verifying: underWay,
  publishing: underWay,
  reviewing: (view, now) =>
    view.pullRequest === null
      ? underWay(view, now)
      : { is: `its pull request #${view.pullRequest.number} is in review`, fix: 'merge or close the pull request' },
  settling: underWay,
  waiting: (view, now) => (view.wait === null ? underWay : byWait[view.wait])(view, now),
  done: ended,
  failed: ended,
  cancelled: ended,
};

/** Says where a job is, and what a person can do about that. */
export function describeStanding(view: JobView, now: number): Standing {
  return byPhase[view.phase](view, now);
}
