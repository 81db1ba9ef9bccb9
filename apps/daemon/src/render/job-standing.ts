import { isEnded } from '@baton/core';
import type { JobView } from '@baton/engine';
import { escapeLine } from '../text/escape-control.js';
import { formatInstant } from '../text/format-instants.js';

/** One word, or two, for where a job is. */
export function jobState({ phase, outcome, wait }: JobView): string {
  if (outcome !== null) return phase === outcome ? phase : `${phase}: ${outcome}`;
  return wait === null ? phase : `waiting: ${wait}`;
}

/** The same, and until when where it goes on by itself. */
export function jobStanding(view: JobView, now: number): string {
  const until = view.waitUntil === null ? '' : ` until ${formatInstant(view.waitUntil, now)}`;
  return `${jobState(view)}${until}`;
}

/** Where a job is, as the rest of a sentence about it, and what a person can do about that. */
export function describeStanding(view: JobView, now: number): { readonly is: string; readonly fix: string } {
  const { id, phase, wait, pullRequest } = view;
  const why = view.reason === null ? '' : `: ${escapeLine(view.reason).replace(/\.$/, '')}`;
  if (isEnded(phase))
    return { is: `it has ended (${jobState(view)})${why}`, fix: `have it done again: baton retry ${id}` };
  if (wait === 'needs-person') {
    return { is: `it waits for a person${why}`, fix: `answer it: baton approve, steer or reject ${id}` };
  }
  if (wait !== null) {
    const until = view.waitUntil === null ? '' : ` until ${formatInstant(view.waitUntil, now)}`;
    return {
      is: `it waits (${wait})${until}${why}`,
      fix: `mend what it waits for, and start the daemon to have it judged anew; or end it: baton cancel ${id}`,
    };
  }
  if (phase === 'reviewing' && pullRequest !== null) {
    return { is: `its pull request #${pullRequest.number} is in review`, fix: 'merge or close the pull request' };
  }
  return { is: `it is ${phase}`, fix: `follow it: baton logs ${id} -f; or end it: baton cancel ${id}` };
}
