import { isEnded, type Job, type JobPhase } from '@baton/core';
import type { Installation } from './process/installation.js';
import type { World } from './world.js';

/** Whether nothing goes on by itself just now. */
export function isCalm(world: World): boolean {
  const now = world.clock.now();
  const isAlive = world.installations.every(({ daemons }) => daemons.some(({ life }) => life === 'alive'));
  return isAlive && allJobs(world).every(({ job }) => isEnded(job.phase) || (rests.has(job.phase) && job.wakeAt > now));
}

/** In any other one a job is at work, whatever a clock that was set back makes of its instant. */
const rests: ReadonlySet<JobPhase> = new Set(['waiting', 'reviewing']);

/** Every job of every store that is not lost, with where it is. */
export function allJobs(world: World): readonly { readonly installation: Installation; readonly job: Job }[] {
  return world.installations.flatMap((installation) =>
    [...installation.jobs.values()].map((job) => ({ installation, job })),
  );
}
