import { readdir, readFile } from 'node:fs/promises';
import type { Clock } from '@baton/core';

/** The environment variable that marks the processes of one git command, helpers of helpers included. */
export const markerVariable = 'BATON_GIT';

/** Git gets so many looks, 10 ms apart, to take its lock files away before it is killed. */
const patience = 30;

/**
 * Ends every process that bears a marker, and resolves once none is left. A helper that waits for a remote
 * doesn't notice by itself that the git which began it is gone. Linux only: elsewhere it ends by git's own time
 * limit.
 */
export async function endMarked(marker: string, clock: Clock): Promise<void> {
  for (let look = 0; ; look += 1) {
    const found = await listMarked(marker);
    if (found.length === 0) return;
    for (const pid of found) {
      try {
        process.kill(pid, look < patience ? 'SIGTERM' : 'SIGKILL');
      } catch {
        // It ended in between.
      }
    }
    await clock.sleep(10);
  }
}

async function listMarked(marker: string): Promise<readonly number[]> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.filter((each) => /^\d+$/.test(each)).map(Number);
  const marked = await Promise.all(
    pids.map(async (pid) => {
      // Empty once a process is dead.
      const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environ.split('\0').includes(`${markerVariable}=${marker}`) && pid !== process.pid;
    }),
  );
  return pids.filter((_, index) => marked[index]);
}
