import { type Job, openPhases } from '@baton/core';
import type { BatonEvent } from '@baton/engine';
import type { CommandContext } from '../verb/run-command.js';
import type { Session } from '../wire/open-session.js';
import { runEngine } from './run-engine.js';

/** What one poll and the work that came of it came to. */
export interface OnceReport {
  /** Those that changed or aren't over, oldest first. */
  readonly jobs: readonly Job[];
  /** Projects whose issues or pull requests couldn't be asked for. */
  readonly failures: readonly Extract<BatonEvent, { type: 'poll-failed' }>[];
}

/** One poll, and everything due worked to its next wait. */
export async function workOnce(context: CommandContext, session: Session): Promise<OnceReport> {
  const begunAt = session.services.runtime.clock.now();
  const failures: OnceReport['failures'][number][] = [];
  await runEngine(context, session, async (baton) => {
    const events = baton.events();
    const watching = (async () => {
      for await (const event of events) if (event.type === 'poll-failed') failures.push(event);
    })();
    await baton.runOnce();
    await baton.stop();
    await watching;
  });
  const store = await session.store();
  const changed = await Array.fromAsync(store.list({ updatedAfter: begunAt - 1 }));
  const open = await Array.fromAsync(store.list({ phases: openPhases }));
  const byId = new Map([...changed, ...open].map((job) => [job.id, job]));
  const jobs = [...byId.values()].toSorted((left, right) => left.sequence - right.sequence);
  return { jobs, failures };
}
