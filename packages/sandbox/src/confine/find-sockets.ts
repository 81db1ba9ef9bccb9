import { type Dirent, lstatSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError, type CallOptions } from '@baton/core';
import { holderOf, type MountPlan } from './mount-plan.js';

/** About a second's worth. */
const mostEntries = 250_000;
const directoriesAtOnce = 64;

/**
 * Unix sockets of the host that could be seen in what is mounted read-only: a mount that is read-only keeps
 * nobody from connecting. Sockets that are listed by their own path are meant to be reached. Listed directories
 * are searched; of the system's, the kernel's list of sockets is believed. `CONFIG_INVALID` where there is too
 * much to be searched: what wasn't looked at may hold one.
 */
export async function findSockets(
  plan: Pick<MountPlan, 'mounts' | 'listed' | 'searched'>,
  options: CallOptions & { readonly mostEntries?: number } = {},
): Promise<string[]> {
  const found = new Set(await readBound());
  const most = options.mostEntries ?? mostEntries;
  let entries = 0;
  for (const start of plan.searched) {
    for (let level = [start]; level.length > 0; ) {
      options.signal?.throwIfAborted();
      const now = level.slice(0, directoriesAtOnce);
      const next = level.slice(directoriesAtOnce);
      for (const { directory, inside } of await Promise.all(now.map(list))) {
        entries += inside.length;
        for (const entry of inside) {
          const path = join(directory, entry.name);
          if (entry.isSocket()) found.add(path);
          else if (entry.isDirectory() && isReadOnly(plan, path)) next.push(path);
        }
      }
      if (entries > most) throw tooMuch(start, most);
      level = next;
    }
  }
  return [...found].filter((path) => isReadOnly(plan, path) && !plan.listed.includes(path) && isSocket(path));
}

async function list(directory: string): Promise<{ readonly directory: string; readonly inside: Dirent[] }> {
  // What can't be listed can't be entered inside either, or is a file.
  return { directory, inside: await readdir(directory, { withFileTypes: true }).catch(() => []) };
}

/** Paths of sockets, as they were bound: relative and renamed ones aren't to be found by them. */
async function readBound(): Promise<string[]> {
  const table = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  return table.split('\n').flatMap((line) => /^(?:\S+ +){7}(\/.*)$/.exec(line)?.[1] ?? []);
}

function isReadOnly(plan: Pick<MountPlan, 'mounts'>, path: string): boolean {
  return holderOf(plan.mounts, path)?.writable === false;
}

function isSocket(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true;
}

function tooMuch(directory: string, most: number): BatonError<'CONFIG_INVALID'> {
  return new BatonError(
    'CONFIG_INVALID',
    `What the sandbox may read holds more than ${most} entries, ${directory} among them: too many to be searched for sockets of the host.`,
    {
      details: { setting: 'sandbox.readable' },
      fix: `List the directories that are needed instead of ${directory}.`,
    },
  );
}
