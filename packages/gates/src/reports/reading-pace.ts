import { setImmediate } from 'node:timers/promises';

/**
 * Called with how many characters of a report were read since the last call. Lets others have their turn every now and
 * then: a report can be as long as its run likes, and the daemon has one thread. Rejects with the signal's reason, and
 * with `ReadTooLong` once the time for reading is over.
 */
export type ReadingPace = (characters: number) => Promise<void>;

/** Reading took longer than it may. */
export class ReadTooLong extends Error {
  override readonly name = 'ReadTooLong';
}

/** As many as are read at a stroke, in some milliseconds. */
export const charactersAtOnce = 8_192;

/** A pace for all the reports of one run. `limitMs`: how long they may take together. */
export function createReadingPace(limitMs: number, signal?: AbortSignal): ReadingPace {
  const start = performance.now();
  let unpaced = 0;
  return async (characters) => {
    unpaced += characters;
    if (unpaced < charactersAtOnce) return;
    unpaced = 0;
    await setImmediate();
    signal?.throwIfAborted();
    if (performance.now() - start > limitMs) throw new ReadTooLong('The report takes too long to be read.');
  };
}
