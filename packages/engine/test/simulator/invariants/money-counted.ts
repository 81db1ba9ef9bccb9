import type { Job } from '@baton/core';
import { nextUtcDay, spendScope, utcDay } from '../../../src/agents/spend.js';
import { foldedJob } from '../../../src/job/job-data.js';
import { renamed } from '../host/jobs.js';
import type { Installation } from '../process/installation.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

export const moneyCounted: Invariant = {
  promise: 'What agents told of their cost is what the job says and what the ledger counts, through every crash.',
  watch: (world) => ({
    async rest() {
      for (const installation of world.installations) {
        const wrong = (await findWrongJob(world, installation)) ?? (await findWrongDay(world, installation));
        if (wrong !== null) return wrong;
      }
      return null;
    },
  }),
};

function costOf(job: Job): number {
  return foldedJob(job).data.usage.microUsd ?? 0;
}

async function findWrongJob(world: World, { store, jobs }: Installation): Promise<string | null> {
  for (const job of jobs.values()) {
    const turns = world.turns.filter((turn) => turn.job === job.id);
    const [heard, told] = turns.reduce(([least, most], turn) => [least + turn.heard, most + turn.told], [0, 0]);
    const cost = costOf(job);
    if (cost < heard || cost > told) return `Job ${job.id} says it cost ${cost}; its turns told ${heard} to ${told}.`;
    if (world.caps.microUsdPerJob === null) continue;
    const counted = await store.spent({ scope: `job/${job.id}`, period: 'all', unit: 'micro-usd' });
    if (counted !== cost) return `Job ${job.id} says it cost ${cost}, and the ledger counts ${counted}.`;
  }
  return null;
}

async function findWrongDay(world: World, { name, store, jobs }: Installation): Promise<string | null> {
  if (world.caps.microUsdPerDay === null) return null;
  for (const host of world.hosts) {
    const names = [host.name, renamed(host)];
    let counted = 0;
    for (const day of daysOf(world)) {
      for (const project of names) {
        counted += await store.spent({ scope: spendScope(project), period: day, unit: 'micro-usd' });
      }
    }
    const cost = [...jobs.values()].filter(({ project }) => names.includes(project)).map(costOf);
    const sum = cost.reduce((total, each) => total + each, 0);
    if (sum !== counted) return `The jobs of ${host.name} in ${name} cost ${sum}, and the ledger counts ${counted}.`;
  }
  return null;
}

/** Every day of the run, and those on which a clock that was set may have been. */
export function daysOf({ clock }: World): readonly string[] {
  const days: string[] = [];
  const last = nextUtcDay(clock.now() + 24 * 3_600_000);
  for (let day = firstDay; day <= last; day = nextUtcDay(day)) days.push(utcDay(day));
  return days;
}

const firstDay = Date.UTC(2025, 11, 30);
