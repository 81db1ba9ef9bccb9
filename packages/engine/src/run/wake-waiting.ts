import { BatonError, type CallOptions, type Instant, type Job, type JobStore } from '@baton/core';
import { agentName } from '../agents/agent-order.js';
import { endOutage } from '../agents/agent-outage.js';
import { readEntry } from '../job/entries.js';
import { waitReasons } from '../job/wait-reasons.js';
import type { Project } from '../project/project.js';

/**
 * Has each job judged anew that waits for what an operator may have mended: a budget, a limit, a setting, a key, a
 * host. At a start and after a change of the configuration nobody should have to wait for the next look.
 */
export async function wakeWaiting(
  projects: readonly Project[],
  { store, now }: { readonly store: JobStore; readonly now: Instant },
  options: CallOptions = {},
): Promise<void> {
  for (const project of projects) {
    for (const { agent, model } of project.agents) {
      await endOutage(store, { project: project.name, name: agentName({ agent, model }) }, now, options);
    }
    for await (const job of store.list({ project: project.name, phases: ['waiting'] }, options)) {
      if (await mayBeMended(job, store, options)) await wake(job, store, options);
    }
  }
}

async function mayBeMended({ id, wait }: Job, store: JobStore, options: CallOptions): Promise<boolean> {
  if (wait === null || !waitReasons[wait].isEndedByOperator) return false;
  if (!waitReasons[wait].isOutage) return true;
  let last: string | null = null;
  for await (const line of store.journal(id, 0, options)) {
    const entry = readEntry(line);
    if (entry.type === 'step-failed') last = entry.data.code;
    else if (entry.type === 'resumed' || entry.type === 'turn-ended') last = null;
  }
  return last !== 'RATE_LIMITED';
}

async function wake({ id }: Job, store: JobStore, options: CallOptions): Promise<void> {
  try {
    await store.signal(id, { type: 'wake', data: null }, options);
  } catch (error) {
    // It ended in the meantime.
    if (!BatonError.is(error, 'CONFLICT')) throw error;
  }
}
