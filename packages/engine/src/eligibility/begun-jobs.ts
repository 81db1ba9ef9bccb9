import type { CallOptions, Instant, JobStore } from '@baton/core';
import { type FactUpdate, readFact, updateFact } from '../store/fact.js';
import { type BegunJob, facts } from '../store/facts.js';

/** Whose begun jobs are counted: those of one actor in one project. */
export interface BegunSubject {
  readonly project: string;
  readonly actorId: string;
}

const windowMs = 60 * 60_000;

/**
 * From when on another job of the actor may be begun, which is `now` where one may at once. A job that was begun
 * already may always be gone on with.
 */
export async function whenToBegin(
  store: JobStore,
  subject: BegunSubject,
  request: { readonly job: string | null; readonly perHour: number | null; readonly now: Instant },
  options: CallOptions = {},
): Promise<Instant> {
  const { value } = await readFact(store, facts.begun(subject.project, subject.actorId), options);
  return decideWhen(value ?? [], request);
}

/**
 * Counts a job as begun, once however often it is asked, in the same step as the look whether it may be: of two
 * daemons that look at once one sees what the other counted. Null where it is counted; else from when on it may be.
 */
export async function countBegun(
  store: JobStore,
  subject: BegunSubject,
  request: { readonly job: string; readonly perHour: number | null; readonly now: Instant },
  options: CallOptions = {},
): Promise<Instant | null> {
  const { job, perHour, now } = request;
  if (perHour === null) return null;
  const decide = (value: readonly BegunJob[] | null): FactUpdate<readonly BegunJob[], Instant | null> => {
    const begun = value ?? [];
    const at = decideWhen(begun, request);
    if (at > now) return { answer: at };
    if (begun.some((each) => each.job === job)) return { answer: null };
    return { answer: null, write: [...recent(begun, now), { job, at: now }] };
  };
  return updateFact(store, facts.begun(subject.project, subject.actorId), decide, options);
}

/** Why a job of the actor waits, for people: the same wherever it is found out. */
export function whyHeldBack(login: string, perHour: number, until: Instant): string {
  return `${login} has set ${perHour} jobs of this project going within an hour, which is the most that trust.perActorPerHour allows; the next begins at ${new Date(until).toISOString()}.`;
}

function decideWhen(
  begun: readonly BegunJob[],
  { job, perHour, now }: { readonly job: string | null; readonly perHour: number | null; readonly now: Instant },
): Instant {
  if (perHour === null || begun.some((each) => each.job === job)) return now;
  const counted = recent(begun, now).toSorted((left, right) => left.at - right.at);
  // Where the limit was lowered meanwhile, more than the oldest have to be an hour ago.
  const last = counted[counted.length - perHour];
  return last === undefined ? now : Math.max(now, last.at + windowMs);
}

/** Of the last hour. What a clock that was put back has in its future counts as well, but not for longer than that. */
function recent(begun: readonly BegunJob[], now: Instant): readonly BegunJob[] {
  return begun.filter(({ at }) => Math.abs(now - at) < windowMs);
}
