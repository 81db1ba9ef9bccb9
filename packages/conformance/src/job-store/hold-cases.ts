import assert from 'node:assert/strict';
import { claimAs, type JobStoreCase, refuses, seed, take } from './rig.js';

const forMs = 60_000;

/** Who does what one worker does for all. */
export const holdCases: readonly JobStoreCase[] = [
  {
    id: 'one-worker-holds-a-key-until-its-time-is-over',
    run: async ({ store, clock, reopen }) => {
      const other = await reopen();
      await store.join('w');
      await other.join('v');
      assert.equal(await store.hold('poll', 'w', forMs), true);
      assert.equal(await other.hold('poll', 'v', forMs), false);
      clock.advance(forMs - 1);
      assert.equal(await other.hold('poll', 'v', forMs), false);
      clock.advance(1);
      assert.equal(await other.hold('poll', 'v', forMs), true);
      assert.equal(await store.hold('poll', 'w', forMs), false, 'who lost it to another');
    },
  },
  {
    id: 'holding-again-prolongs-from-now',
    run: async ({ store, clock }) => {
      await store.join('w');
      await store.join('v');
      for (let index = 0; index < 3; index += 1) {
        assert.equal(await store.hold('poll', 'w', forMs), true);
        clock.advance(forMs - 1);
        assert.equal(await store.hold('poll', 'v', forMs), false);
      }
      assert.equal(await store.hold('poll', 'w', 5), true);
      clock.advance(5);
      assert.equal(await store.hold('poll', 'v', forMs), true, 'for less than before');
    },
  },
  {
    id: 'a-key-that-ran-out-and-that-nobody-took-is-held-on',
    run: async ({ store, clock }) => {
      await store.join('w');
      await store.join('v');
      assert.equal(await store.hold('poll', 'w', forMs), true);
      clock.jump(forMs * 10);
      assert.equal(await store.hold('poll', 'w', forMs), true);
      assert.equal(await store.hold('poll', 'v', forMs), false);
    },
  },
  {
    id: 'a-key-held-for-no-time-is-let-go-whatever-the-clock-says',
    run: async ({ store, clock, reopen }) => {
      const other = await reopen();
      await store.join('w');
      await other.join('v');
      assert.equal(await store.hold('poll', 'w', forMs), true);
      assert.equal(await store.hold('poll', 'w', 0), false);
      clock.jump(-forMs);
      assert.equal(await other.hold('poll', 'v', forMs), true);
      assert.equal(await store.hold('poll', 'w', 0), false);
      assert.equal(await store.hold('poll', 'w', forMs), false, 'what another holds stays');
      assert.equal(await store.hold('nothing', 'w', 0), false);
    },
  },
  {
    id: 'keys-of-the-dead-and-of-who-left-are-free-at-once',
    run: async ({ store, reopen, kill }) => {
      const other = await reopen();
      await store.join('w');
      await other.join('v');
      assert.equal(await other.hold('poll', 'v', forMs), true);
      assert.equal(await store.hold('poll', 'w', forMs), false);
      await kill('v');
      assert.equal(await store.hold('poll', 'w', forMs), true);
      const stay = await other.join('u');
      assert.equal(await other.hold('sweep', 'u', forMs), true);
      assert.equal(await store.hold('sweep', 'w', forMs), false);
      await stay[Symbol.asyncDispose]();
      assert.equal(await store.hold('sweep', 'w', forMs), true);
    },
  },
  {
    id: 'a-new-worker-of-an-old-name-holds-no-key',
    run: async ({ store, reopen, kill }) => {
      const other = await reopen();
      const dead = await store.join('w');
      await other.join('v');
      assert.equal(await store.hold('poll', 'w', forMs), true);
      await kill('w');
      await other.join('w');
      assert.equal(await other.hold('poll', 'v', forMs), true);
      assert.equal(await other.hold('poll', 'w', forMs), false);
      await dead[Symbol.asyncDispose]();
      assert.equal(await other.hold('poll', 'w', forMs), false, 'the dead lets nothing go');
    },
  },
  {
    id: 'each-key-is-held-by-itself-and-none-is-a-job',
    run: async ({ store }) => {
      await store.join('w');
      await store.join('v');
      await seed(store, 'poll');
      assert.equal(await store.hold('poll', 'w', forMs), true);
      assert.equal(await store.hold('poll/web', 'v', forMs), true);
      assert.equal(await store.hold('constructor', 'v', forMs), true);
      const lease = await take(store, 'v', { worker: 1, total: 1 });
      await store.release(lease);
      assert.equal(await store.hold('poll/web', 'w', forMs), false, 'once its holder let a job go');
      assert.equal((await store.claim(claimAs('w')))?.job.id, 'poll');
    },
  },
  {
    id: 'of-eight-that-ask-at-once-one-holds-the-key',
    run: async ({ store, reopen }) => {
      const other = await reopen();
      const workers = Array.from({ length: 8 }, (_, index) => ({ its: index % 2 ? store : other, name: `w${index}` }));
      for (const { its, name } of workers) await its.join(name);
      for (const key of ['a', 'b', 'c']) {
        const got = await Promise.all(workers.map(({ its, name }) => its.hold(key, name, forMs)));
        assert.equal(got.filter(Boolean).length, 1, key);
      }
    },
  },
  {
    id: 'whoever-has-not-joined-holds-no-key',
    run: async ({ store, kill }) => {
      await refuses('INTERNAL', store.hold('poll', 'stranger', forMs));
      await (await store.join('w'))[Symbol.asyncDispose]();
      await refuses('INTERNAL', store.hold('poll', 'w', forMs));
      await store.join('v');
      await kill('v');
      await refuses('INTERNAL', store.hold('poll', 'v', forMs));
    },
  },
];
