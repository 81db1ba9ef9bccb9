import { BatonError, type CallOptions, type JobStore, type Runtime } from '@baton/core';
import { followSignal } from '../async/follow-signal.js';

/** How long a store that couldn't answer is left alone. */
const restMs = 1_000;

/** What a store is patient for. */
export interface PatienceOptions {
  readonly store: JobStore;
  readonly runtime: Runtime;
  readonly leaseMs: number;
  /** Ends every wait. */
  readonly stopped: AbortSignal;
  /** Told once of each time in which the store can't answer. */
  readonly onTrouble: (error: BatonError) => void;
}

/**
 * The store of one running job. Where it can't answer just now (another program's lock, a full disk), it is
 * asked again as long as the job's lease stands, each time for as long as a lease lasts: no turn is thrown away for
 * less.
 */
export interface PatientStore extends JobStore {
  /** Since the lease was confirmed last, by whichever clock went further: a sleep of the machine moves only one. */
  heldForMs(): number;
}

/** Wraps a store whose lease was claimed just now. */
export function createPatientStore(options: PatienceOptions): PatientStore {
  const { store, runtime, leaseMs, stopped } = options;
  const { clock } = runtime;
  const look = () => ({ monotonic: clock.monotonic(), wall: clock.now() });
  let confirmed = look();
  let inTrouble = 0;

  const passed = (): readonly [number, number] => [
    clock.monotonic() - confirmed.monotonic,
    clock.now() - confirmed.wall,
  ];
  // By both: a wall clock that was set forward ends no lease, and a sleep that ended one is for the store to judge.
  const isOver = (): boolean => Math.min(...passed()) >= leaseMs;

  const rest = async (signal: AbortSignal | undefined): Promise<void> => {
    const resting = new AbortController();
    const unfollow = [stopped, ...(signal ? [signal] : [])].map((each) => followSignal(each, resting));
    try {
      await clock.sleep(restMs, { signal: resting.signal });
    } finally {
      for (const each of unfollow) each();
    }
  };
  const ask = async <Answer>(call: CallOptions | undefined, attempt: () => Promise<Answer>): Promise<Answer> => {
    const askedAt = clock.monotonic();
    let isInTrouble = false;
    try {
      for (;;) {
        try {
          return await attempt();
        } catch (error) {
          const hasWaited = clock.monotonic() - askedAt >= leaseMs;
          if (!cantAnswer(error) || isOver() || hasWaited || stopped.aborted) throw error;
          if (!isInTrouble) inTrouble += 1;
          // The calls of one time of trouble are one piece of news, also where some of them come through.
          if (!isInTrouble && inTrouble === 1) options.onTrouble(error);
          isInTrouble = true;
        }
        await rest(call?.signal);
      }
    } finally {
      if (isInTrouble) inTrouble -= 1;
    }
  };

  return {
    ...store,
    heldForMs: () => Math.max(...passed()),
    confirm: (lease, forMs, call) =>
      ask(call, async () => {
        const asked = look();
        await store.confirm(lease, forMs, call);
        confirmed = asked;
      }),
    record: (lease, change, call) => ask(call, () => store.record(lease, change, call)),
    release: (lease, call) => ask(call, () => store.release(lease, call)),
    signals: (lease, call) => ask(call, () => store.signals(lease, call)),
    readFact: (key, call) => ask(call, () => store.readFact(key, call)),
    writeFact: (key, value, version, call) => ask(call, () => store.writeFact(key, value, version, call)),
    reserve: (lease, request, call) => ask(call, () => store.reserve(lease, request, call)),
    spent: (query, call) => ask(call, () => store.spent(query, call)),
  };
}

function cantAnswer(error: unknown): error is BatonError {
  return BatonError.is(error, 'UNAVAILABLE') || BatonError.is(error, 'DISK_FULL');
}
