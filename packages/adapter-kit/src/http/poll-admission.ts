import type { Instant } from '@baton/core';

/** Spreads polls over time, each of many pollers in its turn. */
export interface PollAdmission {
  /** Null: go ahead. Else the instant at which it is this poller's turn, if those before it still want theirs. */
  admit(
    poller: string,
    pace: { readonly now: Instant; readonly msEach: number; readonly most: number },
  ): Instant | null;
}

/** A poller that did not ask for so long has gone. */
const patienceMs = 10 * 60_000;

/**
 * Turns come in at a steady pace and are kept, at most `most`. Pollers get them in the order in which they were
 * refused: whoever asks first in every round takes nobody else's.
 */
export function createPollAdmission(startedAt: Instant): PollAdmission {
  const refusedAt = new Map<string, Instant>();
  let turns = 0;
  let countedAt = startedAt;
  return {
    admit(poller, { now, msEach, most }) {
      turns = Math.min(most, turns + (now - countedAt) / msEach);
      countedAt = now;
      for (const [each, at] of refusedAt) if (at < now - patienceMs) refusedAt.delete(each);
      const waiting = [...refusedAt.keys()];
      const known = waiting.indexOf(poller);
      const ahead = known === -1 ? waiting.length : known;
      if (turns >= ahead + 1) {
        turns -= 1;
        refusedAt.delete(poller);
        return null;
      }
      // Setting what is there already keeps its place.
      refusedAt.set(poller, now);
      return now + (ahead + 1 - turns) * msEach;
    },
  };
}
