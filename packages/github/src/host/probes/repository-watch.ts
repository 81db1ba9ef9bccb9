import { createChangeMemory } from '@baton/adapter-kit';
import type { CallOptions, Clock, Cursor } from '@baton/core';
import { LRUCache } from 'lru-cache';
import type { ProbeResult } from './change-probes.js';
import { createPeriod, settleMs } from './settle-period.js';

/** Queries that one repository is polled with. */
const mostQueries = 20;

/** What a look at a repository says before its list is read. */
interface Glance {
  /** Nothing changed since the list was last read whole. */
  readonly isQuiet: boolean;
  /** The list was read whole after this glance, and polling goes on at `next`. */
  listed(next: Cursor): void;
}

/** Remembers, for one repository, how it looked when a list was last read whole. */
export interface RepositoryWatch {
  /** Looks at the repository for a poll that goes on at `cursor`. */
  glance(cursor: Cursor | null, options?: CallOptions): Promise<Glance>;
}

/** Does no input or output. What it knows it knows of this process: after a start every list is read anew. */
export function createRepositoryWatch(
  fullName: string,
  look: (options?: CallOptions) => Promise<ProbeResult | null>,
  clock: Clock,
): RepositoryWatch {
  const periodOf = createPeriod(fullName);
  const listed = new LRUCache<Cursor, { readonly fingerprint: string; readonly period: number }>({ max: mostQueries });
  const looks = createChangeMemory<string, null>({ clock, most: 1, settleMs });
  return {
    async glance(cursor, options) {
      const found = await look(options);
      const now = clock.monotonic();
      if (found === null) looks.forget(fullName);
      const seen = found && looks.keep(fullName, found.fingerprint, null, now);
      const period = periodOf(now);
      const known = cursor === null ? undefined : listed.get(cursor);
      return {
        isQuiet: seen !== null && known?.fingerprint === seen.fingerprint && known.period === period,
        listed(next) {
          if (cursor !== null) listed.delete(cursor);
          if (seen?.isSettled) listed.set(next, { fingerprint: seen.fingerprint, period });
          else listed.delete(next);
        },
      };
    },
  };
}
