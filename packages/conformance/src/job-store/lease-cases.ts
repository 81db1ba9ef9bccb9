import assert from 'node:assert/strict';
import type { JobLease, JobStore } from '@baton/core';
import { change, claimAs, collect, type JobStoreCase, leaseMs, refuses, seed, take } from './rig.js';

async function isFencedOut(store: JobStore, lease: JobLease): Promise<void> {
  const spend = { scope: 'project/web', period: 'all', unit: 'tokens' } as const;
  const before = await store.get(lease.job.id);
  const entries = await collect(store.journal(lease.job.id, 0));
  const error = await refuses('LEASE_LOST', store.confirm(lease, leaseMs));
  assert.deepEqual(error.details, { job: lease.job.id, fence: lease.fence });
  await refuses('LEASE_LOST', store.record(lease, change(lease.job, { round: 99, phase: 'done', outcome: 'merged' })));
  await refuses('LEASE_LOST', store.signals(lease));
  await refuses('LEASE_LOST', store.reserve(lease, { id: 'late', amounts: [{ ...spend, amount: 1, cap: 9 }] }));
  const settled = [{ id: 'late', actual: [{ ...spend, amount: 1 }] }];
  await refuses('LEASE_LOST', store.record(lease, { ...change(lease.job), settled }));
  assert.deepEqual(await store.get(lease.job.id), before);
  assert.deepEqual(await collect(store.journal(lease.job.id, 0)), entries);
  assert.equal(await store.spent(spend), 0);
}

/** Who holds a job, and for how long. */
export const leaseCases: readonly JobStoreCase[] = [
  {
    id: 'a-lease-holds-until-its-time-is-over',
    run: async ({ store, clock }) => {
      await store.join('w');
      await store.join('v');
      await seed(store, 'j1');
      const first = await take(store, 'w');
      clock.advance(leaseMs - 1);
      assert.equal(await store.claim(claimAs('v')), null);
      clock.advance(1);
      const second = await take(store, 'v');
      assert.ok(second.fence > first.fence, 'the fence grows with every claim');
    },
  },
  {
    id: 'confirming-prolongs-a-lease-from-now',
    run: async ({ store, clock }) => {
      await store.join('w');
      await store.join('v');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      for (let index = 0; index < 3; index += 1) {
        clock.advance(leaseMs - 1);
        await store.confirm(lease, leaseMs);
      }
      clock.advance(leaseMs - 1);
      assert.equal(await store.claim(claimAs('v')), null);
      await store.confirm(lease, 5);
      clock.advance(5);
      await take(store, 'v');
    },
  },
  {
    // Safe: the fence stands as it was, so that nobody else can have acted in between.
    id: 'a-lease-that-ran-out-but-that-nobody-else-claimed-still-holds',
    run: async ({ store, clock }) => {
      await store.join('w');
      await store.join('v');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      clock.advance(leaseMs * 10);
      const recorded = await store.record(lease, change(lease.job, { round: 1 }));
      assert.equal(recorded.job.round, 1);
      await store.confirm(lease, leaseMs);
      assert.equal(await store.claim(claimAs('v')), null);
    },
  },
  {
    id: 'the-late-worker-is-fenced-out-and-changes-nothing',
    run: async ({ store, clock, reopen }) => {
      const other = await reopen();
      await store.join('w');
      await other.join('v');
      await seed(store, 'j1');
      const late = await take(store, 'w');
      await store.record(late, change(late.job, { round: 1 }));
      clock.advance(leaseMs);
      const next = await take(other, 'v');
      assert.equal(next.job.round, 1);
      await isFencedOut(store, late);
      await store.release(late);
      assert.equal(await store.claim(claimAs('w')), null, 'a late release lets nothing go');
      await other.record(next, change(next.job, { round: 2 }));
      assert.equal((await store.get('j1'))?.round, 2);
    },
  },
  {
    // It may have slept through the lease with its machine, and goes on.
    id: 'a-living-worker-is-never-given-the-job-that-it-holds',
    run: async ({ store, clock, reopen }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      for (const sleep of [() => clock.advance(leaseMs * 10), () => clock.jump(leaseMs * 10)]) {
        sleep();
        assert.equal(await store.claim(claimAs('w')), null);
        assert.equal(await store.claim({ ...claimAs('w'), job: 'j1' }), null, 'nor where it asks for it');
        assert.equal(await (await reopen()).get('j1').then((job) => job?.id), 'j1');
      }
      const recorded = await store.record(lease, change(lease.job, { round: 1 }));
      assert.equal(recorded.fence, lease.fence);
      await store.confirm(lease, leaseMs);
      await store.release(lease);
      const again = await take(store, 'w');
      assert.ok(again.fence > lease.fence, 'once it let the job go');
    },
  },
  {
    id: 'what-a-worker-holds-past-its-time-counts-in-its-own-caps-and-not-in-those-of-others',
    run: async ({ store, clock }) => {
      await store.join('w');
      await store.join('v');
      for (const id of ['j1', 'j2', 'j3']) await seed(store, id);
      const caps = { total: 1, byProject: { web: 1 } };
      await take(store, 'w', caps);
      clock.advance(leaseMs);
      assert.equal(await store.claim(claimAs('w', caps)), null, 'the total');
      assert.equal(await store.claim(claimAs('w', { total: 9, byProject: { web: 1 } })), null, 'the project');
      assert.equal(await store.claim(claimAs('w', { worker: 1 })), null, 'its slots');
      assert.equal((await take(store, 'v', caps)).job.id, 'j1');
    },
  },
  {
    id: 'a-worker-that-lost-its-job-to-another-can-claim-it-again',
    run: async ({ store, clock }) => {
      await store.join('w');
      await store.join('v');
      await seed(store, 'j1');
      const late = await take(store, 'w');
      clock.advance(leaseMs);
      await take(store, 'v');
      await isFencedOut(store, late);
      clock.advance(leaseMs);
      const next = await take(store, 'w');
      assert.ok(next.fence > late.fence);
      await isFencedOut(store, late);
      await store.confirm(next, leaseMs);
    },
  },
  {
    id: 'a-released-job-is-free-at-once-and-its-lease-is-lost',
    run: async ({ store }) => {
      await store.join('w');
      await store.join('v');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      await store.release(lease);
      await isFencedOut(store, lease);
      const next = await take(store, 'v');
      assert.ok(next.fence > lease.fence);
      await store.release(lease);
      await store.confirm(next, leaseMs);
    },
  },
  {
    id: 'a-released-job-waits-for-its-instant',
    run: async ({ store, clock }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      const asleep = await store.record(lease, change(lease.job, { wakeAt: clock.now() + 10 }));
      await store.release(asleep);
      assert.equal(await store.claim(claimAs('w')), null);
      clock.advance(10);
      await take(store, 'w');
    },
  },
  {
    id: 'leases-of-the-dead-are-free-at-once',
    run: async ({ store, reopen, kill }) => {
      const other = await reopen();
      await store.join('w');
      await other.join('v');
      await seed(store, 'j1');
      await seed(store, 'j2');
      const lost = await take(other, 'v');
      await take(store, 'w');
      assert.equal(await store.claim(claimAs('w')), null);
      await kill('v');
      const found = await take(store, 'w');
      assert.equal(found.job.id, lost.job.id);
      assert.ok(found.fence > lost.fence);
      await isFencedOut(other, lost);
    },
  },
  {
    id: 'leaving-lets-go-of-what-is-still-held',
    run: async ({ store, reopen }) => {
      const other = await reopen();
      await store.join('w');
      const stay = await other.join('v');
      await seed(store, 'j1');
      const held = await take(other, 'v');
      await stay[Symbol.asyncDispose]();
      await isFencedOut(other, held);
      await take(store, 'w');
      await stay[Symbol.asyncDispose]();
    },
  },
  {
    id: 'a-name-that-is-at-work-cannot-join',
    run: async ({ store, reopen, kill }) => {
      const other = await reopen();
      await store.join('w');
      await refuses('CONFLICT', store.join('w'));
      await refuses('CONFLICT', other.join('w'));
      await kill('w');
      const stay = await other.join('w');
      await stay[Symbol.asyncDispose]();
      await other.join('w');
    },
  },
  {
    id: 'a-new-worker-of-an-old-name-inherits-nothing',
    run: async ({ store, reopen, kill }) => {
      const other = await reopen();
      const dead = await store.join('w');
      await seed(store, 'j1');
      const lost = await take(store, 'w');
      await kill('w');
      await other.join('w');
      const found = await take(other, 'w');
      assert.ok(found.fence > lost.fence);
      await dead[Symbol.asyncDispose]();
      await other.confirm(found, leaseMs);
      await seed(store, 'j2');
      await take(other, 'w');
    },
  },
];
