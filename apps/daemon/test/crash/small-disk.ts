import { execFile } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system in memory, of so many megabytes, at a directory that exists. */
export interface SmallDisk extends AsyncDisposable {
  /** Takes all room that is left. */
  fill(): Promise<void>;
  /** Gives back what `fill` took. */
  free(): Promise<void>;
  setReadOnly(readOnly: boolean): Promise<void>;
}

/** Whether this process may mount anything, or why not. */
export async function whyNoDisk(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'only root may mount a file system';
  return run('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).then(
    () => null,
    (error: unknown) => `no file system can be mounted here: ${String(error)}`,
  );
}

/** Mounts one. Disposing takes it away, with all that is in it. */
export async function mountSmallDisk(directory: string, megabytes: number): Promise<SmallDisk> {
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', directory]);
  const filler = join(directory, 'filler');
  return {
    async fill() {
      await using file = await open(filler, 'w');
      for (let block = 1_048_576; block >= 1; ) {
        try {
          await file.write(Buffer.alloc(block, 1));
        } catch {
          block = Math.floor(block / 2);
        }
      }
    },
    free: () => rm(filler, { force: true }),
    async setReadOnly(readOnly) {
      await run('mount', ['-o', `remount,${readOnly ? 'ro' : 'rw'}`, directory]);
    },
    async [Symbol.asyncDispose]() {
      // Lazily: a sandbox may still be about to let go of it.
      await run('umount', ['--lazy', directory]);
    },
  };
}
