import type { JobStore } from '@baton/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBaton } from '../../src/index.js';
import { findBrokenSeeds } from './broken-seeds.js';

/** More of them run with the slow tests. */
const seeds = 300;

describe('the engine under crashes, stalls and lost answers (G17)', () => {
  it(`keeps every promise in ${seeds} seeds`, { timeout: 300_000 }, async () => {
    expect(await findBrokenSeeds({ createBaton }, { last: seeds })).toEqual([]);
  });
});

describe('a planted bug is found', () => {
  afterEach(() => {
    vi.doUnmock('../../src/steps.js');
    vi.doUnmock('../../src/reduce.js');
    vi.resetModules();
  });

  it('a store that lets replaced workers write', { timeout: 120_000 }, async () => {
    const fences = new Map<string, number>();
    const wrapStore = (store: JobStore): JobStore => ({
      ...store,
      async claim(request, options) {
        const lease = await store.claim(request, options);
        if (lease) fences.set(lease.job.id, lease.fence);
        return lease;
      },
      confirm: async () => {},
      record: (lease, change, options) =>
        store.record({ ...lease, fence: fences.get(lease.job.id) ?? lease.fence }, change, options),
      signals: (lease, options) => store.signals({ ...lease, fence: fences.get(lease.job.id) ?? lease.fence }, options),
    });
    expect(await findBrokenSeeds({ createBaton, wrapStore }, { last: 300, enough: 1 })).not.toEqual([]);
  });

  it('a runner that forgets to look before it acts', { timeout: 120_000 }, async () => {
    vi.doMock('../../src/steps.js', async (original) => {
      const { steps } = await original<typeof import('../../src/steps.js')>();
      const blind = Object.values(steps).map((step) => [step.name, { ...step, find: async () => null }]);
      return { steps: Object.fromEntries(blind) };
    });
    vi.resetModules();
    const engine = await import('../../src/create-baton.js');
    expect(await findBrokenSeeds({ createBaton: engine.createBaton }, { last: 1_000, enough: 1 })).not.toEqual([]);
  });

  it('a fold that resets its counters', { timeout: 120_000 }, async () => {
    vi.doMock('../../src/reduce.js', async (original) => {
      const real = await original<typeof import('../../src/reduce.js')>();
      const reduce: typeof real.reduce = (job, entry, at) => {
        const next = real.reduce(job, entry, at);
        return entry.type === 'turn-started' ? { ...next, round: 0 } : next;
      };
      return { ...real, reduce };
    });
    vi.resetModules();
    const engine = await import('../../src/create-baton.js');
    expect(await findBrokenSeeds({ createBaton: engine.createBaton }, { last: 100, enough: 1 })).not.toEqual([]);
  });
});
