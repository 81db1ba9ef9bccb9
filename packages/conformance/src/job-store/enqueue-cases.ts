import assert from 'node:assert/strict';
import { collect, end, type JobStoreCase, refuses, request, seed, take } from './rig.js';

/** What becomes of jobs that are handed in. */
export const enqueueCases: readonly JobStoreCase[] = [
  {
    id: 'a-new-job-is-queued-and-due-now',
    run: async ({ store, clock }) => {
      const now = clock.now();
      const { supersedes, ...given } = request('j1', { priority: 2, data: { list: [1, null, 'ü', { deep: true }] } });
      const { job, created } = await store.enqueue({ ...given, supersedes });
      const begun = { phase: 'queued', outcome: null, wait: null, attempt: 1, round: 0, wakeAt: now };
      assert.equal(created, true);
      assert.deepEqual(job, { ...given, ...begun, createdAt: now, sequence: job.sequence, updatedAt: now });
      assert.deepEqual(await store.get('j1'), job);
    },
  },
  {
    id: 'a-job-is-there-for-another-process',
    run: async ({ store, reopen }) => {
      const job = await seed(store, 'j1');
      assert.deepEqual(await (await reopen()).get('j1'), job);
      assert.equal(await store.get('j2'), null);
    },
  },
  {
    id: 'the-newest-job-of-the-key-comes-back-instead-of-a-second-one',
    run: async ({ store }) => {
      const first = await seed(store, 'j1', { dedupeKey: 'k' });
      const again = await store.enqueue(request('j2', { dedupeKey: 'k', requestHash: 'changed' }));
      assert.deepEqual(again, { job: first, created: false });
      assert.equal(await store.get('j2'), null);
    },
  },
  {
    id: 'an-ended-job-comes-back-where-none-was-expected',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1', { dedupeKey: 'k' });
      await end(store, await take(store, 'w'));
      const again = await store.enqueue(request('j2', { dedupeKey: 'k' }));
      assert.equal(again.created, false);
      assert.equal(again.job.id, 'j1');
      assert.equal(again.job.outcome, 'merged');
    },
  },
  {
    id: 'an-ended-job-is-followed-by-the-one-that-supersedes-it',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1', { dedupeKey: 'k' });
      await end(store, await take(store, 'w'));
      const second = await seed(store, 'j2', { dedupeKey: 'k', supersedes: 'j1' });
      assert.equal(second.round, 0);
      assert.equal((await store.get('j1'))?.phase, 'done');
      const stale = await store.enqueue(request('j3', { dedupeKey: 'k', supersedes: 'j1' }));
      assert.deepEqual(stale, { job: second, created: false }, 'j1 is not the newest any more');
    },
  },
  {
    id: 'a-job-that-has-not-ended-is-not-followed',
    run: async ({ store }) => {
      const first = await seed(store, 'j1', { dedupeKey: 'k' });
      const second = await store.enqueue(request('j2', { dedupeKey: 'k', supersedes: 'j1' }));
      assert.deepEqual(second, { job: first, created: false });
    },
  },
  {
    id: 'the-same-request-again-creates-nothing',
    run: async ({ store }) => {
      await store.join('w');
      const wanted = request('j1', { dedupeKey: 'k' });
      assert.equal((await store.enqueue(wanted)).created, true);
      assert.equal((await store.enqueue(wanted)).created, false);
      await end(store, await take(store, 'w'));
      const next = request('j2', { dedupeKey: 'k', supersedes: 'j1' });
      assert.equal((await store.enqueue(next)).created, true);
      const repeated = await store.enqueue(next);
      assert.deepEqual([repeated.created, repeated.job.id], [false, 'j2']);
      assert.equal((await collect(store.list({ dedupeKey: 'k' }))).length, 2);
    },
  },
  {
    id: 'a-job-that-is-not-there-cannot-be-followed',
    run: async ({ store }) => {
      await refuses('NOT_FOUND', store.enqueue(request('j2', { dedupeKey: 'k', supersedes: 'j1' })));
      assert.equal(await store.get('j2'), null);
    },
  },
  {
    id: 'an-id-is-not-given-twice',
    run: async ({ store }) => {
      const first = await seed(store, 'j1', { dedupeKey: 'k' });
      await refuses('CONFLICT', store.enqueue(request('j1', { dedupeKey: 'another' })));
      assert.deepEqual(await store.get('j1'), first);
    },
  },
  {
    id: 'of-many-requests-at-once-one-creates',
    run: async ({ store, reopen }) => {
      const other = await reopen();
      const all = await Promise.all(
        Array.from({ length: 16 }, (_, index) =>
          (index % 2 === 0 ? store : other).enqueue(request(`j${index}`, { dedupeKey: 'k' })),
        ),
      );
      assert.equal(all.filter((each) => each.created).length, 1);
      assert.equal(new Set(all.map((each) => each.job.id)).size, 1);
      assert.equal((await collect(store.list({}))).length, 1);
    },
  },
  {
    id: 'what-was-handed-in-can-be-changed-without-changing-the-store',
    run: async ({ store }) => {
      const data = { list: [1] };
      await seed(store, 'j1', { data });
      data.list.push(2);
      assert.deepEqual((await store.get('j1'))?.data, { list: [1] });
    },
  },
  {
    id: 'what-comes-back-can-be-changed-without-changing-the-store',
    run: async ({ store }) => {
      await seed(store, 'j1', { data: { list: [1] } });
      const job = await store.get('j1');
      // Frozen or a copy: both are well.
      Reflect.set(job ?? {}, 'round', 9);
      Reflect.set(Object(job?.data), 'list', []);
      const after = await store.get('j1');
      assert.deepEqual([after?.round, after?.data], [0, { list: [1] }]);
    },
  },
];
