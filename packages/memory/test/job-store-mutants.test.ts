import { createManualClock, jobStoreContract, type ManualClock } from '@baton/conformance';
import type { JobStore, Runtime } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../src/index.js';

/** Stands between the suite and a store that is right. */
type Mutation = (store: JobStore, clock: ManualClock) => JobStore;

/** The cases of the suite that fail on a store with a planted fault. */
async function failures(mutate: Mutation): Promise<readonly string[]> {
  const cases = new Map<string, () => Promise<void>>();
  jobStoreContract(
    (name, body) => cases.set(name.replace('job-store: ', ''), () => body({ skip: () => {} })),
    async () => {
      const clock = createManualClock();
      let last = 0;
      const id: Runtime['id'] = (kind) => `${kind.slice(0, 1)}${(++last).toString(36).padStart(6, '0')}`;
      const real = createMemoryStore({ runtime: { clock, random: () => 0.5, id } });
      const store = mutate(real, clock);
      return {
        ...{ store, clock },
        reopen: async () => store,
        kill: async (worker) => real.crash(worker),
        dispose: async () => {},
      };
    },
  );
  const failed: string[] = [];
  for (const [name, run] of cases) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}

describe('the suite of job stores bites', () => {
  it('fails nothing on a store that is right', async () => {
    expect(await failures((store) => store)).toEqual([]);
  });

  it.each<[string, string, Mutation]>([
    [
      'gives a worker the job that it holds itself, once the time is over',
      'a-living-worker-is-never-given-the-job-that-it-holds',
      (store) => {
        const twins = new Set<string>();
        return {
          ...store,
          async claim(request, call) {
            const lease = await store.claim(request, call);
            if (lease) return lease;
            const twin = `${request.worker}'`;
            if (!twins.has(twin)) await store.join(twin);
            twins.add(twin);
            return store.claim({ ...request, worker: twin }, call);
          },
        };
      },
    ],
    [
      'gives nobody a job whose lease is over',
      'a-lease-holds-until-its-time-is-over',
      (store) => {
        const held = new Set<string>();
        return {
          ...store,
          async claim(request, call) {
            const lease = await store.claim(request, call);
            if (!lease || held.has(lease.job.id)) return null;
            held.add(lease.job.id);
            return lease;
          },
        };
      },
    ],
    [
      'counts what a worker holds past its time in nobody’s caps',
      'what-a-worker-holds-past-its-time-counts-in-its-own-caps-and-not-in-those-of-others',
      (store) => ({
        ...store,
        claim: ({ caps, ...request }, call) =>
          store.claim(
            {
              ...request,
              caps: {
                ...caps,
                ...(caps.total === undefined ? {} : { total: caps.total + 1 }),
                byProject: Object.fromEntries(
                  Object.entries(caps.byProject).map(([name, most]) => [name, most === null ? null : most + 1]),
                ),
              },
            },
            call,
          ),
      }),
    ],
    [
      'has the slots of one worker count for all',
      'the-slots-of-a-worker-are-its-own',
      (store) => ({
        ...store,
        claim: ({ caps: { worker: most = Infinity, total = Infinity, byProject }, ...request }, call) =>
          store.claim({ ...request, caps: { total: Math.min(most, total), byProject } }, call),
      }),
    ],
    [
      'counts no slots of a worker',
      'the-slots-of-a-worker-are-its-own',
      (store) => ({
        ...store,
        claim: ({ caps: { worker: _, ...caps }, ...request }, call) => store.claim({ ...request, caps }, call),
      }),
    ],
    [
      'counts no total where the slots of a worker are given',
      'each-cap-that-is-given-counts-and-none-that-is-not',
      (store) => ({
        ...store,
        claim: ({ caps: { total, ...caps }, ...request }, call) =>
          store.claim(
            { ...request, caps: caps.worker === undefined && total !== undefined ? { ...caps, total } : caps },
            call,
          ),
      }),
    ],
    [
      'counts the leases of others past their time in a total',
      'leases-that-ran-out-or-whose-worker-died-are-not-counted',
      (store) => {
        let claimed = 0;
        return {
          ...store,
          async claim(request, call) {
            if (claimed >= (request.caps.total ?? Infinity)) return null;
            const lease = await store.claim(request, call);
            if (lease) claimed += 1;
            return lease;
          },
        };
      },
    ],
    [
      'has every worker hold a key',
      'one-worker-holds-a-key-until-its-time-is-over',
      (store) => ({
        ...store,
        hold: async (key, worker, forMs, call) => (await store.hold(key, worker, forMs, call)) || forMs > 0,
      }),
    ],
    [
      'has a key held without end',
      'one-worker-holds-a-key-until-its-time-is-over',
      (store) => ({
        ...store,
        hold: (key, worker, forMs, call) => store.hold(key, worker, forMs > 0 ? Infinity : 0, call),
      }),
    ],
    [
      'looks first who holds a key, and takes it then',
      'of-eight-that-ask-at-once-one-holds-the-key',
      (store) => {
        const holders = new Map<string, string>();
        return {
          ...store,
          async hold(key, worker, forMs, call) {
            const holder = holders.get(key) ?? worker;
            await store.hold(key, worker, forMs, call);
            holders.set(key, holder);
            return holder === worker && forMs > 0;
          },
        };
      },
    ],
    [
      'prolongs no hold',
      'holding-again-prolongs-from-now',
      (store, clock) => {
        const until = new Map<string, number>();
        return {
          ...store,
          async hold(key, worker, forMs, call) {
            const left = (until.get(`${worker} ${key}`) ?? 0) - clock.now();
            const isHeld = await store.hold(key, worker, forMs > 0 && left > 0 ? left : forMs, call);
            if (isHeld && left <= 0) until.set(`${worker} ${key}`, clock.now() + forMs);
            return isHeld;
          },
        };
      },
    ],
    [
      'has a hold of no time run out by the clock',
      'a-key-held-for-no-time-is-let-go-whatever-the-clock-says',
      (store) => ({
        ...store,
        hold: async (key, worker, forMs, call) =>
          (await store.hold(key, worker, Math.max(forMs, 1e-3), call)) && forMs > 0,
      }),
    ],
    [
      'lets go of what others hold',
      'a-key-held-for-no-time-is-let-go-whatever-the-clock-says',
      (store) => {
        const holders = new Map<string, string>();
        return {
          ...store,
          async hold(key, worker, forMs, call) {
            if (forMs === 0) return store.hold(key, holders.get(key) ?? worker, 0, call);
            const isHeld = await store.hold(key, worker, forMs, call);
            if (isHeld) holders.set(key, worker);
            return isHeld;
          },
        };
      },
    ],
    [
      'keeps what the dead and the gone held until its time is over',
      'keys-of-the-dead-and-of-who-left-are-free-at-once',
      (store, clock) => {
        const held = new Map<string, { readonly by: string; readonly until: number }>();
        return {
          ...store,
          async hold(key, worker, forMs, call) {
            const holder = held.get(key);
            if (holder && holder.by !== worker && holder.until > clock.now()) return false;
            held.set(key, { by: worker, until: clock.now() + forMs });
            return store.hold(key, worker, forMs, call);
          },
        };
      },
    ],
    [
      'knows who holds a key by name alone',
      'a-new-worker-of-an-old-name-holds-no-key',
      (store) => {
        const holders = new Map<string, string>();
        return {
          ...store,
          async hold(key, worker, forMs, call) {
            if (forMs > 0 && holders.get(key) === worker) return true;
            const isHeld = await store.hold(key, worker, forMs, call);
            if (isHeld && !holders.has(key)) holders.set(key, worker);
            return isHeld;
          },
        };
      },
    ],
    [
      'lets keys go with jobs',
      'each-key-is-held-by-itself-and-none-is-a-job',
      (store) => {
        const held: { readonly key: string; readonly worker: string }[] = [];
        return {
          ...store,
          async hold(key, worker, forMs, call) {
            held.push({ key, worker });
            return store.hold(key, worker, forMs, call);
          },
          async release(lease, call) {
            for (const { key, worker } of held) await store.hold(key, worker, 0, call);
            return store.release(lease, call);
          },
        };
      },
    ],
    [
      'counts an issue’s age from when it was taken in',
      'age-is-the-issue’s-and-not-when-its-job-came',
      (store) => ({
        ...store,
        enqueue: (request, call) => store.enqueue({ ...request, issueCreatedAt: 0 }, call),
      }),
    ],
    [
      'lets every ended journal go, however young',
      'journals-of-jobs-that-ended-before-an-instant-go-whole-and-nothing-else-does',
      (store) => ({
        ...store,
        forgetJournals: async (_, call) => (await store.forgetJournals?.(Number.MAX_SAFE_INTEGER, call)) ?? 0,
      }),
    ],
    [
      'lists by the instant of creation',
      'the-order-of-creation-is-told-and-every-list-keeps-it-whatever-the-clock-said',
      (store) => ({
        ...store,
        async *list(query, call) {
          const { limit, ...rest } = query;
          const jobs = await Array.fromAsync(store.list(rest, call));
          yield* jobs.toSorted((left, right) => right.createdAt - left.createdAt).slice(0, limit);
        },
      }),
    ],
    [
      'tells a job’s place by its instant',
      'the-order-of-creation-is-told-and-every-list-keeps-it-whatever-the-clock-said',
      (store) => ({
        ...store,
        async enqueue(request, call) {
          const { job, created } = await store.enqueue(request, call);
          return { job: { ...job, sequence: job.createdAt }, created };
        },
      }),
    ],
    [
      'settles what it fails to record',
      'a-settlement-stands-or-falls-with-what-is-recorded',
      (store) => ({
        ...store,
        async record(lease, { settled = [], ...change }, call) {
          for (const each of settled) lease = await store.record(lease, { ...change, settled: [each] }, call);
          return settled.length > 0 ? lease : store.record(lease, change, call);
        },
      }),
    ],
    [
      'records what it fails to settle',
      'a-settlement-stands-or-falls-with-what-is-recorded',
      (store) => ({
        ...store,
        async record(lease, { settled = [], ...change }, call) {
          const recorded = await store.record(lease, change, call);
          return settled.length > 0 ? store.record(recorded, { ...change, entries: [], settled }, call) : recorded;
        },
      }),
    ],
    [
      'settles nothing with a job’s end',
      'a-job-that-ends-settles-with-its-end-and-never-after-it',
      (store) => ({
        ...store,
        record: (lease, { settled, ...change }, call) =>
          store.record(lease, change.state.outcome === null && settled ? { ...change, settled } : change, call),
      }),
    ],
    [
      'settles the last alone',
      'of-many-settlements-in-one-record-each-counts',
      (store) => ({
        ...store,
        record: (lease, { settled = [], ...change }, call) =>
          store.record(lease, { ...change, settled: settled.slice(-1) }, call),
      }),
    ],
  ])('on one that %s', async (_, expected, mutate) => {
    expect(await failures(mutate)).toContain(expected);
  });
});
