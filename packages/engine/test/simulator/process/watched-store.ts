import { BatonError, type JobStore } from '@baton/core';
import type { ToldJobEvent, World } from '../world.js';
import type { Daemon } from './daemon.js';
import type { Installation } from './installation.js';

/** The store as one daemon uses it, with what becomes of jobs told to the world. Of a store that is lost nobody hears again. */
export function watchedStore(world: World, installation: Installation, daemon: () => Daemon): JobStore {
  const { store } = installation;
  const tell = (event: ToldJobEvent): void => {
    if (installation.store === store) world.tellJob(event);
  };
  const ready = (): void => {
    if (world.clock.monotonic() >= installation.storeAwayUntil) return;
    throw new BatonError('UNAVAILABLE', 'The store is locked.', { details: {} });
  };
  const guarded =
    <Args extends unknown[], Answer>(method: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      ready();
      return method(...args);
    };
  return {
    ...store,
    async join(worker, call) {
      ready();
      daemon().worker = worker;
      return store.join(worker, call);
    },
    async enqueue(request, call) {
      ready();
      const enqueued = await store.enqueue(request, call);
      if (enqueued.created) tell({ kind: 'enqueued', installation, daemon: daemon(), job: enqueued.job });
      return enqueued;
    },
    async claim(request, call) {
      ready();
      const until = world.clock.now() + request.leaseMs;
      const lease = await store.claim(request, call);
      const most = request.caps.worker ?? null;
      if (lease) tell({ kind: 'claimed', installation, daemon: daemon(), job: lease.job, until, most });
      return lease;
    },
    async confirm(lease, leaseMs, call) {
      ready();
      const until = world.clock.now() + leaseMs;
      await store.confirm(lease, leaseMs, call);
      tell({ kind: 'confirmed', installation, daemon: daemon(), job: lease.job, until });
    },
    async record(lease, change, call) {
      ready();
      const recorded = await store.record(lease, change, call);
      const { job } = recorded;
      tell({ kind: 'recorded', installation, daemon: daemon(), job, change });
      return recorded;
    },
    async release(lease, call) {
      ready();
      await store.release(lease, call);
      tell({ kind: 'released', installation, daemon: daemon(), job: lease.job });
    },
    hold: guarded(store.hold),
    signals: guarded(store.signals),
    signal: guarded(store.signal),
    readFact: guarded(store.readFact),
    writeFact: guarded(store.writeFact),
    reserve: guarded(store.reserve),
    spent: guarded(store.spent),
    get: guarded(store.get),
    pendingSignals: guarded(store.pendingSignals),
  };
}
