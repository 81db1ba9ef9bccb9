import assert from 'node:assert/strict';
import type { ClaimCaps } from '@baton/core';
import { change, claimAs, collect, end, type JobStoreCase, leaseMs, refuses, seed, take } from './rig.js';

/** Which job a claim gets, and when it gets none. */
export const claimCases: readonly JobStoreCase[] = [
  {
    id: 'a-claim-gets-the-job-and-none-is-left',
    run: async ({ store }) => {
      await store.join('w');
      assert.equal(await store.claim(claimAs('w')), null);
      const job = await seed(store, 'j1');
      const lease = await take(store, 'w');
      assert.deepEqual(lease.job, job);
      assert.equal(await store.claim(claimAs('w')), null);
    },
  },
  {
    id: 'two-connections-race-for-one-job-and-one-wins',
    run: async ({ store, reopen }) => {
      const other = await reopen();
      await store.join('a');
      await other.join('b');
      for (let index = 0; index < 10; index += 1) {
        await seed(store, `j${index}`);
        const got = await Promise.all([store.claim(claimAs('a')), other.claim(claimAs('b'))]);
        assert.equal(got.filter((each) => each !== null).length, 1, `race ${index}`);
      }
    },
  },
  {
    id: 'nothing-is-claimed-before-its-instant',
    run: async ({ store, clock }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      const wakeAt = clock.now() + 5_000;
      await store.release(await store.record(lease, change(lease.job, { phase: 'waiting', wait: 'retry', wakeAt })));
      assert.equal(await store.claim(claimAs('w')), null);
      clock.advance(4_999);
      assert.equal(await store.claim(claimAs('w')), null);
      clock.advance(1);
      assert.equal((await take(store, 'w')).job.id, 'j1');
    },
  },
  {
    id: 'a-clock-put-back-makes-due-jobs-wait-again',
    run: async ({ store, clock }) => {
      await store.join('w');
      await seed(store, 'j1');
      await seed(store, 'j2', { project: 'api' });
      const first = await take(store, 'w', { byProject: { web: 1 } });
      await store.release(await store.record(first, change(first.job, { wakeAt: clock.now() + 1_000 })));
      clock.advance(2_000);
      await store.release(await take(store, 'w', { byProject: { api: 1 } }));
      clock.jump(-3_000);
      assert.equal(await store.claim(claimAs('w')), null);
      clock.jump(3_000);
      await take(store, 'w', { byProject: { web: 1 } });
    },
  },
  {
    id: 'an-ended-job-is-never-claimed',
    run: async ({ store, clock }) => {
      await store.join('w');
      for (const [phase, outcome] of [
        ['done', 'merged'],
        ['failed', 'timed-out'],
        ['cancelled', 'cancelled'],
      ] as const) {
        await seed(store, phase);
        const lease = await take(store, 'w');
        await store.release(await store.record(lease, change(lease.job, { phase, outcome })));
        clock.advance(leaseMs);
        assert.equal(await store.claim(claimAs('w')), null, phase);
      }
    },
  },
  {
    id: 'a-job-that-ended-but-was-not-released-is-never-claimed',
    run: async ({ store, clock, kill }) => {
      await store.join('w');
      await store.join('v');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      await store.record(lease, change(lease.job, { phase: 'done', outcome: 'merged' }));
      clock.advance(leaseMs);
      assert.equal(await store.claim(claimAs('v')), null);
      await kill('w');
      assert.equal(await store.claim(claimAs('v')), null);
    },
  },
  {
    id: 'lower-priority-first-none-last-then-the-older-issue',
    run: async ({ store }) => {
      await store.join('w');
      const jobs = {
        later: { priority: null, issueCreatedAt: 9 },
        alsoSecond: { priority: 2, issueCreatedAt: 7.5 },
        second: { priority: 2, issueCreatedAt: 3 },
        first: { priority: 1, issueCreatedAt: 8 },
        zero: { priority: 0, issueCreatedAt: 6 },
        minus: { priority: -1.5, issueCreatedAt: 5 },
        late: { priority: null, issueCreatedAt: 4 },
      };
      for (const [id, over] of Object.entries(jobs)) await seed(store, id, over);
      const order: string[] = [];
      for (const _ of Object.keys(jobs)) order.push((await take(store, 'w')).job.id);
      assert.deepEqual(order, ['minus', 'zero', 'first', 'second', 'alsoSecond', 'late', 'later']);
    },
  },
  {
    id: 'jobs-of-one-instant-go-in-the-order-they-came',
    run: async ({ store }) => {
      await store.join('w');
      for (const id of ['j3', 'j1', 'j2']) await seed(store, id);
      const order = [await take(store, 'w'), await take(store, 'w'), await take(store, 'w')];
      assert.deepEqual(
        order.map(({ job }) => job.id),
        ['j3', 'j1', 'j2'],
      );
    },
  },
  {
    id: 'age-is-the-issue’s-and-not-when-its-job-came',
    run: async ({ store, clock }) => {
      await store.join('w');
      await seed(store, 'j1', { issueCreatedAt: clock.now() + leaseMs });
      clock.advance(10);
      await seed(store, 'j2', { issueCreatedAt: 20 });
      clock.jump(-20);
      await seed(store, 'j3', { issueCreatedAt: -10 });
      clock.jump(20);
      const order = [await take(store, 'w'), await take(store, 'w'), await take(store, 'w')];
      assert.deepEqual(
        order.map(({ job }) => job.id),
        ['j3', 'j2', 'j1'],
      );
    },
  },
  {
    id: 'a-job-whose-lease-ran-out-stands-where-it-stood-in-the-order',
    run: async ({ store, clock }) => {
      await store.join('w');
      await store.join('v');
      for (const priority of [2, 4]) await seed(store, `j${priority}`, { priority });
      await take(store, 'w');
      await take(store, 'w');
      for (const priority of [1, 3, 5]) await seed(store, `j${priority}`, { priority });
      clock.advance(leaseMs);
      const order: string[] = [];
      for (let index = 0; index < 5; index += 1) order.push((await take(store, 'v')).job.id);
      assert.deepEqual(order, ['j1', 'j2', 'j3', 'j4', 'j5']);
    },
  },
  {
    id: 'a-priority-set-by-a-record-counts',
    run: async ({ store }) => {
      await store.join('w');
      for (const id of ['j1', 'j2', 'j3']) await seed(store, id, { priority: 5 });
      const lease = await take(store, 'w');
      await store.release(await store.record(lease, change(lease.job, { priority: 9 })));
      const order = [await take(store, 'w'), await take(store, 'w'), await take(store, 'w')];
      assert.deepEqual(
        order.map(({ job }) => job.id),
        ['j2', 'j3', 'j1'],
      );
    },
  },
  {
    id: 'projects-take-turns-whatever-their-priorities',
    run: async ({ store, reopen }) => {
      const other = await reopen();
      await store.join('w');
      await other.join('v');
      for (let index = 0; index < 6; index += 1) await seed(store, `web${index}`, { priority: 0 });
      for (let index = 0; index < 2; index += 1) await seed(store, `api${index}`, { project: 'api' });
      for (let index = 0; index < 2; index += 1) await seed(store, `docs${index}`, { project: 'docs', priority: 1 });
      const order: string[] = [];
      for (let index = 0; index < 10; index += 1) {
        const lease = await take(index % 2 === 0 ? store : other, index % 2 === 0 ? 'w' : 'v');
        order.push(lease.job.project);
      }
      assert.deepEqual(order, ['api', 'docs', 'web', 'api', 'docs', 'web', 'web', 'web', 'web', 'web']);
    },
  },
  {
    id: 'a-claim-of-one-job-gets-that-job-or-none',
    run: async ({ store, clock }) => {
      await store.join('w');
      await store.join('v');
      await seed(store, 'first', { priority: 0 });
      await seed(store, 'asked');
      const asked = (worker: string) => store.claim({ ...claimAs(worker), job: 'asked' });
      assert.equal((await asked('v'))?.job.id, 'asked');
      assert.equal(await asked('w'), null, 'held');
      clock.advance(leaseMs);
      assert.equal((await asked('w'))?.job.id, 'asked', 'run out');
      assert.equal(await store.claim({ ...claimAs('w', { byProject: {} }), job: 'first' }), null, 'capped');
      assert.equal(await store.claim({ ...claimAs('w'), job: 'nobody' }), null);
    },
  },
  {
    id: 'a-project-that-was-idle-goes-before-the-one-served-last',
    run: async ({ store }) => {
      await store.join('w');
      for (let index = 0; index < 4; index += 1) await seed(store, `web${index}`);
      await seed(store, 'api0', { project: 'api' });
      assert.equal((await take(store, 'w')).job.project, 'api');
      assert.equal((await take(store, 'w')).job.project, 'web');
      assert.equal((await take(store, 'w')).job.project, 'web');
      await seed(store, 'api1', { project: 'api' });
      assert.equal((await take(store, 'w')).job.project, 'api');
    },
  },
  {
    id: 'a-project-that-is-not-named-is-not-claimed-from',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1', { project: 'constructor' });
      await seed(store, 'j2', { project: 'web' });
      assert.equal((await take(store, 'w', { byProject: { web: 5 } })).job.id, 'j2');
      assert.equal(await store.claim(claimAs('w', { byProject: { web: 5 } })), null);
      assert.equal(await store.claim(claimAs('w', { byProject: {} })), null);
    },
  },
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
  {
    id: 'whoever-has-not-joined-claims-nothing',
    run: async ({ store, kill }) => {
      await seed(store, 'j1');
      await refuses('INTERNAL', store.claim(claimAs('stranger')));
      await (await store.join('w'))[Symbol.asyncDispose]();
      await refuses('INTERNAL', store.claim(claimAs('w')));
      await store.join('v');
      await kill('v');
      await refuses('INTERNAL', store.claim(claimAs('v')));
    },
  },
];
