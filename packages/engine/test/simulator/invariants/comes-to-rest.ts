import { isWanted } from '../host/issues.js';
import { hostOf } from '../host/jobs.js';
import { allJobs } from '../world.js';
import type { Invariant } from './invariant.js';

/** That jobs come to their ends is seen by whoever waits for it: a run that doesn't is broken by it. */
export const comesToRest: Invariant = {
  promise:
    'Every issue that is handed over is taken in, and every job comes to its end once faults are over and people answer.',
  watch: (world) => ({
    rest() {
      for (const host of world.hosts) {
        for (const { id, key } of host.issues) {
          const isKnown = allJobs(world).some(({ job }) => job.issueKey === key && hostOf(world, job) === host);
          if (!isKnown && isWanted(host.source.read(id))) return `${key} of ${host.name} was never taken in.`;
        }
      }
      return null;
    },
  }),
};
