import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readlink, realpath, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { BatonError } from '@baton/core';
import { mapDiskFull } from './map-error.js';

/**
 * A file below `root`, links followed as long as they stay there; null where there is no regular file.
 * `PERMISSION_DENIED` outside, and where the path is exchanged while it is being read.
 */
export async function readContained(root: string, path: string): Promise<Uint8Array | null> {
  const target = lexical(root, path);
  const realRoot = await realpath(root);
  const real = await realpath(target).catch(absent);
  if (real === null) {
    // Not even whether there is something outside is told.
    await resolveMissing(realRoot, dirname(target), path);
    return null;
  }
  if (!isBelow(realRoot, real)) throw denied(path);
  // Non-blocking, as a pipe would hold us up.
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(absent);
  if (file === null) return null;
  try {
    await confirmPlace(file, real, path);
    if (!(await file.stat()).isFile()) return null;
    return new Uint8Array(await file.readFile());
  } catch (error) {
    throw mapFileError(error, path);
  } finally {
    await file.close();
  }
}

/** Writes a file below `root`, with the directories on the way. `PERMISSION_DENIED` outside and at the link to the vault. */
export async function writeContained(root: string, path: string, data: Uint8Array | string): Promise<void> {
  const target = lexical(root, path);
  const realRoot = await realpath(root);
  if (target === resolve(root)) throw denied(path);
  const real = await resolveMissing(realRoot, join(realRoot, target.slice(resolve(root).length + 1)), path);
  const [first = ''] = real.slice(realRoot.length + 1).split(sep);
  if (first.toLowerCase() === '.git') throw denied(path);
  try {
    await writeAt(real, realRoot, data);
  } catch (error) {
    throw mapFileError(error, path);
  }
}

async function writeAt(real: string, realRoot: string, data: Uint8Array | string): Promise<void> {
  const parent = await holdDirectory(realRoot, dirname(real).slice(realRoot.length).split(sep));
  try {
    const name = join(parent.path, basename(real));
    const found = await lstat(name).catch(absent);
    if (found !== null && !found.isFile()) throw denied(real);
    // The other name of a hard link is somebody else's file.
    if (found !== null && found.nlink > 1) await unlink(name);
    const isNew = found === null || found.nlink > 1;
    const flags = constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const mode = found === null ? 0o666 : found.mode & 0o777;
    const file = await open(name, flags | (isNew ? constants.O_CREAT | constants.O_EXCL : constants.O_TRUNC), mode);
    try {
      await file.writeFile(data);
    } finally {
      await file.close();
    }
  } finally {
    await parent.handle.close();
  }
}

interface HeldDirectory {
  readonly handle: FileHandle;
  /** Leads to the directory that is held, whatever became of its name. */
  readonly path: string;
}

/** Opens a directory step by step, making what is missing, so that exchanging a name on the way leads nowhere else. */
async function holdDirectory(root: string, segments: readonly string[]): Promise<HeldDirectory> {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  let held: HeldDirectory = hold(await open(root, flags), root);
  for (const segment of segments.filter((each) => each !== '')) {
    const next = join(held.path, segment);
    try {
      const handle = await open(next, flags).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        await mkdir(next);
        return await open(next, flags);
      });
      await held.handle.close();
      held = hold(handle, next);
    } catch (error) {
      await held.handle.close();
      throw error;
    }
  }
  return held;
}

function hold(handle: FileHandle, path: string): HeldDirectory {
  return { handle, path: process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path };
}

/** The path with every link resolved. A part that isn't there yet stays as it is; a link that leads nowhere is refused. */
async function resolveMissing(realRoot: string, target: string, path: string): Promise<string> {
  const missing: string[] = [];
  for (let current = target; ; current = dirname(current)) {
    const real = await realpath(current).catch(absent);
    if (real !== null) {
      if (!isBelow(realRoot, real)) throw denied(path);
      return join(real, ...missing);
    }
    if ((await lstat(current).catch(absent))?.isSymbolicLink()) throw denied(path);
    missing.unshift(basename(current));
  }
}

/** Where the open file really is must be where it was looked for. */
async function confirmPlace(file: FileHandle, expected: string, path: string): Promise<void> {
  if (process.platform === 'linux') {
    if ((await readlink(`/proc/self/fd/${file.fd}`)) !== expected) throw denied(path);
    return;
  }
  const [held, seen] = [await file.stat(), await lstat(await realpath(expected))];
  if (held.dev !== seen.dev || held.ino !== seen.ino || (await realpath(expected)) !== expected) throw denied(path);
}

function lexical(root: string, path: string): string {
  const target = path.includes('\0') ? '' : resolve(root, path);
  if (!isBelow(resolve(root), target)) throw denied(path);
  return target;
}

function isBelow(root: string, path: string): boolean {
  return path === root || path.startsWith(`${root}${sep}`);
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ENXIO') return null;
  throw error;
}

function denied(path: string): BatonError<'PERMISSION_DENIED'> {
  return new BatonError('PERMISSION_DENIED', `${JSON.stringify(path)} is not to be reached in the workspace.`, {
    details: { resource: path },
    adapter: 'git-worktree',
  });
}

function mapFileError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const refusals = ['ELOOP', 'ENOTDIR', 'EISDIR', 'EEXIST', 'EACCES', 'EPERM', 'ENAMETOOLONG', 'EROFS'];
  return code !== undefined && refusals.includes(code) ? denied(path) : mapDiskFull(error, path);
}
