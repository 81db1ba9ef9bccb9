import type { StoredPipeline } from './model.js';
import type { World } from './world.js';

const statuses = { pending: 'running', passed: 'success', failed: 'failed' } as const;

/** A pipeline that did something just now, with one job that decides and one that may fail. */
export function runPipeline(
  world: World,
  state: keyof typeof statuses,
  where: Pick<StoredPipeline, 'sha' | 'ref' | 'source'>,
  trace = '',
): StoredPipeline {
  const job = (name: string, status: string, allowFailure = false) => ({
    ...{ id: world.nextId(), name, status, allowFailure, trace },
  });
  const jobs = [job('lint', 'failed', true), job('test', statuses[state])];
  return { id: world.nextId(), status: statuses[state], ...where, updatedAt: world.tick(), jobs };
}
