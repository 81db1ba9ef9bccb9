import assert from 'node:assert/strict';
import type { CallOptions, Job, JobQuery, JobStore } from '@baton/core';
import { change, claimAs, collect, end, type JobStoreCase, leaseMs, request, seed, take } from './rig.js';

async function ids(store: JobStore, query: JobQuery): Promise<readonly string[]> {
  return (await collect(store.list(query))).map(({ id }) => id);
}

/** Lists, settings, and what every call does when it is aborted. */
export const readingCases: readonly JobStoreCase[] = [
  {
    id: 'a-list-is-newest-first',
    run: async ({ store, clock }) => {
      for (const id of ['j2', 'j3', 'j1', 'j4']) {
        await seed(store, id);
        clock.advance(id === 'j3' ? 0 : 10);
      }
      assert.deepEqual(await ids(store, {}), ['j4', 'j1', 'j3', 'j2']);
      assert.deepEqual(await ids(store, { limit: 3 }), ['j4', 'j1', 'j3']);
      assert.deepEqual(await ids(store, { limit: 0 }), []);
    },
  },
  {
    id: 'journals-of-jobs-that-ended-before-an-instant-go-whole-and-nothing-else-does',
    requires: { what: 'forgetJournals', holds: ({ store }) => store.forgetJournals !== undefined },
    run: async ({ store, clock, reopen }) => {
      await store.join('w');
      for (const id of ['old', 'open', 'young']) await seed(store, id);
      const [old, open] = [await take(store, 'w'), await take(store, 'w')];
      await end(store, old);
      await store.record(open, change(open.job, { phase: 'working' }));
      clock.advance(1_000);
      const before = clock.now();
      await end(store, await take(store, 'w'));
      const kept = await collect(store.list({}));
      const lines = async (from: JobStore) =>
        Promise.all(['old', 'open', 'young'].map(async (id) => (await collect(from.journal(id, 0))).length));
      assert.deepEqual(await lines(store), [1, 1, 1]);
      assert.equal(await store.forgetJournals?.(before), 1);
      assert.equal(await store.forgetJournals?.(before), 0);
      const other = await reopen();
      assert.deepEqual(await lines(other), [0, 1, 1]);
      assert.deepEqual(await collect(other.list({})), kept);
      // The ended job is followed as ever.
      const next = request('next', { dedupeKey: 'web/tracker/old', supersedes: 'old' });
      assert.equal((await store.enqueue(next)).created, true);
    },
  },
  {
    // Whoever puts two lists together finds the order again, also of jobs of one instant.
    id: 'the-order-of-creation-is-told-and-every-list-keeps-it-whatever-the-clock-said',
    run: async ({ store, clock, reopen }) => {
      const other = await reopen();
      await store.join('w');
      const made: Job[] = [];
      for (const [index, id] of ['j3', 'j1', 'j5', 'j2', 'j4'].entries()) {
        made.push(await seed(index % 2 === 0 ? store : other, id, { issueKey: 'A-1', dedupeKey: `k/${id}` }));
        if (id === 'j1') clock.jump(-10_000);
      }
      const sequences = made.map(({ sequence }) => sequence);
      assert.deepEqual(
        sequences,
        sequences.toSorted((left, right) => left - right),
      );
      assert.equal(new Set(sequences).size, made.length);
      clock.jump(20_000);
      // What happens to a job later doesn't move it.
      for (const id of ['j5', 'j3']) {
        const lease = await store.claim({ ...claimAs('w'), job: id });
        assert.ok(lease);
        const changed = await store.record(lease, change(lease.job, { phase: 'working', priority: -1 }));
        assert.equal(changed.job.sequence, made.find((job) => job.id === id)?.sequence);
        await store.release(changed);
        clock.advance(5);
      }
      const newest = ['j4', 'j2', 'j5', 'j1', 'j3'];
      for (const query of [{}, { project: 'web' }, { issueKey: 'A-1' }, { idPrefix: 'j' }, { updatedAfter: 0 }]) {
        assert.deepEqual(await ids(store, query), newest, JSON.stringify(query));
      }
      assert.deepEqual(await ids(store, { phases: ['queued', 'working'] }), newest);
      assert.deepEqual(await ids(store, { phases: ['working'] }), ['j5', 'j3']);
      assert.equal((await store.get('j5'))?.sequence, made[2]?.sequence);
    },
  },
  {
    id: 'each-member-of-a-query-narrows-and-all-of-them-together',
    run: async ({ store, clock }) => {
      await store.join('w');
      await seed(store, 'ja1', { issueKey: 'A-1', priority: 1 });
      await seed(store, 'ja2', { issueKey: 'A-2', project: 'api' });
      await seed(store, 'jb1', { issueKey: 'A-1', project: 'api' });
      await seed(store, 'jb2', { issueKey: 'B_2%' });
      clock.advance(100);
      await end(store, await take(store, 'w', { byProject: { web: 1 } }));
      const lease = await take(store, 'w', { byProject: { api: 1 } });
      await store.record(lease, change(lease.job, { phase: 'working' }));
      assert.deepEqual(await ids(store, { project: 'web' }), ['jb2', 'ja1']);
      assert.deepEqual(await ids(store, { issueKey: 'A-1' }), ['jb1', 'ja1']);
      assert.deepEqual(await ids(store, { issueKey: 'A-1', project: 'api' }), ['jb1']);
      assert.deepEqual(await ids(store, { idPrefix: 'ja' }), ['ja2', 'ja1']);
      assert.deepEqual(await ids(store, { idPrefix: 'a' }), []);
      assert.deepEqual(await ids(store, { idPrefix: 'j_' }), []);
      assert.deepEqual(await ids(store, { idPrefix: '' }), ['jb2', 'jb1', 'ja2', 'ja1']);
      assert.deepEqual(await ids(store, { issueKey: 'B_2%' }), ['jb2']);
      assert.deepEqual(await ids(store, { dedupeKey: 'web/tracker/ja2' }), ['ja2']);
      assert.deepEqual(await ids(store, { phases: ['working', 'done', 'working'] }), ['ja2', 'ja1']);
      assert.deepEqual(await ids(store, { phases: ['queued'], project: 'api' }), ['jb1']);
      assert.deepEqual(await ids(store, { phases: [] }), []);
      assert.deepEqual(await ids(store, { updatedAfter: clock.now() - 1 }), ['ja2', 'ja1']);
      assert.deepEqual(await ids(store, { updatedAfter: clock.now() }), []);
      assert.deepEqual(await ids(store, { updatedAfter: clock.now() - 1, phases: ['done'], limit: 1 }), ['ja1']);
      assert.deepEqual(await ids(store, { project: 'nowhere' }), []);
    },
  },
  {
    id: 'a-long-list-has-no-end-before-its-end',
    run: async ({ store }) => {
      const made = Array.from({ length: 1_300 }, (_, index) => `j${String(index).padStart(4, '0')}`);
      for (const [index, id] of made.entries()) await seed(store, id, { project: index % 3 === 0 ? 'api' : 'web' });
      const newest = made.toReversed();
      assert.deepEqual(await ids(store, {}), newest);
      assert.deepEqual(await ids(store, { phases: ['queued', 'done'], limit: 1_100 }), newest.slice(0, 1_100));
      assert.deepEqual(await ids(store, { updatedAfter: 0 }), newest);
      assert.equal((await ids(store, { project: 'web' })).length, 866);
    },
  },
  {
    id: 'a-list-can-be-left-half-read-and-written-beside',
    run: async ({ store }) => {
      for (const id of ['j1', 'j2', 'j3']) await seed(store, id);
      const seen: string[] = [];
      for await (const job of store.list({})) {
        seen.push(job.id);
        if (seen.length === 2) break;
        await seed(store, 'j4');
      }
      assert.deepEqual(seen, ['j3', 'j2']);
      assert.deepEqual(await ids(store, { limit: 1 }), ['j4']);
    },
  },
  {
    id: 'a-fact-is-compared-and-set',
    run: async ({ store, reopen }) => {
      const other = await reopen();
      assert.equal(await store.readFact('cursor'), null);
      assert.equal(await store.writeFact('cursor', 'x', 1), false);
      assert.equal(await store.writeFact('cursor', { at: 1 }, null), true);
      assert.equal(await other.writeFact('cursor', { at: 2 }, null), false, 'the key exists');
      const first = await other.readFact('cursor');
      assert.deepEqual(first?.value, { at: 1 });
      assert.equal(await other.writeFact('cursor', null, first?.version ?? -1), true);
      assert.equal(await store.writeFact('cursor', 'late', first?.version ?? -1), false);
      const second = await store.readFact('cursor');
      assert.equal(second?.value, null);
      assert.notEqual(second?.version, first?.version);
      assert.equal(await store.readFact('cursors'), null);
    },
  },
  {
    id: 'of-many-writers-of-a-fact-one-succeeds',
    run: async ({ store, reopen }) => {
      const other = await reopen();
      for (const expected of [null, 'current'] as const) {
        const version = expected === null ? null : ((await store.readFact('k'))?.version ?? null);
        const all = await Promise.all(
          Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? store : other).writeFact('k', index, version)),
        );
        assert.equal(all.filter(Boolean).length, 1);
      }
    },
  },
  {
    id: 'an-aborted-call-rejects-with-the-reason-and-does-nothing',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      await seed(store, 'j2');
      const lease = await take(store, 'w');
      const before = await collect(store.list({}));
      const reason = new Error('enough');
      const call: CallOptions = { signal: AbortSignal.abort(reason) };
      const spend = { scope: 's', period: 'all', unit: 'tokens' } as const;
      const calls: Record<string, () => Promise<unknown>> = {
        join: () => store.join('v', call),
        enqueue: () => store.enqueue(request('j3'), call),
        claim: () => store.claim(claimAs('w'), call),
        confirm: () => store.confirm(lease, leaseMs, call),
        record: () => store.record(lease, change(lease.job, { round: 7 }), call),
        release: () => store.release(lease, call),
        get: () => store.get('j1', call),
        list: () => collect(store.list({}, call)),
        journal: () => collect(store.journal('j1', 0, call)),
        signal: () => store.signal('j1', { type: 'wake', data: null }, call),
        signals: () => store.signals(lease, call),
        readFact: () => store.readFact('k', call),
        writeFact: () => store.writeFact('k', 1, null, call),
        reserve: () => store.reserve(lease, { id: 'r', amounts: [{ ...spend, amount: 1, cap: 2 }] }, call),
        spent: () => store.spent(spend, call),
      };
      for (const [name, run] of Object.entries(calls)) {
        const error: unknown = await run().then(
          () => null,
          (thrown: unknown) => thrown,
        );
        assert.equal(error, reason, name);
      }
      assert.deepEqual(await collect(store.list({})), before);
      assert.deepEqual([await store.readFact('k'), await store.spent(spend)], [null, 0]);
      assert.deepEqual(await store.signals(lease), []);
      await store.join('v');
      assert.equal((await take(store, 'v')).job.id, 'j2');
    },
  },
  {
    id: 'a-list-stops-where-it-is-aborted',
    run: async ({ store }) => {
      for (const id of ['j1', 'j2', 'j3']) await seed(store, id);
      const stop = new AbortController();
      const reason = new Error('enough');
      let seen = 0;
      const read = async (): Promise<void> => {
        for await (const job of store.list({}, { signal: stop.signal })) {
          assert.ok(job);
          seen += 1;
          stop.abort(reason);
        }
      };
      await assert.rejects(read, (error) => error === reason);
      assert.equal(seen, 1);
    },
  },
  {
    id: 'a-store-says-what-it-is-and-how-it-is',
    run: async ({ store }) => {
      assert.equal(store.spec, 'job-store/1');
      assert.match(store.id, /^[a-z][a-z0-9-]*$/);
      for (const line of await collect(store.diagnose?.() ?? noLines())) {
        assert.equal(line.ok, true, `${line.check}: ${line.detail}`);
      }
    },
  },
  {
    id: 'closing-twice-is-safe-and-frees-what-was-held',
    requires: { what: 'a store that can be closed', holds: (rig) => rig.store.close !== undefined },
    run: async ({ store, reopen }) => {
      const other = await reopen();
      await store.join('w');
      await other.join('v');
      await seed(store, 'j1');
      await take(other, 'v');
      await other.close?.();
      await other.close?.();
      await take(store, 'w');
    },
  },
];

async function* noLines(): AsyncGenerator<never> {}
