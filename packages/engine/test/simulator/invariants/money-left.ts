import type { Job } from '@baton/core';
import { foldedJob } from '../../../src/job/job-data.js';
import { mostPerPart } from '../agents/simulated-agent.js';
import { hostOf } from '../host/jobs.js';
import type { Installation } from '../process/installation.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

/** Of a day's budget, what a turn may use whose job has no limit of its own. */
const shareOfDay = 5;

export const moneyLeft: Invariant = {
  promise: 'No job ends or waits for money that nobody has spent: what a dead worker had set aside is free again.',
  watch: (world) => ({
    job({ kind, job, installation }) {
      if (kind !== 'recorded') return null;
      const { microUsdPerJob, microUsdPerDay } = world.caps;
      if (job.outcome === 'limit-reached') {
        return isLeft(world, job, microUsdPerJob ?? Math.ceil((microUsdPerDay ?? 0) / shareOfDay))
          ? `Job ${job.id} ended as ${job.outcome}, and has spent ${toldBy(world, job)} micro-dollars.`
          : null;
      }
      const lacksMoney = job.wait === 'budget' && foldedJob(job).data.resume === 'working';
      if (!lacksMoney || microUsdPerDay === null || hasOthers(world, job, installation)) return null;
      return isLeft(world, job, microUsdPerDay)
        ? `Job ${job.id} waits for another day, and has spent ${toldBy(world, job)} micro-dollars.`
        : null;
    },
  }),
};

function toldBy(world: World, { id }: Job): number {
  return world.turns.filter(({ job }) => job === id).reduce((sum, { told }) => sum + told, 0);
}

/** Whether whatever comes next could have been paid. */
function isLeft(world: World, job: Job, cap: number): boolean {
  return toldBy(world, job) + mostPerPart <= cap;
}

/** Whose turns spend of the same day, or hold a part of it. */
function hasOthers(world: World, { id, project }: Job, { jobs }: Installation): boolean {
  const host = hostOf(world, { project });
  return [...jobs.values()].some((other) => other.id !== id && hostOf(world, other) === host);
}
