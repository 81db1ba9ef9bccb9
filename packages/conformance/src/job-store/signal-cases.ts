import assert from 'node:assert/strict';
import { change, claimAs, end, type JobStoreCase, refuses, seed, take } from './rig.js';

const hourMs = 3_600_000;

/** What people and watchers leave for a job. */
export const signalCases: readonly JobStoreCase[] = [
  {
    id: 'a-signal-makes-a-waiting-job-due',
    run: async ({ store, clock, reopen }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      const wakeAt = clock.now() + hourMs;
      await store.release(await store.record(lease, change(lease.job, { phase: 'waiting', wait: 'paused', wakeAt })));
      assert.equal(await store.claim(claimAs('w')), null);
      clock.advance(5);
      await (await reopen()).signal('j1', { type: 'steer', data: { text: 'to the left' } });
      const woken = await take(store, 'w');
      assert.equal(woken.job.wakeAt, clock.now());
      assert.equal(woken.job.phase, 'waiting');
      const [signal] = await store.signals(woken);
      assert.ok(signal);
      const { id, ...rest } = signal;
      assert.match(id, /^s[a-z0-9]+$/);
      assert.deepEqual(rest, { type: 'steer', data: { text: 'to the left' }, at: clock.now() });
    },
  },
  {
    id: 'signals-come-oldest-first-and-only-to-their-job',
    run: async ({ store, clock }) => {
      await store.join('w');
      await seed(store, 'j1');
      await seed(store, 'j2');
      for (const type of ['wake', 'steer', 'approve', 'reject', 'cancel'] as const) {
        await store.signal('j1', { type, data: type });
        clock.jump(-1);
      }
      clock.jump(10);
      const lease = await take(store, 'w');
      assert.equal(lease.job.id, 'j1');
      const signals = await store.signals(lease);
      assert.deepEqual(
        signals.map(({ type }) => type),
        ['wake', 'steer', 'approve', 'reject', 'cancel'],
      );
      assert.equal(new Set(signals.map(({ id }) => id)).size, 5);
      const other = await take(store, 'w');
      assert.deepEqual(await store.signals(other), []);
    },
  },
  {
    id: 'pending-signals-are-seen-by-everybody-and-count-as-unread',
    run: async ({ store, reopen }) => {
      await store.join('w');
      await seed(store, 'j1');
      await seed(store, 'j2');
      assert.deepEqual(await store.pendingSignals('nobody'), []);
      assert.deepEqual(await store.pendingSignals('j1'), []);
      const lease = await take(store, 'w');
      await store.signal('j1', { type: 'steer', data: 'left' });
      await store.signal('j1', { type: 'cancel', data: null });
      const pending = await (await reopen()).pendingSignals('j1');
      assert.deepEqual(
        pending.map(({ type, data }) => [type, data]),
        [
          ['steer', 'left'],
          ['cancel', null],
        ],
      );
      assert.deepEqual(await store.pendingSignals('j2'), []);
      // Whoever holds the job has not read them by that: recording a sleep doesn't put it to sleep with them.
      const wakeAt = Number.MAX_SAFE_INTEGER;
      const asleep = await store.record(lease, change(lease.job, { phase: 'waiting', wait: 'paused', wakeAt }));
      await store.release(asleep);
      const again = await take(store, 'w');
      assert.equal(again.job.id, 'j1');
      assert.deepEqual(await store.signals(again), pending);
      const ids = pending.map(({ id }) => id);
      await store.record(again, { ...change(again.job), consumed: ids });
      assert.deepEqual(await store.pendingSignals('j1'), []);
    },
  },
  {
    id: 'a-signal-frees-nothing',
    run: async ({ store }) => {
      await store.join('w');
      await store.join('v');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      await store.signal('j1', { type: 'cancel', data: null });
      assert.equal(await store.claim(claimAs('v')), null);
      assert.equal((await store.signals(lease)).length, 1);
    },
  },
  {
    id: 'only-a-record-consumes-and-only-what-it-names',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      await store.signal('j1', { type: 'steer', data: 1 });
      await store.signal('j1', { type: 'steer', data: 2 });
      const lease = await take(store, 'w');
      const [first, second] = await store.signals(lease);
      assert.ok(first && second);
      assert.deepEqual(await store.signals(lease), [first, second], 'reading consumes nothing');
      const consumed = [first.id, 'never-was'];
      await store.record(lease, change(lease.job, {}, consumed));
      assert.deepEqual(await store.signals(lease), [second]);
      await store.record(lease, change(lease.job, {}, consumed));
      await store.record(lease, change(lease.job, {}, [second.id]));
      assert.deepEqual(await store.signals(lease), []);
    },
  },
  {
    id: 'a-record-consumes-nothing-of-another-job',
    run: async ({ store }) => {
      await store.join('w');
      await seed(store, 'j1');
      await seed(store, 'j2');
      await store.signal('j1', { type: 'steer', data: 1 });
      const first = await take(store, 'w');
      const second = await take(store, 'w');
      const [signal] = await store.signals(first);
      assert.ok(signal);
      await store.record(second, change(second.job, {}, [signal.id]));
      assert.deepEqual(await store.signals(first), [signal]);
    },
  },
  {
    id: 'a-crash-between-reading-and-recording-loses-no-signal',
    run: async ({ store, kill }) => {
      await store.join('w');
      await store.join('v');
      await seed(store, 'j1');
      await store.signal('j1', { type: 'cancel', data: null });
      const lost = await take(store, 'w');
      const read = await store.signals(lost);
      assert.equal(read.length, 1);
      await kill('w');
      assert.deepEqual(await store.signals(await take(store, 'v')), read);
    },
  },
  {
    // Else it would sleep with the job: whoever recorded the instant knew nothing of it.
    id: 'a-signal-that-nobody-read-before-a-record-still-makes-the-job-due',
    run: async ({ store, clock }) => {
      await store.join('w');
      await seed(store, 'j1');
      const lease = await take(store, 'w');
      assert.deepEqual(await store.signals(lease), []);
      await store.signal('j1', { type: 'approve', data: null });
      const asleep = change(lease.job, { phase: 'waiting', wait: 'needs-person', wakeAt: clock.now() + hourMs });
      await store.release(await store.record(lease, asleep));
      const woken = await take(store, 'w');
      assert.equal((await store.signals(woken)).length, 1);
    },
  },
  {
    // Else a job that has no use for a signal would be claimed again and again.
    id: 'a-signal-that-was-read-and-left-lets-the-job-sleep',
    run: async ({ store, clock }) => {
      await store.join('w');
      await seed(store, 'j1');
      await store.signal('j1', { type: 'steer', data: null });
      const lease = await take(store, 'w');
      const read = await store.signals(lease);
      const wakeAt = clock.now() + hourMs;
      await store.release(await store.record(lease, change(lease.job, { phase: 'waiting', wait: 'retry', wakeAt })));
      assert.equal(await store.claim(claimAs('w')), null);
      clock.advance(hourMs);
      assert.deepEqual(await store.signals(await take(store, 'w')), read);
    },
  },
  {
    id: 'a-signal-needs-a-job-that-goes-on',
    run: async ({ store }) => {
      await store.join('w');
      await refuses('NOT_FOUND', store.signal('j1', { type: 'wake', data: null }));
      await seed(store, 'j1');
      await end(store, await take(store, 'w'));
      const before = await store.get('j1');
      await refuses('CONFLICT', store.signal('j1', { type: 'cancel', data: null }));
      assert.deepEqual(await store.get('j1'), before);
    },
  },
];
