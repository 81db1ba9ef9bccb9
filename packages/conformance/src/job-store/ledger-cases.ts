import assert from 'node:assert/strict';
import type { Amount, JobLease, JobStore, Settlement } from '@baton/core';
import { change, collect, type JobStoreCase, refuses, seed, take } from './rig.js';

const day = { scope: 'project/web', period: '2026-01-01', unit: 'micro-usd' } as const;
const job = { scope: 'job/j1', period: 'all', unit: 'micro-usd' } as const;

function of(query: Pick<Amount, 'scope' | 'period' | 'unit'>, amount: number, cap = 100): Amount {
  return { ...query, amount, cap };
}

async function settle(store: JobStore, lease: JobLease, id: string, actual: Settlement['actual']): Promise<void> {
  await store.record(lease, { ...change(lease.job), settled: [{ id, actual }] });
}

/** Spend, set aside before it happens. */
export const ledgerCases: readonly JobStoreCase[] = [
  {
    id: 'what-is-reserved-counts-as-spent-up-to-the-cap',
    run: async ({ store, reopen }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      assert.equal(await store.spent(day), 0);
      assert.equal(await store.reserve(lease, { id: 'r1', amounts: [of(day, 60)] }), true);
      assert.equal(await store.reserve(lease, { id: 'r2', amounts: [of(day, 41)] }), false);
      assert.equal(await store.reserve(lease, { id: 'r3', amounts: [of(day, 40)] }), true);
      assert.equal(await (await reopen()).spent(day), 100);
    },
  },
  {
    id: 'every-scope-or-none',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      assert.equal(await store.reserve(lease, { id: 'r1', amounts: [of(day, 50), of(job, 50, 49)] }), false);
      assert.deepEqual([await store.spent(day), await store.spent(job)], [0, 0]);
      assert.equal(await store.reserve(lease, { id: 'r2', amounts: [of(day, 50), of(job, 50)] }), true);
      assert.equal(await store.reserve(lease, { id: 'r3', amounts: [of(day, 51), of(job, 1)] }), false);
      assert.deepEqual([await store.spent(day), await store.spent(job)], [50, 50]);
    },
  },
  {
    id: 'two-amounts-of-one-scope-count-together',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      assert.equal(await store.reserve(lease, { id: 'r1', amounts: [of(day, 60), of(day, 60)] }), false);
      assert.equal(await store.reserve(lease, { id: 'r2', amounts: [of(day, 50), of(day, 50)] }), true);
      assert.equal(await store.spent(day), 100);
    },
  },
  {
    id: 'scope-period-and-unit-are-told-apart',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      assert.equal(await store.reserve(lease, { id: 'r1', amounts: [of(day, 100)] }), true);
      assert.equal(await store.spent({ ...day, period: '2026-01-02' }), 0);
      assert.equal(await store.spent({ ...day, unit: 'tokens' }), 0);
      assert.equal(await store.spent({ ...day, scope: 'project/api' }), 0);
    },
  },
  {
    id: 'the-same-reservation-again-changes-nothing-and-tells-the-same',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      const large = { id: 'r2', amounts: [of(day, 50)] };
      for (let index = 0; index < 3; index += 1) {
        assert.equal(await store.reserve(lease, { id: 'r1', amounts: [of(day, 60)] }), true);
        assert.equal(await store.reserve(lease, large), false);
      }
      assert.equal(await store.spent(day), 60);
    },
  },
  {
    id: 'a-reservation-id-belongs-to-its-job',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      await seed(store, 'j2');
      const leases = [await take(store, 'w'), await take(store, 'w')];
      for (const lease of leases) {
        assert.equal(await store.reserve(lease, { id: 'turn-1', amounts: [of(day, 30)] }), true);
      }
      assert.equal(await store.spent(day), 60);
    },
  },
  {
    id: 'settling-replaces-the-reservation-once',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      const reservation = { id: 'r1', amounts: [of(day, 60), of(job, 60)] };
      await store.reserve(lease, reservation);
      await settle(store, lease, 'r1', [
        { ...day, amount: 20 },
        { ...job, amount: 130 },
      ]);
      assert.deepEqual([await store.spent(day), await store.spent(job)], [20, 130]);
      await settle(store, lease, 'r1', [{ ...day, amount: 1 }]);
      assert.equal(
        await store.reserve(lease, reservation),
        true,
        'a settled id tells the same, and sets nothing aside',
      );
      assert.deepEqual([await store.spent(day), await store.spent(job)], [20, 130]);
      assert.equal(await store.reserve(lease, { id: 'r2', amounts: [of(job, 1)] }), false);
    },
  },
  {
    id: 'settling-for-nothing-frees-all',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      await store.reserve(lease, { id: 'r1', amounts: [of(day, 60)] });
      await settle(store, lease, 'r1', []);
      assert.equal(await store.spent(day), 0);
    },
  },
  {
    id: 'a-settlement-stands-or-falls-with-what-is-recorded',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      await store.reserve(lease, { id: 'r1', amounts: [of(day, 60)] });
      const before = await store.get('j1');
      const known = { id: 'r1', actual: [{ ...day, amount: 5 }] };
      const unknown = { id: 'r2', actual: [{ ...day, amount: 5 }] };
      for (const settled of [
        [known, unknown],
        [unknown, known],
      ]) {
        const recorded = { ...change(lease.job, { round: 9 }), settled };
        await refuses('NOT_FOUND', store.record(lease, recorded));
        assert.equal(await store.spent(day), 60);
        assert.deepEqual(await store.get('j1'), before);
        assert.deepEqual(await collect(store.journal('j1', 0)), []);
      }
    },
  },
  {
    id: 'a-job-that-ends-settles-with-its-end-and-never-after-it',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      await store.reserve(lease, { id: 'r1', amounts: [of(day, 60)] });
      await store.reserve(lease, { id: 'r2', amounts: [of(day, 30)] });
      const over = change(lease.job, { phase: 'cancelled', outcome: 'cancelled' });
      await store.record(lease, { ...over, settled: [{ id: 'r1', actual: [{ ...day, amount: 7 }] }] });
      assert.equal(await store.spent(day), 37);
      await refuses('CONFLICT', store.record(lease, { ...over, settled: [{ id: 'r2', actual: [] }] }));
      assert.equal(await store.spent(day), 37);
    },
  },
  {
    id: 'of-many-settlements-in-one-record-each-counts',
    run: async ({ store, reopen }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      await store.reserve(lease, { id: 'r1', amounts: [of(day, 60)] });
      await store.reserve(lease, { id: 'r2', amounts: [of(day, 30)] });
      const settled = [
        { id: 'r1', actual: [{ ...day, amount: 1 }] },
        { id: 'r2', actual: [{ ...day, amount: 2 }] },
        { id: 'r1', actual: [{ ...day, amount: 50 }] },
      ];
      await store.record(lease, { ...change(lease.job), settled });
      assert.equal(await (await reopen()).spent(day), 3);
    },
  },
  {
    id: 'a-crash-loop-cannot-reset-a-cap',
    run: async ({ store, reopen, kill }) => {
      await seed(store, 'j1');
      for (let index = 0; index < 4; index += 1) {
        const next = await reopen();
        await next.join(`w${index}`);
        const lease = await take(next, `w${index}`);
        assert.equal(await next.reserve(lease, { id: 'turn-1', amounts: [of(day, 70)] }), true, `life ${index}`);
        assert.equal(await next.reserve(lease, { id: 'turn-2', amounts: [of(day, 70)] }), false, `life ${index}`);
        await kill(`w${index}`);
      }
      assert.equal(await store.spent(day), 70);
      await store.join('last');
      await settle(store, await take(store, 'last'), 'turn-1', [{ ...day, amount: 10 }]);
      assert.equal(await store.spent(day), 10);
    },
  },
  {
    id: 'of-many-reservations-at-once-none-passes-the-cap',
    run: async ({ store, reopen }) => {
      const other = await reopen();
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      const all = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          (index % 2 === 0 ? store : other).reserve(lease, { id: `r${index}`, amounts: [of(day, 30)] }),
        ),
      );
      assert.equal(all.filter(Boolean).length, 3);
      assert.equal(await store.spent(day), 90);
    },
  },
];
