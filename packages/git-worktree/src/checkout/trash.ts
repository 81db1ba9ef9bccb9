import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { AdapterHost } from '@baton/core';

/** Deletes what commands may have filled with anything: no tree can prevent it, and none is in anybody's way. */
export interface Trash {
  /** Moves a directory aside at one stroke; deleting it goes on by itself. Nothing happens where there is nothing. */
  discard(path: string): Promise<void>;
  /** Goes on with what processes left that were killed, or could not delete. */
  sweep(): Promise<void>;
  /** Resolves once all that was begun has been deleted, or given up until the next `sweep`. */
  settled(): Promise<void>;
  /** Gives what is going on a few seconds more, then ends it: the next process goes on with it. */
  close(): Promise<void>;
}

/** How long one directory may take, before the next gets its turn. */
const mostMs = 10 * 60_000;
/** How long the end of the process may wait: most directories take less. */
const closingMs = 5_000;

/** What a trash works with. */
export interface TrashOptions {
  readonly log: AdapterHost['log'];
  /** Of coreutils. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A trash in a directory, on the file system of what is discarded. */
export function createTrash(directory: string, { log, environment }: TrashOptions): Trash {
  const closing = new AbortController();
  /** One after another: deleting takes the disk from those who work. */
  let last: Promise<void> = Promise.resolve();
  const remove = (path: string): void => {
    last = last
      .then(() => deleteTree(path, environment, closing.signal))
      .catch((error: unknown) => {
        if (!closing.signal.aborted)
          log('warn', 'a directory could not be deleted yet', { path, error: String(error) });
      });
  };
  return {
    async discard(path) {
      const grave = join(directory, randomUUID());
      try {
        await rename(path, grave);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
        throw error;
      }
      remove(grave);
    },
    async sweep() {
      for (const name of await readdir(directory)) remove(join(directory, name));
    },
    settled: () => last,
    async close() {
      const soon = new AbortController();
      await Promise.race([last, delay(closingMs, undefined, { signal: soon.signal }).catch(() => undefined)]);
      soon.abort();
      closing.abort();
      await last;
    },
  };
}

/**
 * By coreutils, which walk a tree by descriptors and so don't mind how deep it is (Node's `rm` goes by paths, which
 * end at PATH_MAX). What its owner may not enter is opened first, which only an ordinary user needs.
 */
async function deleteTree(path: string, env: TrashOptions['environment'], signal: AbortSignal): Promise<void> {
  const run = promisify(execFile);
  const options = { signal, timeout: mostMs, env, maxBuffer: 2 ** 20 };
  if (signal.aborted) return;
  try {
    await run('rm', ['-rf', '--one-file-system', '--', path], options);
  } catch {
    signal.throwIfAborted();
    await run('chmod', ['-R', 'u+rwX', '--', path], options).catch(() => undefined);
    await run('rm', ['-rf', '--one-file-system', '--', path], options);
  }
}
