import { createSecrets } from '@baton/adapter-kit';
import { createManualClock, jobStoreContract, type ManualClock } from '@baton/conformance';
import type { JobStore, JsonValue, Runtime } from '@baton/core';
import { createMemoryStore } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { createMaskedStore } from '../../src/wire/masked-store.js';

const canary = 'ghp_canary"42/of\nthe daemon';

function runtimeOf(clock: ManualClock): Runtime {
  let last = 0;
  return { clock, random: () => 0.5, id: (kind) => `${kind.slice(0, 1)}${++last}` };
}

function mask(): (text: string) => string {
  const secrets = createSecrets({ CANARY: canary });
  secrets.read('CANARY');
  return secrets.mask;
}

describe('a store behind a mask', () => {
  jobStoreContract(it, async () => {
    const clock = createManualClock();
    const inner = createMemoryStore({ runtime: runtimeOf(clock) });
    const store = createMaskedStore(inner, mask());
    return {
      store,
      clock,
      reopen: async () => store,
      kill: async (worker) => inner.crash(worker),
      dispose: async () => {},
    };
  });

  /** A secret in every text that the contract lets somebody write, its names too. */
  const said: JsonValue = { [canary]: [`a ${canary} b`, { deep: canary }, 7, null, true] };

  it.each<readonly [string, (store: JobStore) => Promise<unknown>]>([
    ['the data of a job', async (store) => (await seed(store)).data],
    [
      'an entry of the journal, and the state that it leads to',
      async (store) => {
        await store.join('w');
        const { id } = await seed(store);
        const lease = await store.claim({ worker: 'w', leaseMs: 60_000, caps: { total: 1, byProject: { web: 1 } } });
        if (lease === null) expect.unreachable();
        const { requestHash, project, phase, outcome, wait, attempt, round, priority, wakeAt } = lease.job;
        const state = { requestHash, project, phase, outcome, wait, attempt, round, priority, wakeAt, data: said };
        const recorded = await store.record(lease, {
          entries: [{ type: 't', data: said, at: 0 }],
          state,
          consumed: [],
        });
        return [recorded.job.data, await Array.fromAsync(store.journal(id, 0))];
      },
    ],
    [
      'a signal',
      async (store) => {
        const { id } = await seed(store);
        await store.signal(id, { type: 'steer', data: said });
        return store.pendingSignals(id);
      },
    ],
    [
      'a setting',
      async (store) => {
        await store.writeFact('key', said, null);
        return store.readFact('key');
      },
    ],
  ])('keeps no secret in %s', async (_, write) => {
    const inner = createMemoryStore({ runtime: runtimeOf(createManualClock()) });
    const kept = JSON.stringify(await write(createMaskedStore(inner, mask())));
    expect(kept).not.toContain('canary');
    expect(kept).toContain('{"[CANARY]":["a [CANARY] b",{"deep":"[CANARY]"},7,null,true]}');
  });

  async function seed(store: JobStore) {
    const names = { id: 'j1', dedupeKey: 'k', project: 'web', issueKey: 'A-1', branch: 'baton/a-1', requestHash: 'i' };
    const request = { ...names, issueCreatedAt: 0, supersedes: null, priority: null, data: said };
    return (await store.enqueue(request)).job;
  }
});
