import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { BatonError, type SandboxPolicy } from '@baton/core';

/** A path of the host that is there inside. Canonical: no component of it is a symlink. */
export interface Mount {
  readonly path: string;
  readonly writable: boolean;
}

/** A symlink that is made again inside, so that a listed path works under the name it was listed by. */
export interface Link {
  readonly path: string;
  readonly target: string;
}

/** What is there inside, beside `/proc`, `/dev`, `/tmp` and the private home. */
export interface MountPlan {
  readonly root: string;
  readonly mounts: readonly Mount[];
  readonly links: readonly Link[];
  /** Every path that the policy lists, as it really is. */
  readonly listed: readonly string[];
  /** What is mounted read-only for the policy, and not for every command. */
  readonly searched: readonly string[];
}

/** What programs need to start. No private keys (`/etc/ssl/private`), no sockets (`/run`). */
const systemPaths = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/etc/localtime',
  '/etc/pki/ca-trust',
  '/etc/pki/tls/certs',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
];
/** Made anew inside: what the host has there is never mounted. */
const reserved = ['/proc', '/dev'];

/** Looks at the host: follows the symlinks of listed paths, leaves out what isn't there, sorts out what contains what. */
export function planMounts(policy: SandboxPolicy): MountPlan {
  const system = resolveAll([...systemPaths, process.execPath]);
  const readable = resolveAll(policy.readable);
  const writable = resolveAll(policy.writable);
  const root = resolve(listed(policy.root));
  if (root === null) {
    throw new BatonError('COMMAND_FAILED', `The working tree ${policy.root} isn't there.`, {
      details: { command: policy.root },
    });
  }
  const modes = new Map<string, boolean>();
  for (const { path } of [...system, ...readable, root]) modes.set(path, false);
  for (const { path } of writable) modes.set(path, true);
  const all = [...modes].map(([path, isWritable]) => ({ path, writable: isWritable }));
  for (const { path } of all) refuseEverything(path);
  // What its container shows in the same way needs no mount of its own.
  const mounts = all.filter((each) => holderOf(all, dirname(each.path))?.writable !== each.writable);
  const links = new Map<string, string>();
  for (const link of [...system, ...readable, ...writable, root].flatMap((each) => each.links)) {
    const holder = holderOf(mounts, dirname(link.path));
    if (holder?.writable) {
      // Whoever writes there could have pointed it at anything of the host's.
      throw new BatonError(
        'COMMAND_FAILED',
        `${link.path} was listed for the sandbox but is a symlink in a writable directory.`,
        {
          details: { command: link.path },
        },
      );
    }
    if (holder === null) links.set(link.path, link.target);
  }
  return {
    root: root.path,
    mounts,
    links: [...links].map(([path, target]) => ({ path, target })),
    listed: [...readable, ...writable].map(({ path }) => path),
    searched: mounts.flatMap(({ path, writable: isWritable }) =>
      isWritable || system.some((each) => each.path === path) ? [] : [path],
    ),
  };
}

/** Whether `path` is `directory` or lies in it. Both normalised. */
export function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

/** The mount that decides over a path: the longest that contains it. */
export function holderOf(mounts: readonly Mount[], path: string): Mount | null {
  return mounts.reduce<Mount | null>(
    (longest, each) => (isInside(path, each.path) && each.path.length > (longest?.path.length ?? 0) ? each : longest),
    null,
  );
}

interface Resolved {
  readonly path: string;
  readonly links: readonly Link[];
}

function resolveAll(paths: readonly string[]): Resolved[] {
  return paths.map((path) => resolve(listed(path))).filter((each) => each !== null);
}

function listed(path: string): string {
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new BatonError('CONFIG_INVALID', `The sandbox takes absolute paths only; ${JSON.stringify(path)} is none.`, {
      details: { setting: 'sandbox' },
    });
  }
  const normal = normalize(path).replace(/(?<=.)\/$/, '');
  refuseEverything(normal);
  return normal;
}

function refuseEverything(path: string): void {
  if (path !== '/' && !reserved.some((each) => isInside(path, each))) return;
  throw new BatonError('CONFIG_INVALID', `The sandbox can't be given ${path}: it would hold nothing back.`, {
    details: { setting: 'sandbox' },
    fix: `List the directories that are needed instead of ${path}.`,
  });
}

/** The canonical path and every symlink on the way to it. Null where it isn't there, or can't be seen. */
function resolve(path: string): Resolved | null {
  const links: Link[] = [];
  let rest = path.split('/').filter((part) => part !== '');
  let current = '/';
  while (rest.length > 0) {
    const [name = '', ...following] = rest;
    const next = join(current, name);
    const target = readTarget(next);
    if (target === null) return null;
    if (target === false) {
      current = next;
      rest = following;
      continue;
    }
    links.push({ path: next, target });
    if (links.length > 40) return null;
    rest = [...target.split('/').filter((part) => part !== '' && part !== '.'), ...following];
    if (isAbsolute(target)) current = '/';
  }
  return { path: current, links };
}

/** Where a symlink points; false for anything else that is there, null for nothing that can be seen. */
function readTarget(path: string): string | false | null {
  try {
    return lstatSync(path).isSymbolicLink() && readlinkSync(path);
  } catch {
    return null;
  }
}
