const leavesOut = '--report-exclude-env';

/** Whether a report of Node on this process leaves its environment out. */
export function leavesEnvironmentOut({ execArgv }: Pick<NodeJS.Process, 'execArgv'>): boolean {
  return execArgv.includes(leavesOut);
}

/**
 * Goes on as the same process with reports that leave the environment out, where it isn't one yet. Returns where it
 * is, or where this Node can't: a full heap is then like being killed.
 */
export function leaveEnvironmentOut(): void {
  if (leavesEnvironmentOut(process) || process.execve === undefined) return;
  const { execPath, execArgv, argv, env } = process;
  try {
    process.execve(execPath, [execPath, leavesOut, ...execArgv, ...argv.slice(1)], env);
  } catch {
    // Not on this system.
  }
}
