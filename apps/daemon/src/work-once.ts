import type { Job } from '@baton/core';
import { openPhases } from './job-phases.js';
import type { CommandContext } from './run-command.js';
import { runEngine } from './run-engine.js';
import type { Session } from './wire/open-session.js';

/** One poll, and everything due worked to its next wait. The jobs that changed or aren't over, oldest first. */
export async function workOnce(context: CommandContext, session: Session): Promise<readonly Job[]> {
  const begunAt = session.world.runtime.clock.now();
  await runEngine(context, session, (baton) => baton.runOnce());
  const store = await session.store();
  const changed = await Array.fromAsync(store.list({ updatedAfter: begunAt - 1 }));
  const open = await Array.fromAsync(store.list({ phases: openPhases }));
  const byId = new Map([...changed, ...open].map((job) => [job.id, job]));
  return [...byId.values()].toSorted((left, right) => left.createdAt - right.createdAt);
}
