import type { Clock } from '@baton/core';
import { LRUCache } from 'lru-cache';

/**
 * Issues whose whole history was read a moment ago and held no comment of Baton's, so that the first one needs
 * no list. GitHub's GraphQL may lag behind a comment whose answer was lost: so each issue is told but once.
 */
export interface BareIssues {
  note(number: number): void;
  /** Whether it was just seen bare. */
  take(number: number): boolean;
}

const mostIssues = 500;
const knownForMs = 10_000;

export function createBareIssues(clock: Clock): BareIssues {
  const seen = new LRUCache<number, { readonly at: number; readonly isTaken: boolean }>({ max: mostIssues });
  return {
    note(number) {
      if (seen.get(number)?.isTaken !== true) seen.set(number, { at: clock.monotonic(), isTaken: false });
    },
    take(number) {
      const known = seen.get(number);
      if (!known || known.isTaken) return false;
      seen.set(number, { ...known, isTaken: true });
      return clock.monotonic() - known.at < knownForMs;
    },
  };
}
