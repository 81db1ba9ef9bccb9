import type { JobLease } from '@baton/core';
import type { PatientStore } from '../store/patient-store.js';
import type { JobRunnerContext } from './job-runner-context.js';

/** How often a running step looks for signals. */
const lookMs = 1_000;

const released = new Error('The job was let go.');

/** Keeps a job held while its steps run, and ends a step that a person or the loss of the lease ends. */
export interface LeaseHold {
  /** For the running step. `renew` makes a new one. */
  readonly signal: AbortSignal;
  /** Before each step: what interrupted the last one is over. */
  renew(): void;
  /** Ends the running step, for the room that it takes on the disk. */
  endForRoom(): void;
  /** What ended the running step: a signal of a person, want of room, the loss of the lease, or the engine's stop. */
  interruption(): 'signal' | 'room' | 'lost' | 'stopped' | null;
  end(): Promise<void>;
}

/** Begins to hold. The heart beats on the engine's clock until `end`. */
export function holdLease(
  world: JobRunnerContext & { readonly store: PatientStore; readonly lease: () => JobLease },
): LeaseHold {
  const { store, runtime, settings, stopped } = world;
  const ended = new AbortController();
  let step = new AbortController();
  let interruption: 'signal' | 'room' | 'lost' | null = null;
  const interrupt = (why: 'signal' | 'room' | 'lost', reason: Error): void => {
    interruption = why;
    step.abort(reason);
  };
  const stop = (): void => step.abort(stopped.reason);
  stopped.addEventListener('abort', stop);

  const beat = async (): Promise<void> => {
    const { signal } = ended;
    while (!signal.aborted) {
      await runtime.clock.sleep(lookMs, { signal });
      if (store.heldForMs() >= settings.leaseMs / 3) await store.confirm(world.lease(), settings.leaseMs, { signal });
      const signals = await store.signals(world.lease(), { signal });
      if (signals.some((signal) => signal.type === 'cancel')) interrupt('signal', new Error('The job is cancelled.'));
    }
  };
  const beating = beat().catch((error: unknown) => {
    if (ended.signal.aborted) return;
    interrupt('lost', error instanceof Error ? error : new Error(String(error)));
  });
  return {
    get signal() {
      return step.signal;
    },
    renew() {
      if (interruption === 'lost' || stopped.aborted) return;
      interruption = null;
      step = new AbortController();
    },
    endForRoom() {
      if (interruption !== 'lost') interrupt('room', new Error('The disk is nearly full.'));
    },
    interruption: () => (stopped.aborted ? 'stopped' : interruption),
    async end() {
      stopped.removeEventListener('abort', stop);
      ended.abort(released);
      await beating;
    },
  };
}
