import { BatonError, type CallOptions, type Instant, type Job, type JobStore, type WaitReason } from '@baton/core';
import { agentName } from '../agents/agent-order.js';
import { endOutage } from '../agents/agent-outage.js';
import type { JobEntry } from '../job/entry.js';
import type { Project } from '../project/project.js';

/** Which waits an operator's change may end. The others end by a person's answer, or at an instant that somebody else named. */
const isJudgedAnew: Readonly<Record<WaitReason, boolean>> = {
  budget: true,
  unavailable: true,
  paused: true,
  retry: false,
  'usage-limit': false,
  'needs-person': false,
  blocked: false,
};

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
  if (wait === null || !isJudgedAnew[wait]) return false;
  if (wait !== 'unavailable') return true;
  let last: string | null = null;
  for await (const { type, data } of store.journal(id, 0, options)) {
    // Only the engine writes the journal, so its entries are what `JobEntry` says.
    const entry = { type, data } as unknown as JobEntry;
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
