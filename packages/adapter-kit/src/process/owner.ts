import { readlinkSync } from 'node:fs';
import { isProcessAlive, readStartTime } from './is-process-alive.js';

/** What tells this daemon from every other: its pid, when it was started, and the PID namespace in which that holds. */
export function readOwner(): string | null {
  const startTime = readStartTime(process.pid);
  const namespace = readNamespace();
  return startTime === null || namespace === null ? null : `${process.pid}.${startTime}.${namespace}`;
}

/** Whether the daemon that calls itself so lives. Also true of what can't be judged from here. */
export function isOwnerAlive(owner: string): boolean {
  const [pid, startTime, namespace] = owner.split('.');
  if (pid === undefined || startTime === undefined || namespace !== readNamespace()) return true;
  return isProcessAlive(Number(pid), startTime);
}

function readNamespace(): string | null {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? null;
  } catch {
    return null;
  }
}
