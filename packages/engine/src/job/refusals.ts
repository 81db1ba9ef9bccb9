import type { RefusedConnection, RefusedRequest } from '@baton/core';
import { clip } from '../text/untrusted-text.js';

/** Whose asking was refused: the agent in its turn, what makes a checkout ready, or a check. */
export type Asker = 'agent' | 'setup' | 'check';

/** Something that was asked for in a job and not given: a fact for people, by which nothing is decided. */
export type Refusal = {
  readonly by: Asker;
  /** How often; at least 1. */
  readonly count: number;
} & (
  | ({ readonly of: 'network' } & RefusedConnection)
  /** Of the agent's model, by its name. */
  | { readonly of: 'model'; readonly what: string }
);

/** What was refused in a job, small enough to be stored with it. */
export interface Refusals {
  /** Each thing once, in the order in which it was asked for first. At most `mostTold`. */
  readonly told: readonly Refusal[];
  /** Requests for other things than these. */
  readonly more: number;
}

/** Nothing was refused. */
export const noRefusals: Refusals = { told: [], more: 0 };

/** So many things are told apart in a job: whoever asks at random fills neither store nor page. */
const mostTold = 20;
/** A host's name has 253 characters at most (RFC 1035), a refused request's 200. */
const longestName = 253;

/** Both together, those of `later` after the others. */
export function mergeRefusals(earlier: Refusals, later: Refusals): Refusals {
  const told = new Map(earlier.told.map((each) => [keyOf(each), each]));
  let more = earlier.more + later.more;
  for (const each of later.told) {
    const key = keyOf(each);
    const known = told.get(key);
    if (known !== undefined) told.set(key, { ...known, count: known.count + each.count });
    else if (told.size < mostTold) told.set(key, each);
    else more += each.count;
  }
  return { told: [...told.values()], more };
}

/** Gathers what is refused while a job is worked, until it is recorded. */
export interface RefusalLog {
  /** Who is at work: what is refused while the task runs was asked for by it. Else it is the setup's. */
  during<Result>(asker: Asker, task: () => Promise<Result>): Promise<Result>;
  /** As `SandboxPolicy.onRefused`. */
  connection(refused: RefusedConnection): void;
  /** As `TurnEnd.refused`. */
  requests(refused: readonly RefusedRequest[]): void;
  /** What was gathered since the last time. Null: nothing. */
  take(): Refusals | null;
}

/** Makes an empty log. What it holds is bounded however often it is told. */
export function createRefusalLog(): RefusalLog {
  let gathered = noRefusals;
  let by: Asker = 'setup';
  const note = (refusal: Refusal): void => {
    gathered = mergeRefusals(gathered, { told: [refusal], more: 0 });
  };
  return {
    async during(asker, task) {
      const before = by;
      by = asker;
      try {
        return await task();
      } finally {
        by = before;
      }
    },
    connection({ host, port, reason }) {
      note({ by, of: 'network', count: 1, host: host && clip(host, longestName).text, port, reason });
    },
    requests(refused) {
      for (const { what, count } of refused) {
        note({ by: 'agent', of: 'model', count, what: clip(what, longestName).text });
      }
    },
    take() {
      const taken = gathered;
      gathered = noRefusals;
      return taken === noRefusals ? null : taken;
    },
  };
}

function keyOf(refusal: Refusal): string {
  return refusal.of === 'model'
    ? JSON.stringify([refusal.by, refusal.what])
    : JSON.stringify([refusal.by, refusal.host, refusal.port, refusal.reason]);
}
