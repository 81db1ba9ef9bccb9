import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, type JobStoreRig } from '@baton/conformance';
import type { JobStore } from '@baton/core';
import { createStoreWith, type Seams } from '../src/sqlite-store.js';
import type { WorkerLock } from '../src/worker-lock.js';
import { createTestRuntime } from './runtime.js';

/** A rig whose store stands in a directory of its own. */
export interface SqliteRig extends JobStoreRig {
  readonly directory: string;
  readonly path: string;
  open(seams?: Seams): JobStore;
}

/** Makes a rig. Workers are killed by letting go of their locks and of nothing else, as the kernel does. */
export async function createSqliteRig(first: Seams = {}): Promise<SqliteRig> {
  const directory = await mkdtemp(join(tmpdir(), 'baton-sqlite-'));
  const path = join(directory, 'state', 'store.db');
  const clock = createManualClock();
  const runtime = createTestRuntime(clock);
  const stores: JobStore[] = [];
  const joined = new Map<string, WorkerLock>();
  const open = (seams: Seams = {}): JobStore => {
    let last: WorkerLock | null = null;
    const store = createStoreWith(
      { path, runtime },
      {
        ...seams,
        wrapLocks: (locks) => ({
          ...locks,
          hold: (stay) => {
            last = locks.hold(stay);
            return last;
          },
        }),
      },
    );
    stores.push(store);
    return {
      ...store,
      join: async (worker, call) => {
        const stay = await store.join(worker, call);
        if (last) joined.set(worker, last);
        return stay;
      },
    };
  };
  return {
    directory,
    path,
    clock,
    open,
    store: open(first),
    reopen: async () => open(),
    kill: async (worker) => joined.get(worker)?.close(),
    dispose: async () => {
      for (const store of stores) await store.close?.();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
