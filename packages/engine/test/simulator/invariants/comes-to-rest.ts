import { isEnded } from '@baton/core';
import { allJobs } from '../calm.js';
import type { Host } from '../host/host.js';
import { isWanted } from '../host/issues.js';
import { hostOf } from '../host/jobs.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';
import { entriesOf } from './journals.js';

/** More than a step is tried. */
const mostRefusals = 10;

/** That jobs come to their ends is seen by whoever waits for it: a run that doesn't is broken by it. */
export const comesToRest: Invariant = {
  promise:
    'Every issue that is handed over, or handed over again, is taken in, and every job comes to its end once faults are over and people answer; an end that nobody may be told of is one all the same.',
  watch(world) {
    /** At which step the newest job of an issue noted for the last time what people had asked for. */
    const seenAt = new Map<string, number>();
    const refusals = new Map<string, number>();
    const keyOf = (host: Host, issue: string): string => `${host.name} ${issue}`;
    return {
      job({ kind, job, ...event }) {
        const key = keyOf(hostOf(world, job), job.issueKey);
        if (kind === 'enqueued') seenAt.delete(key);
        if (kind !== 'recorded' || !('change' in event)) return null;
        if (isEnded(job.phase) && !seenAt.has(key)) seenAt.set(key, world.step);
        for (const entry of entriesOf(event.change)) {
          if (entry.type !== 'step-failed' || entry.data.step !== 'settle') continue;
          if (entry.data.code !== 'PERMISSION_DENIED') continue;
          const count = (refusals.get(job.id) ?? 0) + 1;
          refusals.set(job.id, count);
          if (count > mostRefusals) return `Job ${job.id} was to end ${count} times, and nobody may be told.`;
        }
        return null;
      },
      rest() {
        // By a clock that was put back, what is newer is older.
        const mayLookOld = world.facts('slept').some(({ ms }) => ms < 0) || world.facts('host-clock-set').length > 0;
        for (const host of world.hosts) {
          for (const { id, key } of host.issues) {
            if (!isWanted(host.source.read(id))) continue;
            const isKnown = allJobs(world).some(({ job }) => job.issueKey === key && hostOf(world, job) === host);
            if (!isKnown) return `${key} of ${host.name} was never taken in.`;
            const since = seenAt.get(keyOf(host, key));
            if (since === undefined || mayLookOld) continue;
            if (wasHandedOverAfter(world, host, { key, since }))
              return `${key} of ${host.name} was handed over again, and is not worked.`;
          }
        }
        return null;
      },
    };
  },
};

/**
 * Whether somebody handed an issue over later than its newest job came to its end. Not one within the instant of the
 * hand-over before: of two that bear the same instant a host lets nobody tell which was seen.
 */
function wasHandedOverAfter(
  world: World,
  host: Host,
  { key, since }: { readonly key: string; readonly since: number },
): boolean {
  // By a clock that is behind ours since the beginning, the first one bears a later instant.
  let before = Math.max(0, -host.skewMs);
  for (const { by, step, at, ...each } of world.facts('asked')) {
    if (each.host !== host || each.issue !== key || by !== 'label') continue;
    if (step > since && at > before) return true;
    before = Math.max(before, at);
  }
  return false;
}
