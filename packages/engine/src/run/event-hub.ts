import type { BatonEvent } from '../job/engine-event.js';

/** How many events a slow reader is kept. */
const longestQueue = 10_000;

interface Reader {
  readonly queue: BatonEvent[];
  wake: () => void;
}

/** Hands events to any number of readers. */
export interface EventHub {
  emit(event: BatonEvent): void;
  /** From now on, until `close`. */
  read(): AsyncIterable<BatonEvent>;
  close(): void;
}

/** A hub without readers. */
export function createEventHub(): EventHub {
  const readers = new Set<Reader>();
  let closed = false;
  const read = async function* (reader: Reader): AsyncGenerator<BatonEvent> {
    try {
      for (;;) {
        yield* reader.queue.splice(0);
        if (reader.queue.length > 0) continue;
        if (closed) return;
        await new Promise<void>((resolve) => {
          reader.wake = resolve;
        });
      }
    } finally {
      readers.delete(reader);
    }
  };
  return {
    emit(event) {
      for (const reader of readers) {
        reader.queue.push(event);
        if (reader.queue.length > longestQueue) reader.queue.shift();
        reader.wake();
      }
    },
    read() {
      // Registered at once, not at the first `next`: nothing between the two is missed.
      const reader: Reader = { queue: [], wake: () => {} };
      readers.add(reader);
      return read(reader);
    },
    close() {
      closed = true;
      for (const reader of readers) reader.wake();
    },
  };
}
