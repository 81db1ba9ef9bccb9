import assert from 'node:assert/strict';
import { change, claimAs, type JobStoreCase, leaseMs, refuses, seed, take } from './rig.js';

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
