import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readlink, realpath, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { bytesOfPath, pathOfBytes } from '@baton/adapter-kit';
import { BatonError } from '@baton/core';
import { mapMachineFailure } from '../git/map-error.js';

// Names are bytes, as latin1: a file's name need not be UTF-8, and what separates its parts is ASCII.

/** How long a file may be that is read whole into memory. */
export const maxReadBytes = 16 * 1024 ** 2;

/**
 * A file below `root`, links followed as long as they stay there; null where there is no regular file.
 * `PERMISSION_DENIED` outside, and where the path is exchanged while it is being read. `TOO_LARGE` past
 * `maxReadBytes`, however much is added while it is being read.
 */
export async function readContained(root: string, path: string): Promise<Uint8Array | null> {
  const target = lexical(root, path);
  const realRoot = await resolveLinks(nameOf(root));
  const real = await resolveLinks(target).catch(absent);
  if (real === null) {
    // Not even whether there is something outside is told.
    await resolveMissing(realRoot, dirname(target), path);
    return null;
  }
  if (!isBelow(realRoot, real)) throw denied(path);
  // Non-blocking, as a pipe would hold us up.
  const file = await open(onDisk(real), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(absent);
  if (file === null) return null;
  try {
    await confirmPlace(file, real, path);
    const found = await file.stat();
    if (!found.isFile()) return null;
    // A file can be a terabyte of nothing.
    if (found.size > maxReadBytes) throw tooLong(path);
    return await readAll(file, path);
  } catch (error) {
    throw mapFileError(error, path);
  } finally {
    await file.close();
  }
}

async function readAll(file: FileHandle, path: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes));
    if (bytesRead === 0) return new Uint8Array(Buffer.concat(chunks));
    length += bytesRead;
    if (length > maxReadBytes) throw tooLong(path);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

const chunkBytes = 256 * 1024;

/** Writes a file below `root`, with the directories on the way. `PERMISSION_DENIED` outside and at the link to the vault. */
export async function writeContained(root: string, path: string, data: Uint8Array | string): Promise<void> {
  const target = lexical(root, path);
  const top = resolve(nameOf(root));
  const realRoot = await resolveLinks(top);
  if (target === top) throw denied(path);
  const real = await resolveMissing(realRoot, join(realRoot, target.slice(top.length + 1)), path);
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
    const found = await lstat(onDisk(name)).catch(absent);
    if (found !== null && !found.isFile()) throw denied(pathOfBytes(real));
    // The other name of a hard link is somebody else's file.
    if (found !== null && found.nlink > 1) await unlink(onDisk(name));
    const isNew = found === null || found.nlink > 1;
    const flags = constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const mode = found === null ? 0o666 : found.mode & 0o777;
    const how = flags | (isNew ? constants.O_CREAT | constants.O_EXCL : constants.O_TRUNC);
    const file = await open(onDisk(name), how, mode);
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
  let held: HeldDirectory = hold(await open(onDisk(root), flags), root);
  for (const segment of segments.filter((each) => each !== '')) {
    const next = join(held.path, segment);
    try {
      const handle = await open(onDisk(next), flags).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        await mkdir(onDisk(next));
        return await open(onDisk(next), flags);
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
    const real = await resolveLinks(current).catch(absent);
    if (real !== null) {
      if (!isBelow(realRoot, real)) throw denied(path);
      return join(real, ...missing);
    }
    if ((await lstat(onDisk(current)).catch(absent))?.isSymbolicLink()) throw denied(path);
    missing.unshift(basename(current));
  }
}

/** Where the open file really is must be where it was looked for. */
async function confirmPlace(file: FileHandle, expected: string, path: string): Promise<void> {
  if (process.platform === 'linux') {
    const held = await readlink(`/proc/self/fd/${file.fd}`, 'buffer');
    if (held.toString('latin1') !== expected) throw denied(path);
    return;
  }
  const real = await resolveLinks(expected);
  const [held, seen] = [await file.stat(), await lstat(onDisk(real))];
  if (held.dev !== seen.dev || held.ino !== seen.ino || real !== expected) throw denied(path);
}

function lexical(root: string, path: string): string {
  const target = path.includes('\0') ? '' : resolve(nameOf(root), nameOf(path));
  if (!isBelow(resolve(nameOf(root)), target)) throw denied(path);
  return target;
}

function nameOf(path: string): string {
  return bytesOfPath(path).toString('latin1');
}

function onDisk(name: string): Buffer {
  return Buffer.from(name, 'latin1');
}

async function resolveLinks(name: string): Promise<string> {
  return (await realpath(onDisk(name), 'buffer')).toString('latin1');
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

function tooLong(path: string): BatonError<'TOO_LARGE'> {
  const message = `${JSON.stringify(path)} is longer than ${maxReadBytes} bytes, so it was not read.`;
  return new BatonError('TOO_LARGE', message, {
    details: { resource: path, limit: 'bytes', allowed: maxReadBytes },
    adapter: 'git-worktree',
    fix: 'Read a part of it with a command such as `head -c`.',
  });
}

function mapFileError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const refusals = ['ELOOP', 'ENOTDIR', 'EISDIR', 'EEXIST', 'EACCES', 'EPERM', 'ENAMETOOLONG', 'EROFS'];
  return code !== undefined && refusals.includes(code) ? denied(path) : mapMachineFailure(error, path);
}
