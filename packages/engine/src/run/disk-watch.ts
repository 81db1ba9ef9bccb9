import {
  BatonError,
  formatBytes,
  isEnded,
  type JobStore,
  type Runtime,
  type WorkspaceKey,
  type WorkspaceProvider,
} from '@baton/core';

/** What is to stay free on a disk. */
export interface DiskOptions {
  /** What it is called to people, such as the path of a directory on it. */
  readonly path: string;
  /**
   * Bytes. With less free no step of a job begins that takes room, and the job whose commands wrote most, as its
   * workspaces tell, ends with `limit-reached` and loses what can't be rescued: the others go on.
   */
  readonly minFreeBytes: number;
  /** Bytes that are free now. Asked each second. */
  measureFree(): Promise<number>;
  /** Absent: where nothing at all is left, nothing can be written before a person makes room. */
  readonly reserve?: DiskReserve;
}

/** Room that is held back on the disk, so that the store can be written, and a job ended, where nothing else can be. */
export interface DiskReserve {
  readonly bytes: number;
  /** Takes the room, unless it is held. Rejects where it can't be had, and has taken nothing then. */
  hold(): Promise<void>;
  /** Gives it back. Where it isn't held, nothing happens. */
  release(): Promise<void>;
}

/** Sees to it that there is room left, for the store, for other jobs and for the machine. */
export interface DiskWatch {
  /** Looks now. Never rejects. */
  look(): Promise<void>;
  /**
   * Resolves where there is room for a step of a job. Where a job that takes too much of it is just being ended, waits
   * for that; rejects with `DISK_FULL` where room is wanted all the same.
   */
  ensureRoom(job: string, signal: AbortSignal): Promise<void>;
  /** Why a job is ended, where it is the one whose workspaces take too much. Null: it isn't. */
  whyEnded(job: string): string | null;
  /** Whether room was wanted at the last look. */
  isShort(): boolean;
  /** What it took is free again. */
  freed(job: string): void;
  /** Looks while a step of a job runs, and calls `end` where it is to end. Stops looking for it when it is disposed of. */
  follow(job: string, end: () => void): AsyncDisposable;
}

/** What the watch works with. */
export interface DiskWatchPorts {
  readonly disk: DiskOptions | undefined;
  readonly runtime: Runtime;
  readonly store: JobStore;
  readonly workspaces: () => readonly WorkspaceProvider[];
  /** Told once of each want of room. */
  readonly onShort: (message: string) => void;
  /** Told once of each time in which the disk can't be measured, or room on it can't be held. */
  readonly onError: (error: unknown) => void;
}

/** What one job takes. */
interface Taken {
  readonly job: string;
  readonly keys: readonly WorkspaceKey[];
  readonly bytes: number;
  readonly provider: WorkspaceProvider;
}

const lookMs = 1_000;
/** One that is to end gets so long for it before another is chosen. */
const patienceMs = 60_000;
/** What a job runs is gone so soon after it is to end: before, it would take what is held back, too. */
const stopMs = 15_000;
/** While nobody is at work nothing grows: checkouts aren't walked through again sooner. */
const searchMs = 30_000;
/** What takes less than this part of what is to be free is not what fills a disk. */
const leastShare = 1 / 8;

/** A watch that has looked at nothing. */
export function createDiskWatch({ disk, runtime, store, workspaces, onShort, onError }: DiskWatchPorts): DiskWatch {
  const { clock } = runtime;
  const followed = new Map<string, () => void>();
  let largest: { readonly job: string; readonly reason: string; readonly chosenAt: number } | null = null;
  /** The job that was chosen at work, and whose step is over: its room is freed next. */
  let stopped: string | null = null;
  let isShort = false;
  let searchedAt = Number.NEGATIVE_INFINITY;
  let isInTrouble = false;
  let looking: Promise<string | null> | null = null;

  const findLargest = async (): Promise<Taken | null> => {
    let found: Taken | null = null;
    for (const provider of new Set(workspaces())) {
      for (const [job, keys] of await keysByJob(provider)) {
        const bytes = (await provider.measureGrowth?.(job)) ?? 0;
        if (bytes > (found?.bytes ?? 0)) found = { job, keys, bytes, provider };
      }
    }
    return found;
  };

  const end = async ({ job, keys, provider }: Taken): Promise<void> => {
    const running = followed.get(job);
    if (running) return running();
    const stored = await store.get(job);
    // One that this store knows nothing of may be another daemon's, which sees to it.
    if (stored === null) return;
    // Not at work, it is woken, and ended as it is taken up.
    if (!isEnded(stored.phase)) return store.signal(job, { type: 'wake', data: {} });
    // What could not be rescued is kept for as long as there is room for it.
    for (const key of keys) await provider.remove(key, { unrescued: 'discard' });
    largest = null;
  };

  const hasChosenWithin = (ms: number): boolean => largest !== null && clock.monotonic() - largest.chosenAt < ms;
  /** Whether room will be free without anybody's doing. */
  const isBeingEnded = (): boolean =>
    largest !== null && (followed.has(largest.job) || (stopped === largest.job && hasChosenWithin(patienceMs)));
  /** Whether what is chosen may still be writing. */
  const isStopping = (): boolean => largest !== null && followed.has(largest.job) && hasChosenWithin(stopMs);

  const look = async ({ minFreeBytes, measureFree, reserve }: DiskOptions): Promise<string | null> => {
    const free = await measureFree();
    if (free >= minFreeBytes) {
      isShort = false;
      // What was cut off for it ends, though its processes took with them what they held.
      if (!isBeingEnded() || !hasChosenWithin(patienceMs)) largest = null;
      if (reserve && free >= minFreeBytes + reserve.bytes) await reserve.hold();
      return null;
    }
    const floor = `of which ${formatBytes(minFreeBytes)} are kept free`;
    const message = `${formatBytes(free)} are free on the disk, ${floor}: no work is begun until there is room.`;
    if (!isShort) onShort(message);
    isShort = true;
    const isKnown = hasChosenWithin(patienceMs) || (followed.size === 0 && clock.monotonic() - searchedAt < searchMs);
    const found = isKnown ? null : await findLargest();
    if (!isKnown) searchedAt = clock.monotonic();
    const isMuch = found !== null && found.bytes >= minFreeBytes * leastShare;
    if (isMuch) {
      const took = `Its commands wrote ${formatBytes(found.bytes)}, more than any other job's`;
      const reason = `${took}, and ${formatBytes(free)} were left on the disk, ${floor}.`;
      largest = { job: found.job, reason, chosenAt: clock.monotonic() };
    }
    // To end it takes the store, unless what it runs has to be stopped first.
    if (reserve && free < reserve.bytes && !isStopping()) await reserve.release();
    if (isMuch) await end(found);
    return message;
  };

  /** Why there is no room. What can't be measured holds nothing up. */
  const lookOnce = async (): Promise<string | null> => {
    if (disk === undefined) return null;
    looking ??= look(disk)
      .then((short) => {
        isInTrouble = false;
        return short;
      })
      .catch((error: unknown) => {
        if (!isInTrouble) onError(error);
        isInTrouble = true;
        return null;
      })
      .finally(() => {
        looking = null;
      });
    return looking;
  };

  return {
    async look() {
      await lookOnce();
    },
    async ensureRoom(job, signal) {
      for (;;) {
        const short = await lookOnce();
        if (short === null || largest?.job === job) return;
        if (!isBeingEnded()) {
          const fix = 'Make room, or lower minFreeDisk.';
          throw new BatonError('DISK_FULL', short, { details: { path: disk?.path ?? '' }, fix });
        }
        await clock.sleep(lookMs, { signal });
      }
    },
    whyEnded: (job) => (largest?.job === job ? largest.reason : null),
    isShort: () => isShort,
    freed(job) {
      if (largest?.job === job) largest = null;
      if (stopped === job) stopped = null;
    },
    follow(job, endStep) {
      const over = new AbortController();
      followed.set(job, endStep);
      const watch = async (): Promise<void> => {
        while (!over.signal.aborted) {
          await clock.sleep(lookMs, { signal: over.signal });
          await lookOnce();
        }
      };
      const watching = disk === undefined ? Promise.resolve() : watch().catch(() => undefined);
      return {
        async [Symbol.asyncDispose]() {
          if (largest?.job === job) stopped = job;
          followed.delete(job);
          over.abort(ended);
          await watching;
          if (stopped === job) await lookOnce();
        },
      };
    },
  };
}

async function keysByJob(provider: WorkspaceProvider): Promise<ReadonlyMap<string, readonly WorkspaceKey[]>> {
  const keys = new Map<string, WorkspaceKey[]>();
  for await (const { key } of provider.list()) keys.set(key.job, [...(keys.get(key.job) ?? []), key]);
  return keys;
}

const ended = new Error('The step has ended.');
