import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** The environment variable by which a process tree is found again, whatever became of parents and sessions. */
export const treeVariable = 'BATON_TREE';

/** One process of this machine, as /proc shows it. */
export interface ProcessEntry {
  readonly pid: number;
  /** One letter: `T` is stopped. See proc_pid_stat(5). */
  readonly state: string;
  readonly parentPid: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since boot. Tells two processes apart that had the same pid. */
  readonly startTime: string;
  /** What it was started with in `BATON_TREE`; null where it has none or isn't ours to read. */
  readonly tree: string | null;
}

/**
 * Every living process that can be seen; zombies count as dead. Empty where there is no Linux /proc.
 *
 * @param since clock ticks since boot: of processes that were started before, `tree` is null without a look,
 * which is what most of the time goes to. Default: looks at all.
 */
export async function listProcesses(since = 0): Promise<ProcessEntry[]> {
  const entries: ProcessEntry[] = [];
  let read = 0;
  for (const name of readProcDirectory()) {
    if (!/^\d+$/.test(name)) continue;
    const entry = readProcess(Number(name), since);
    if (entry !== null) entries.push(entry);
    // /proc answers from memory: reading it in sync is ten times faster. Others get their turn in between.
    read += 1;
    if (read % 100 === 0) await setImmediate();
  }
  return entries;
}

/** Null where the process is dead or a zombie. `since` as with `listProcesses`; default: `tree` isn't looked at. */
export function readProcess(pid: number, since = Number.POSITIVE_INFINITY): ProcessEntry | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may itself hold spaces and parentheses.
  const [state = 'X', parentPid, group, session, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTime = rest[15];
  if ('ZX'.includes(state) || startTime === undefined) return null;
  return {
    pid,
    state,
    parentPid: Number(parentPid),
    group: Number(group),
    session: Number(session),
    startTime,
    tree: Number(startTime) < since ? null : readTree(pid),
  };
}

function readTree(pid: number): string | null {
  const environ = readText(`/proc/${pid}/environ`);
  if (environ === null) return null;
  const start = `\0${environ}`.indexOf(`\0${treeVariable}=`);
  if (start === -1) return null;
  const end = environ.indexOf('\0', start);
  return environ.slice(start + treeVariable.length + 1, end === -1 ? undefined : end);
}

function readProcDirectory(): string[] {
  try {
    return process.platform === 'linux' ? readdirSync('/proc') : [];
  } catch {
    return [];
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
