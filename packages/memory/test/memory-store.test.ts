import { createManualClock, jobStoreContract, type ManualClock } from '@baton/conformance';
import type { Runtime } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../src/index.js';

function runtimeOf(clock: ManualClock): Runtime {
  let last = 0;
  return {
    clock,
    random: () => 0.5,
    id: (kind) => {
      last += 1;
      return `${kind.slice(0, 1)}${last.toString(36).padStart(6, '0')}`;
    },
  };
}

describe('memory store', () => {
  jobStoreContract(it, async () => {
    const clock = createManualClock();
    const store = createMemoryStore({ runtime: runtimeOf(clock) });
    return {
      store,
      clock,
      reopen: async () => store,
      kill: async (worker) => store.crash(worker),
      dispose: async () => {},
    };
  });

  it('freezes what it gives, all the way down', async () => {
    const store = createMemoryStore({ runtime: runtimeOf(createManualClock()) });
    const given = {
      project: 'web',
      issueKey: 'A-1',
      issueCreatedAt: 0,
      branch: 'baton/a-1',
      requestHash: 'i',
      priority: null,
    };
    const data = { deep: [{ down: 1 }] };
    const { job } = await store.enqueue({ id: 'j1', supersedes: null, dedupeKey: 'k', ...given, data });
    const frozen = [job, job.data, Object(job.data).deep, Object(job.data).deep[0]].map((each) =>
      Object.isFrozen(each),
    );
    expect(frozen).toEqual([true, true, true, true]);
    expect(Object.isFrozen(data)).toBe(false);
  });
});
