/** What tells this process from every other, one that bears the same number after a restart of the container included. */
export function readOwner(): string {
  return `${process.pid}:${Math.round(performance.timeOrigin)}`;
}

/** Whether the process may still be alive that calls itself so. */
export function isOwnerAlive(owner: string): boolean {
  const pid = Number(owner.split(':')[0]);
  if (pid === process.pid) return owner === readOwner();
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
