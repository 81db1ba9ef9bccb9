import { isProcessAlive, readStartTime } from '@baton/adapter-kit';

/** What tells this process from every other, one that bears the same number after a restart of the container included. */
export function readOwner(): string {
  return `${process.pid}:${readStartTime(process.pid) ?? ''}`;
}

/** Whether the process may still be alive that calls itself so. */
export function isOwnerAlive(owner: string): boolean {
  const [pid, startTime] = owner.split(':');
  return isProcessAlive(Number(pid), startTime || null);
}
