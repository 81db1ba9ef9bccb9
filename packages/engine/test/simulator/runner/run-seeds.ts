import { createBaton } from '../../../src/index.js';
import { simulate } from '../simulate.js';
import type { WorkerNews, WorkerOrder } from './worker-message.js';

/** Runs seeds in this process. `onBroken` says whether to go on. */
export async function runSeeds(
  { first, every, last, only }: WorkerOrder,
  onBroken: (broken: Extract<WorkerNews, { readonly kind: 'broken' }>) => boolean,
): Promise<Extract<WorkerNews, { readonly kind: 'done' }>> {
  const began = process.cpuUsage();
  let [runs, steps] = [0, 0];
  for (let seed = first; seed <= last; seed += every) {
    const report = await simulate({ seed, createBaton, only });
    runs += 1;
    steps += report.steps;
    const violation = report.violations.find(({ invariant }) => only === null || invariant === only);
    if (violation && !onBroken({ kind: 'broken', seed, invariant: violation.invariant })) break;
  }
  const { user, system } = process.cpuUsage(began);
  return { kind: 'done', runs, steps, cpuMs: (user + system) / 1_000 };
}
