import type { LeakScanner, OutgoingText } from '@baton/core';

/** What an in-memory scanner is made with. */
export interface MemoryLeakScannerOptions {
  /** Asked anew at each scan. Found as they stand, in no encoding. */
  readonly secrets: () => readonly { readonly name: string; readonly value: string }[];
}

/** A scanner that finds given strings, and tells what it was shown. */
export interface MemoryLeakScanner extends LeakScanner {
  /** Every text of every scan, in order. */
  readonly scanned: readonly OutgoingText[];
  /** Makes every later scan reject with this error; null mends it. */
  fail(error: unknown): void;
}

/** Makes a scanner that searches for given strings only: each call takes microtasks only. */
export function createMemoryLeakScanner(options: MemoryLeakScannerOptions): MemoryLeakScanner {
  const scanned: OutgoingText[] = [];
  let failure: unknown = null;
  return {
    spec: 'leak-scanner/1',
    id: 'memory-leak-scanner',
    async scan(texts, call) {
      call?.signal?.throwIfAborted();
      if (failure !== null) throw failure;
      const secrets = options.secrets();
      scanned.push(...texts);
      return texts.flatMap(({ where, text }) =>
        secrets.filter(({ value }) => value !== '' && text.includes(value)).map(({ name }) => ({ where, kind: name })),
      );
    },
    fail(error) {
      failure = error;
    },
    get scanned() {
      return [...scanned];
    },
  };
}
