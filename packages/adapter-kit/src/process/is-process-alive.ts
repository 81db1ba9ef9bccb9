import { readProcess } from './list-processes.js';

/** When a process of this machine began, in clock ticks since boot; null where it is dead or the system doesn't tell. */
export function readStartTime(pid: number): string | null {
  return readProcess(pid)?.startTime ?? null;
}

/**
 * Whether a process of this machine still lives: the one that began then, as `readStartTime` told while it lived, and
 * none that was given its number since. A zombie is dead. Also true of another account's that can't be looked at.
 * Null: whichever bears the number, which is all that can be asked outside Linux.
 */
export function isProcessAlive(pid: number, startTime: string | null): boolean {
  // To 0 and below, a signal goes to many.
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  let isOurs = true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
    isOurs = false;
  }
  const entry = readProcess(pid);
  if (entry === null) return !isOurs || readProcess(process.pid) === null;
  return startTime === null || entry.startTime === startTime;
}
