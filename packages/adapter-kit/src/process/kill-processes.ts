import { setTimeout as delay } from 'node:timers/promises';
import { BatonError } from '@baton/core';
import { listProcesses, type ProcessEntry, readProcess } from './list-processes.js';
import { isOwnerAlive } from './owner.js';

const patienceMs = 10_000;

/**
 * Kills every process whose marker names a daemon that no longer lives: what a daemon that was itself killed
 * left behind. Call it when a daemon starts. Linux only; elsewhere there is nothing to find.
 *
 * @returns how many were killed
 */
export async function sweepProcesses(): Promise<number> {
  return killProcesses((entry) => entry.tree !== null && !isOwnerAlive(entry.tree));
}

/**
 * Kills what `isMember` holds for and everything that descends from it, and resolves once none is left.
 * `TIMEOUT` where one can't be killed.
 *
 * All are stopped before the first is killed, so that none can fork away in between, and so that no parent
 * dies while its children are still being looked for. A signal to stop comes while a fork is under way: only once
 * all have stopped is it seen whom they had begun.
 *
 * @param since clock ticks since boot: no member was started before
 * @returns how many were killed
 */
export async function killProcesses(isMember: (entry: ProcessEntry) => boolean, since = 0): Promise<number> {
  const startedAt = performance.now();
  const killed = new Set<string>();
  for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
    const stopped = new Map<number, string>();
    for (;;) {
      const found = (await findMembers(isMember, since)).filter((entry) => stopped.get(entry.pid) !== entry.startTime);
      if (found.length === 0) break;
      const obedient = found.filter(({ pid }) => send(pid, 'SIGSTOP'));
      for (const entry of found) stopped.set(entry.pid, entry.startTime);
      await untilStopped(obedient);
    }
    if (stopped.size === 0) return killed.size;
    for (const [pid, startTime] of stopped) {
      if (readProcess(pid)?.startTime === startTime) send(pid, 'SIGKILL');
      killed.add(`${pid}.${startTime}`);
    }
    const afterMs = performance.now() - startedAt;
    if (afterMs > patienceMs) {
      throw new BatonError(
        'TIMEOUT',
        `Processes ${[...stopped.keys()].join(', ')} don't end although they were killed.`,
        {
          details: { afterMs },
          fix: 'Look with ps for what they wait for; a process in uninterruptible sleep waits for a disk or a network file system.',
        },
      );
    }
    await delay(pause);
  }
}

async function findMembers(isMember: (entry: ProcessEntry) => boolean, since: number): Promise<ProcessEntry[]> {
  const entries = await listProcesses(since);
  const spared = ownLine(entries);
  const members = new Map<number, ProcessEntry>();
  for (let before = -1; before < members.size; ) {
    before = members.size;
    for (const entry of entries) {
      if (spared.has(entry.pid) || members.has(entry.pid)) continue;
      if (members.has(entry.parentPid) || isMember(entry)) members.set(entry.pid, entry);
    }
  }
  return [...members.values()];
}

/** This process and those that it descends from, which may belong to another daemon's tree. */
function ownLine(entries: readonly ProcessEntry[]): Set<number> {
  const parents = new Map(entries.map((entry) => [entry.pid, entry.parentPid]));
  const line = new Set<number>();
  for (let pid: number | undefined = process.pid; pid !== undefined && !line.has(pid); pid = parents.get(pid))
    line.add(pid);
  return line;
}

/** One that waits for a disk can't stop, and can't fork either: it is not waited for longer than this. */
const diskMs = 1_000;

/** One that a busy machine hasn't let run since it was asked could still fork: that is waited for with all patience. */
async function untilStopped(asked: readonly ProcessEntry[]): Promise<void> {
  const startedAt = performance.now();
  const goesOn = ({ pid, startTime }: ProcessEntry): boolean => {
    const now = readProcess(pid);
    if (now === null || now.startTime !== startTime || 'TtZX'.includes(now.state)) return false;
    return performance.now() - startedAt < (now.state === 'D' ? diskMs : patienceMs);
  };
  for (let left = asked.filter(goesOn); left.length > 0; left = left.filter(goesOn)) await delay(1);
}

/** False where it ended in between, or belongs to somebody else. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
