import { execFile } from 'node:child_process';
import { constants, open, unlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { startDeadline } from '@baton/adapter-kit';
import type { CallOptions, Clock } from '@baton/core';
import { pathOf, tookTooLong } from '../bounds/snapshot-bounds.js';

/** What a look is bounded with. */
export interface LookParts {
  readonly clock: Clock;
  /** Of coreutils. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Has git look into a checkout, where an agent may have put a pipe under a name that git opens whatever it is
 * (`.gitignore`, `.gitattributes`, the `HEAD` of a repository inside): git then waits for somebody who writes into it.
 * Once the look takes long, pipes below `root` are taken away, which git could not store anyway. `TOO_LARGE` past
 * half an hour: what git was led to may lie elsewhere.
 */
export async function lookBounded<T>(
  root: string,
  { clock, environment }: LookParts,
  look: (options: CallOptions) => Promise<T>,
  options: CallOptions | undefined,
): Promise<T> {
  using deadline = startDeadline(clock, mostMs, { reason: () => tookTooLong(mostMs), signal: options?.signal });
  const done = new AbortController();
  const over = { signal: done.signal };
  const watch = async (): Promise<void> => {
    for (let pause = firstPauseMs; ; pause *= 2) {
      await clock.sleep(pause, over);
      await removePipes(root, environment, over);
    }
  };
  // It ends with the look; and where no pipe could be taken away, the limit of time is what is left.
  const watching = watch().catch(() => undefined);
  try {
    return await look({ signal: deadline.signal });
  } finally {
    done.abort();
    await watching;
  }
}

/** A large repository may take minutes to check out, on a slow disk. */
const mostMs = 30 * 60_000;
/** Few looks take so long. */
const firstPauseMs = 1_000;

async function removePipes(root: string, env: LookParts['environment'], options: CallOptions): Promise<void> {
  const settings = { cwd: root, encoding: 'latin1', env } as const;
  const { stdout } = await promisify(execFile)('find', ['.', '-type', 'p', '-print0'], {
    ...settings,
    ...options,
    maxBuffer: 2 ** 24,
    // It tells by its exit code that it could not enter a directory; what it found before counts all the same.
  }).catch((error: { readonly stdout?: string }) => ({ stdout: error.stdout ?? '' }));
  for (const name of stdout.split('\0').slice(0, -1)) {
    const path = pathOf(root, name);
    // Whoever waits to read from it is let go: somebody could have written, and has left.
    const flags = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW;
    const pipe = await open(path, flags).catch(() => null);
    await unlink(path).catch(() => undefined);
    await pipe?.close();
  }
}
