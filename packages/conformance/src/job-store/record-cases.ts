import assert from 'node:assert/strict';
import type { JobState } from '@baton/core';
import { change, collect, type JobStoreCase, leaseMs, refuses, seed, take } from './rig.js';

/** The journal, and the state that goes with it. */
export const recordCases: readonly JobStoreCase[] = [
  {
    id: 'a-record-appends-and-changes-the-state-together',
    run: async ({ store, clock, reopen }) => {
      await store.join('w');
      const job = await seed(store, 'j1');
      const lease = await take(store, 'w');
      clock.advance(7);
      const state: JobState = {
        requestHash: 'changed',
        project: 'renamed',
        phase: 'waiting',
        outcome: null,
        wait: 'needs-person',
        attempt: 2,
        round: 3,
        priority: 4,
        wakeAt: clock.now() + 1,
        data: [{ a: 1.5 }, null],
      };
      const entries = [
        { type: 'asked', data: { question: 'which?' }, at: 5 },
        { type: 'parked', data: null, at: 6 },
      ];
      const recorded = await store.record(lease, { entries, state, consumed: [] });
      assert.deepEqual(recorded.job, { ...job, ...state, updatedAt: clock.now() });
      assert.equal(recorded.fence, lease.fence);
      const other = await reopen();
      assert.deepEqual(await other.get('j1'), recorded.job);
      assert.deepEqual(await collect(other.journal('j1', 0)), [
        { seq: 1, ...entries[0] },
        { seq: 2, ...entries[1] },
      ]);
    },
  },
  {
    id: 'the-lease-given-back-goes-on-where-the-first-one-did',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      const first = await take(store, 'w');
      const second = await store.record(first, change(first.job));
      await store.confirm(second, leaseMs);
      await store.record(first, change(first.job));
      await store.record(second, change(second.job));
      assert.equal((await collect(store.journal('j1', 0))).length, 3);
    },
  },
  {
    id: 'entries-are-numbered-from-1-without-gaps-over-all-claims-of-a-job',
    run: async ({ store, reopen }) => {
      const other = await reopen();
      await store.join('w');
      await other.join('v');
      await seed(store, 'j1');
      await seed(store, 'j2');
      const beside = await take(store, 'w', { byProject: { web: 1 } });
      for (let index = 0; index < 6; index += 1) {
        const [by, name] = index % 2 === 0 ? ([store, 'w'] as const) : ([other, 'v'] as const);
        const lease = await take(by, name);
        await by.record(lease, change(lease.job));
        await by.record(lease, { ...change(lease.job), entries: [] });
        await store.record(beside, change(beside.job));
        await by.release(lease);
      }
      for (const id of ['j1', 'j2']) {
        const entries = await collect(store.journal(id, 0));
        assert.deepEqual(
          entries.map(({ seq }) => seq),
          [1, 2, 3, 4, 5, 6],
        );
      }
    },
  },
  {
    id: 'a-journal-is-read-from-after-an-entry-oldest-first',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      const entries = Array.from({ length: 1_500 }, (_, index) => ({ type: 'noted', data: index + 1, at: 1 }));
      await store.record(lease, { ...change(lease.job), entries });
      const all = await collect(store.journal('j1', 0));
      assert.deepEqual(
        all.map(({ data }) => data),
        entries.map(({ data }) => data),
      );
      assert.deepEqual(
        (await collect(store.journal('j1', 1_498))).map(({ seq }) => seq),
        [1_499, 1_500],
      );
      assert.deepEqual(await collect(store.journal('j1', 1_500)), []);
      assert.deepEqual(await collect(store.journal('j2', 0)), []);
    },
  },
  {
    id: 'a-journal-can-be-left-half-read',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      await store.record(lease, {
        ...change(lease.job),
        entries: [1, 2, 3].map((data) => ({ type: 'n', data, at: 1 })),
      });
      for await (const entry of store.journal('j1', 0)) {
        assert.equal(entry.seq, 1);
        break;
      }
      await store.record(lease, change(lease.job));
      assert.equal((await collect(store.journal('j1', 3))).length, 1);
    },
  },
  {
    id: 'round-and-attempt-are-what-was-recorded-and-nothing-else',
    run: async ({ store, clock, kill }) => {
      await store.join('w');
      await store.join('v');
      await seed(store, 'j1');
      const first = await take(store, 'w');
      await store.record(first, change(first.job, { round: 4, attempt: 2 }));
      clock.advance(leaseMs);
      const second = await take(store, 'v');
      assert.deepEqual([second.job.round, second.job.attempt], [4, 2]);
      await store.signal('j1', { type: 'wake', data: null });
      await kill('v');
      const third = await take(store, 'w');
      assert.deepEqual([third.job.round, third.job.attempt], [4, 2]);
    },
  },
  {
    id: 'an-ended-job-stays-as-it-ended',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      const ended = await store.record(lease, change(lease.job, { phase: 'failed', outcome: 'stalled' }));
      await refuses('CONFLICT', store.record(ended, change(lease.job, { phase: 'working' })));
      await refuses('CONFLICT', store.record(ended, change(ended.job)));
      assert.deepEqual(await store.get('j1'), ended.job);
      assert.equal((await collect(store.journal('j1', 0))).length, 1);
    },
  },
];
