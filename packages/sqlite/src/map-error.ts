import { accessSync, constants, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { mapMachineError } from '@baton/adapter-kit';
import { BatonError, messageOf } from '@baton/core';

/** SQLite's primary result codes: https://sqlite.org/rescode.html */
const primary = {
  perm: 3,
  busy: 5,
  locked: 6,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  auth: 23,
  notadb: 26,
} as const;

function codeOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}

/** Whether another connection stands in the way for now. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code === primary.busy || code === primary.locked;
}

/** Whether the file isn't there, or can't be opened. */
export function isCantOpen(error: unknown): boolean {
  return codeOf(error) === primary.cantopen;
}

/** What SQLite, the file system or JSON said about the store at `path`, in Baton's words. */
export function mapError(error: unknown, path: string): BatonError {
  if (BatonError.is(error)) return error;
  switch (codeOf(error)) {
    case primary.busy:
    case primary.locked:
      return unavailable(path, 'is locked by another program', error);
    case primary.corrupt:
    case primary.notadb:
      return storeUnreadable(path, 'is damaged or is not a Baton store', error);
    case primary.full:
      return diskFull(path, error);
    case primary.perm:
    case primary.auth:
    case primary.readonly:
      return permissionDenied(path, error);
    case primary.cantopen:
    case primary.ioerr:
      return mapFileTrouble(path, error);
    case null:
      return mapSystemError(error, path);
    default:
      return internal(path, error);
  }
}

/** The store can't be read, or isn't ours to read. */
export function storeUnreadable(path: string, what: string, cause?: unknown, fix?: string): BatonError {
  return new BatonError('STORE_UNREADABLE', `The store at ${path} ${what}; it is kept as it is.`, {
    details: { path },
    adapter: 'sqlite',
    fix:
      fix ??
      'Restore a backup in its place, or set it aside and look what hosts still tell: baton recover shows it, baton recover --yes does it.',
    cause,
  });
}

/** Another program holds what is needed, or the machine has trouble that may pass. */
export function unavailable(path: string, what: string, cause?: unknown): BatonError {
  return new BatonError('UNAVAILABLE', `The store at ${path} ${what}.`, {
    details: {},
    adapter: 'sqlite',
    fix: 'Look who else holds it, how many files may be open (`ulimit -n`), and at the log of the system for its disk.',
    cause,
  });
}

/** A Baton that knows the old schema alone would be stopped in the middle of what it does. */
export function atWork(path: string, from: number, to: number): BatonError {
  const message = `The store at ${path} is of version ${from} and would be taken to version ${to}, but a Baton of that version is at work on it.`;
  return new BatonError('UNAVAILABLE', message, {
    details: {},
    adapter: 'sqlite',
    fix: 'Stop the other Baton first, or look at the store with its version.',
  });
}

function mapSystemError(error: unknown, path: string): BatonError {
  // Only what the store itself wrote is parsed.
  if (error instanceof SyntaxError) return storeUnreadable(path, 'holds a value that cannot be read', error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  switch (code) {
    // https://nodejs.org/api/sqlite.html: a number in a row that is greater than any that the store writes.
    case 'ERR_OUT_OF_RANGE':
      return storeUnreadable(path, 'holds a value that cannot be read', error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return permissionDenied(path, error);
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(path, error);
    case 'EEXIST':
    case 'EISDIR':
    case 'ENOTDIR':
    case 'ELOOP':
      return storeUnreadable(path, 'cannot be there: something else stands in its place', error);
    case 'EBUSY':
      return unavailable(path, `cannot be reached (${code})`, error);
    default:
      return mapMachineError(error, path, 'sqlite') ?? internal(path, error);
  }
}

function mapFileTrouble(path: string, error: unknown): BatonError {
  const directory = dirname(path);
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    if (statfsSync(directory).bavail === 0) return diskFull(path, error);
  } catch (reason) {
    return mapSystemError(reason, path);
  }
  return unavailable(path, 'cannot be read or written just now', error);
}

function permissionDenied(path: string, cause: unknown): BatonError {
  return new BatonError('PERMISSION_DENIED', `The store at ${path} or its directory may not be written.`, {
    details: { resource: path },
    adapter: 'sqlite',
    fix: `Let the user that runs Baton write ${dirname(path)} and the files in it.`,
    cause,
  });
}

function diskFull(path: string, cause: unknown): BatonError {
  return new BatonError('DISK_FULL', `There is no room left for the store at ${path}; nothing was changed.`, {
    details: { path },
    adapter: 'sqlite',
    fix: `Free some room on the disk of ${dirname(path)}.`,
    cause,
  });
}

function internal(path: string, cause: unknown): BatonError {
  const said = messageOf(cause);
  return new BatonError('INTERNAL', `The store at ${path} failed in a way that Baton does not know: ${said}`, {
    details: { path },
    adapter: 'sqlite',
    cause,
  });
}
