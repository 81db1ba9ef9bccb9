import { BatonError, type CallOptions, type Instant, type JobStore } from '@baton/core';
import { duePhases } from '../job/phases.js';
import type { Project } from '../project/project.js';

/**
 * Wakes each job of a project that is under way and not due before an instant that lies ahead: the clock was put back
 * since, and whoever was at work on it died.
 */
export async function wakeUnderWay(
  project: Project,
  { store, now }: { readonly store: JobStore; readonly now: Instant },
  options: CallOptions = {},
): Promise<void> {
  for await (const { id, wakeAt } of store.list({ project: project.name, phases: duePhases }, options)) {
    if (wakeAt <= now) continue;
    try {
      await store.signal(id, { type: 'wake', data: null }, options);
    } catch (error) {
      // It ended in the meantime.
      if (!BatonError.is(error, 'CONFLICT')) throw error;
    }
  }
}
