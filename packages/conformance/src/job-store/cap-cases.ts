import assert from 'node:assert/strict';
import type { ClaimCaps } from '@baton/core';
import { claimAs, collect, end, type JobStoreCase, leaseMs, seed, take } from './rig.js';

/** How many jobs are held at once, and whose turn it is where one more may be. */
export const capCases: readonly JobStoreCase[] = [
  {
    id: 'a-full-project-leaves-the-turn-to-the-next',
    run: async ({ store }) => {
      await store.join('w');
      for (const id of ['w1', 'w2', 'w3']) await seed(store, id);
      for (const id of ['a1', 'a2']) await seed(store, id, { project: 'api' });
      const caps = { total: 10, byProject: { web: 1, api: 2 } };
      const leases = [await take(store, 'w', caps), await take(store, 'w', caps), await take(store, 'w', caps)];
      assert.deepEqual(leases.map(({ job }) => job.id).sort(), ['a1', 'a2', 'w1']);
      assert.equal(await store.claim(claimAs('w', caps)), null);
      for (const lease of leases) if (lease.job.project === 'web') await end(store, lease);
      assert.equal((await take(store, 'w', caps)).job.id, 'w2');
    },
  },
  {
    id: 'the-total-counts-every-project-and-worker',
    run: async ({ store, reopen }) => {
      const other = await reopen();
      await store.join('w');
      await other.join('v');
      await seed(store, 'a1', { project: 'api' });
      await seed(store, 'w1');
      await seed(store, 'w2');
      await take(store, 'w', { total: 2 });
      await take(other, 'v', { total: 2, byProject: { web: 2 } });
      assert.equal(await store.claim(claimAs('w', { total: 2, byProject: { web: 2 } })), null);
      assert.equal(await store.claim(claimAs('w', { total: 0 })), null);
      await take(store, 'w', { total: 3, byProject: { web: 2 } });
    },
  },
  {
    id: 'the-slots-of-a-worker-are-its-own',
    run: async ({ store, reopen }) => {
      const other = await reopen();
      await store.join('w');
      await other.join('v');
      for (const id of ['j1', 'j2', 'j3']) await seed(store, id);
      await seed(store, 'j4', { project: 'api' });
      const first = await take(store, 'w', { worker: 1 });
      assert.equal(await store.claim(claimAs('w', { worker: 1 })), null, 'a second of one project');
      await take(other, 'v', { worker: 1 });
      assert.equal(await other.claim(claimAs('v', { worker: 1 })), null, 'over all projects');
      await take(store, 'w', { worker: 2 });
      assert.equal(await store.claim(claimAs('w', { worker: 2 })), null);
      await store.release(first);
      assert.equal(await other.claim(claimAs('v', { worker: 1 })), null, 'what another let go');
      await take(store, 'w', { worker: 2 });
      assert.equal(await store.claim(claimAs('w', { worker: 0 })), null);
    },
  },
  {
    id: 'each-cap-that-is-given-counts-and-none-that-is-not',
    run: async ({ store }) => {
      await store.join('w');
      await store.join('v');
      for (const id of ['j1', 'j2', 'j3', 'j4']) await seed(store, id);
      const project = { web: null };
      const claim = (worker: string, caps: Omit<ClaimCaps, 'byProject'>) =>
        store.claim({ worker, leaseMs, caps: { byProject: project, ...caps } });
      assert.ok(await claim('w', { worker: 1, total: 1 }));
      assert.equal(await claim('v', { worker: 1, total: 1 }), null, 'the total');
      assert.ok(await claim('v', { worker: 1, total: 2 }));
      assert.equal(await claim('v', { worker: 1, total: 9 }), null, 'the worker');
      assert.ok(await claim('v', { worker: 2 }));
      assert.equal(await claim('v', { total: 3 }), null, 'the total alone');
      assert.ok(await claim('v', {}));
    },
  },
  {
    id: 'leases-that-ran-out-or-whose-worker-died-are-not-counted',
    run: async ({ store, clock, kill }) => {
      await store.join('w');
      await store.join('v');
      for (const id of ['j1', 'j2', 'j3', 'j4']) await seed(store, id);
      const caps = { total: 1, byProject: { web: 1 } };
      await take(store, 'w', caps);
      assert.equal(await store.claim(claimAs('v', caps)), null);
      clock.advance(leaseMs);
      await take(store, 'v', caps);
      assert.equal(await store.claim(claimAs('w', caps)), null);
      await kill('v');
      await take(store, 'w', caps);
    },
  },
  {
    id: 'eight-claims-at-once-never-pass-a-cap-nor-share-a-job',
    run: async ({ store, reopen }) => {
      const other = await reopen();
      await store.join('w');
      await other.join('v');
      for (let index = 0; index < 8; index += 1) {
        await seed(store, `w${index}`);
        await seed(store, `a${index}`, { project: 'api' });
      }
      const caps = { total: 5, byProject: { web: 2, api: 4 } };
      const claims = Array.from({ length: 8 }, (_, index) =>
        index % 2 === 0 ? store.claim(claimAs('w', caps)) : other.claim(claimAs('v', caps)),
      );
      const got = (await Promise.all(claims)).filter((each) => each !== null).map(({ job }) => job);
      assert.equal(got.length, 5);
      assert.equal(new Set(got.map((job) => job.id)).size, 5);
      assert.equal(got.filter((job) => job.project === 'web').length, 2);
      assert.equal((await collect(store.list({}))).length, 16);
    },
  },
];
