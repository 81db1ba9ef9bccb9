import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isOwnerAlive, readOwner } from '@baton/adapter-kit';
import type { CommandLimits } from './command-limits.js';

/** Limits that the kernel holds over a whole process tree. */
export interface ControlGroup {
  add(pid: number): void;
  /** Once every process of it is dead. */
  remove(): Promise<void>;
}

/** A directory in which groups can perhaps be made. */
export interface GroupParent {
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
  readonly directory: string;
}

/**
 * Makes a group with these limits, or with those that can be had. Null where the machine lets us make none; the
 * probes tell.
 */
export function createControlGroup(limits: Pick<CommandLimits, 'memoryBytes' | 'processes'>): ControlGroup | null {
  const parents = findParents();
  const made: string[] = [];
  const limit = (controller: string, value: number): void => {
    parents.some((parent) => parent.controllers.includes(controller) && tryLimit(parent, controller, value, made));
  };
  limit('memory', limits.memoryBytes);
  limit('pids', limits.processes);
  if (made.length === 0) return null;
  const remove = async (): Promise<void> => {
    for (const directory of made) await removeGroup(directory);
  };
  return {
    add(pid) {
      for (const directory of made) tryWrite(join(directory, 'cgroup.procs'), pid);
    },
    remove,
  };
}

/** Where this process may make groups, best first: beside its own group (version 2 forbids it within), in it, at the top. */
export function mapGroupParents(mountInfo: string, ownGroups: string): GroupParent[] {
  const own = new Map(
    ownGroups
      .split('\n')
      .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
      .filter((match) => match !== null)
      .flatMap(([, names = '', path = '']) => names.split(',').map((name): [string, string] => [name, path])),
  );
  return mountInfo.split('\n').flatMap((line): GroupParent[] => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , mountRoot = '', mountPoint = ''] = before.split(' ');
    const [type = '', , options = ''] = after.split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') return [];
    const version = type === 'cgroup' ? 1 : 2;
    const controllers =
      version === 2 ? ['memory', 'pids'] : options.split(',').filter((each) => ['memory', 'pids'].includes(each));
    const ownPath = own.get(version === 2 ? '' : (controllers[0] ?? '?'));
    if (controllers.length === 0 || ownPath === undefined) return [];
    const within = mountRoot === '/' ? ownPath : ownPath.startsWith(mountRoot) ? ownPath.slice(mountRoot.length) : '/';
    const directory = join(mountPoint, within).replace(/\/$/, '');
    const candidates =
      version === 2 ? [within === '/' ? null : dirname(directory), directory] : [directory, mountPoint];
    return [...new Set(candidates.filter((each) => each !== null))].map((each) => ({
      version,
      controllers,
      directory: each,
    }));
  });
}

function findParents(): GroupParent[] {
  try {
    return mapGroupParents(readFileSync('/proc/self/mountinfo', 'utf8'), readFileSync('/proc/self/cgroup', 'utf8'));
  } catch {
    return [];
  }
}

/** Limits the group that was made in this parent already, or a new one, which is added to `made`. */
function tryLimit(parent: GroupParent, controller: string, limit: number, made: string[]): boolean {
  const known = made.find((each) => dirname(each) === parent.directory);
  const directory = known ?? tryMake(parent, controller);
  if (directory === null) return false;
  if (known === undefined) made.push(directory);
  if (controller === 'pids') return tryWrite(join(directory, 'pids.max'), limit);
  const optional = (name: string, value: number): boolean =>
    !existsSync(join(directory, name)) || tryWrite(join(directory, name), value);
  if (!existsSync(join(directory, 'memory.max'))) {
    return tryWrite(join(directory, 'memory.limit_in_bytes'), limit) && optional('memory.memsw.limit_in_bytes', limit);
  }
  return (
    tryWrite(join(directory, 'memory.max'), limit) && optional('memory.swap.max', 0) && optional('memory.oom.group', 1)
  );
}

function tryMake(parent: GroupParent, controller: string): string | null {
  try {
    if (parent.version === 2) {
      const control = join(parent.directory, 'cgroup.subtree_control');
      if (!readFileSync(control, 'utf8').split(/\s+/).includes(controller)) writeFileSync(control, `+${controller}`);
    }
    sweepGroups(parent.directory);
    const directory = join(parent.directory, `baton-${readOwner() ?? 'nobody'}-${randomBytes(4).toString('hex')}`);
    mkdirSync(directory);
    return directory;
  } catch {
    return null;
  }
}

/** Whether the kernel took it. Where it didn't, the probes find the limit open. */
function tryWrite(path: string, value: number): boolean {
  try {
    writeFileSync(path, String(value));
    return true;
  } catch {
    return false;
  }
}

/** Removes groups of daemons that were killed. One that still holds processes stays: the kernel refuses. */
function sweepGroups(parent: string): void {
  for (const name of readdirSync(parent)) {
    const owner = /^baton-([\d.]+)-[0-9a-f]+$/.exec(name)?.[1];
    if (owner === undefined || isOwnerAlive(owner)) continue;
    try {
      rmdirSync(join(parent, name));
    } catch {
      // As said.
    }
  }
}

/** The kernel lets go of the dead a moment after they can be seen no more. */
async function removeGroup(directory: string): Promise<void> {
  for (let pause = 1; pause < 2000; pause *= 2) {
    try {
      rmdirSync(directory);
      return;
    } catch {
      if (!existsSync(directory)) return;
      await delay(pause);
    }
  }
}
