import { constants, lstatSync } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { makeDirectories, placeWhole } from '@baton/adapter-kit';
import type { Runtime } from '@baton/core';
import { BatonError } from '@baton/core';
import { adapterId, codeOf, mapFileError } from './map-error.js';

/** Larger files are left out: they are no text that a person wrote. */
export const maxFileBytes = 1024 * 1024;

const strayMs = 3_600_000;
const stampsInTurn = 500;

/** What a file was like when somebody looked. Equal stamps: the same content, unless it changed within the clock's grain. */
export interface Stamp {
  readonly value: string;
  readonly changedAt: number;
  readonly bornAt: number;
}

/** Bytes of a regular file, or why there are none. */
export type FileContent =
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly stamp: Stamp }
  | { readonly kind: 'absent' }
  | { readonly kind: 'problem'; readonly problem: string };

/**
 * The files of one folder, by paths relative to it with `/`. Symlinks are never followed, neither as a file
 * nor as a directory on the way; writes are whole or not at all.
 */
export interface Folder {
  readonly root: string;
  /** Whether the folder itself is there. */
  exists(): Promise<boolean>;
  /** Names in a directory, sorted; null where there is no directory. Hidden ones are left out. */
  list(directory: string): Promise<readonly string[] | null>;
  read(file: string): Promise<FileContent>;
  /** Null where there is nothing. */
  stamp(file: string): Promise<Stamp | null>;
  /** The same of many files of one directory, in order: much cheaper than one by one. */
  stamps(directory: string, names: readonly string[]): Promise<readonly (Stamp | null)[]>;
  /** Replaces a file that is still as it was read; `CONFLICT` where it isn't. */
  replace(file: string, bytes: Buffer, expected: Stamp): Promise<void>;
  /** Creates a file, directories on the way included. False where the name is taken. */
  create(file: string, bytes: Buffer): Promise<boolean>;
  /** No error where it is gone already. */
  remove(file: string): Promise<void>;
}

/** Does no input or output. */
export function createFolder(root: string, runtime: Runtime): Folder {
  const pathOf = (file: string): string => join(root, file);

  /** Throws `PERMISSION_DENIED` where a symlink leads away on the way to a directory; false where there is none. */
  const confirmDirectory = async (directory: string): Promise<boolean> => {
    const path = pathOf(directory);
    try {
      const [real, realRoot] = [await realpath(path), await realpath(root)];
      if (real === join(realRoot, directory)) return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false;
      throw mapFileError(error, path);
    }
    throw new BatonError('PERMISSION_DENIED', `${path} is reached through a symlink, which Baton never follows.`, {
      adapter: adapterId,
      details: { resource: path },
      fix: 'put a real directory there',
    });
  };

  const stamp = async (file: string): Promise<Stamp | null> => {
    try {
      const status = await lstat(pathOf(file), { bigint: true });
      return stampOf(status);
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
      throw mapFileError(error, pathOf(file));
    }
  };

  /** Step by step, so that no symlink on the way is followed. */
  const makeDirectory = async (directory: string): Promise<void> => {
    makeDirectories(root);
    const names = directory.split('/').filter((name) => name !== '.');
    for (const [index] of names.entries()) {
      const step = names.slice(0, index + 1).join('/');
      await mkdir(pathOf(step)).catch((error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
      });
      await confirmDirectory(step);
    }
  };

  /** Files that a killed process left half-written. */
  const removeStrays = async (directory: string): Promise<void> => {
    for (const name of await readdir(pathOf(directory))) {
      if (!/^\.baton-.*\.tmp$/.test(name)) continue;
      const found = await stamp(join(directory, name));
      if (found && found.changedAt < runtime.clock.now() - strayMs)
        await rm(pathOf(join(directory, name)), { force: true });
    }
  };

  /** Makes the complete file beside its place, and lets `settle` put it there. */
  const writeBeside = async <Result>(
    file: string,
    bytes: Buffer,
    mode: number,
    settle: (temporary: string) => Promise<Result>,
  ): Promise<Result> => {
    try {
      await makeDirectory(dirname(file));
      await removeStrays(dirname(file));
      return await placeWhole(pathOf(file), bytes, mode, settle);
    } catch (error) {
      throw mapFileError(error, pathOf(file));
    }
  };

  return {
    root,
    stamp,
    async stamps(directory, names) {
      const found: (Stamp | null)[] = [];
      for (const [index, name] of names.entries()) {
        // Each takes a few microseconds, a tenth of what handing it to another thread does; others have their turn.
        if (index % stampsInTurn === stampsInTurn - 1) await setImmediate();
        const path = pathOf(`${directory}/${name}`);
        try {
          const status = lstatSync(path, { bigint: true, throwIfNoEntry: false });
          found.push(status === undefined ? null : stampOf(status));
        } catch (error) {
          if (codeOf(error) !== 'ENOTDIR') throw mapFileError(error, path);
          found.push(null);
        }
      }
      return found;
    },
    async exists() {
      return (await lstat(root).catch(() => null)) !== null;
    },
    async list(directory) {
      if (!(await confirmDirectory(directory))) return null;
      try {
        return (await readdir(pathOf(directory))).filter((name) => !name.startsWith('.')).sort();
      } catch (error) {
        if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
        throw mapFileError(error, pathOf(directory));
      }
    },
    async read(file) {
      if (!(await confirmDirectory(dirname(file)))) return { kind: 'absent' };
      let handle: FileHandle | undefined;
      try {
        // Looked at first, because opening a pipe or a device can do things.
        const before = await lstat(pathOf(file));
        if (!before.isFile())
          return { kind: 'problem', problem: `is ${before.isSymbolicLink() ? 'a symlink' : 'no file'}` };
        handle = await open(pathOf(file), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
        const status = await handle.stat({ bigint: true });
        if (!status.isFile()) return { kind: 'problem', problem: 'is no file' };
        if (status.size > maxFileBytes) return { kind: 'problem', problem: `is larger than ${maxFileBytes} bytes` };
        const bytes = await handle.readFile();
        if (bytes.length > maxFileBytes) return { kind: 'problem', problem: `is larger than ${maxFileBytes} bytes` };
        return { kind: 'bytes', bytes, stamp: stampOf(status) };
      } catch (error) {
        const code = codeOf(error);
        if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
        if (code === undefined) throw error;
        return { kind: 'problem', problem: `can't be opened (${code})` };
      } finally {
        await handle?.close();
      }
    },
    async replace(file, bytes, expected) {
      const mode = (await lstat(pathOf(file)).catch(() => null))?.mode ?? 0o644;
      await writeBeside(file, bytes, mode & 0o777, async (temporary) => {
        const now = await stamp(file);
        if (now?.value !== expected.value) {
          const message = `${pathOf(file)} changed while Baton was about to write it.`;
          throw new BatonError('CONFLICT', message, { adapter: adapterId, details: {} });
        }
        await rename(temporary, pathOf(file));
      });
    },
    async create(file, bytes) {
      return writeBeside(file, bytes, 0o644, async (temporary) => {
        try {
          await link(temporary, pathOf(file));
          return true;
        } catch (error) {
          if (codeOf(error) === 'EEXIST') return false;
          // Some file systems have no hard links: there a crash can leave a part of a file, still never two of a name.
          if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error) ?? '')) throw error;
          return createPlainly(pathOf(file), bytes);
        }
      });
    },
    async remove(file) {
      if (!(await confirmDirectory(dirname(file)))) return;
      await rm(pathOf(file), { force: true }).catch((error: unknown) => {
        throw mapFileError(error, pathOf(file));
      });
    },
  };
}

async function createPlainly(path: string, bytes: Buffer): Promise<boolean> {
  try {
    const handle = await open(path, 'wx', 0o644);
    await handle.writeFile(bytes).finally(() => handle.close());
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function stampOf(status: {
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly mtimeMs: bigint;
  readonly birthtimeMs: bigint;
}): Stamp {
  const changedAt = Number(status.mtimeMs);
  const born = Number(status.birthtimeMs);
  return {
    value: [status.ino, status.size, status.mtimeNs, status.ctimeNs].join('-'),
    changedAt,
    bornAt: born > 0 ? Math.min(born, changedAt) : changedAt,
  };
}
