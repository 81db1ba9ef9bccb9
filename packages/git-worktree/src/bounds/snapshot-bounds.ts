import { access, constants, lstat } from 'node:fs/promises';
import { pathOfBytes } from '@baton/adapter-kit';
import { BatonError } from '@baton/core';

/** How long one file may be that is handed in: text of it is held whole by gates and scanners. */
export const maxFileBytes = 10 * 1024 ** 2;

/** How long all files of a snapshot may be together, and so a single one that is only rescued. */
export const maxTotalBytes = 256 * 1024 ** 2;

/** How many files may differ from the base. */
export const maxFiles = 50_000;

/** How long git's list of them may be. */
export const maxListBytes = 32 * 1024 ** 2;

/** How long a snapshot may take altogether. */
export const maxSnapshotMs = 5 * 60_000;

/** How long a path may be: PATH_MAX of Linux, less the checkout's own. */
export const maxNameBytes = 3_500;

/** What is to be stored, told apart before a byte of it is read. */
export interface Measured {
  readonly files: readonly string[];
  /** A pipe, a socket, a device: nothing that git could store. */
  readonly special: readonly string[];
}

/**
 * Looks how much there is at these names (git's bytes, as latin1), and stops at the first bound that is passed with
 * `TOO_LARGE`. A file that can't be read is `UNREADABLE`: git would leave it out, or fail in its own words.
 */
export async function measureFiles(
  root: string,
  names: readonly string[],
  fileBytes: number,
  signal?: AbortSignal,
): Promise<Measured> {
  if (names.length > maxFiles) throw tooManyFiles(names.length);
  const files: string[] = [];
  const special: string[] = [];
  let total = 0;
  for (let at = 0; at < names.length; at += atOnce) {
    signal?.throwIfAborted();
    const part = names.slice(at, at + atOnce);
    const sizes = await Promise.all(part.map((name) => sizeOf(root, name)));
    for (const [index, name] of part.entries()) {
      const size = sizes[index] ?? null;
      if (size === null) {
        special.push(name);
        continue;
      }
      total += size;
      if (size > fileBytes) throw tooLong(name, size, fileBytes);
      if (total > maxTotalBytes) throw tooMuch();
      files.push(name);
    }
  }
  return { files, special };
}

const atOnce = 64;

/** Null where it is nothing that git could store. Zero where it is gone: then that is the change. */
async function sizeOf(root: string, name: string): Promise<number | null> {
  if (name.length > maxNameBytes) throw nameTooLong(name);
  const path = pathOf(root, name);
  try {
    const found = await lstat(path);
    if (found.isDirectory()) return 0;
    if (found.isSymbolicLink()) return found.size;
    if (!found.isFile()) return null;
    await access(path, constants.R_OK);
    return found.size;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 0;
    throw refuseUnreadable(name, error);
  }
}

/** What a failure of the file system at a name means for a snapshot. */
export function refuseUnreadable(name: string, error: unknown): BatonError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return code === 'ENAMETOOLONG' ? nameTooLong(name) : unreadable(name, code);
}

/** Where a name stands on the disk. */
export function pathOf(root: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`, 'utf8'), Buffer.from(name, 'latin1')]);
}

/** Git skips what it can't read with a word on its error output. Throws `UNREADABLE` or `TOO_LARGE` where it did. */
export function refuseSkipped(stderr: string): void {
  const directory = /^warning: could not open directory '([\s\S]*)/m.exec(stderr)?.[1];
  if (directory !== undefined) {
    const name = /^([\s\S]*?)': [^\n]*$/m.exec(directory)?.[1] ?? directory;
    throw name.length > maxNameBytes || directory.includes('File name too long')
      ? nameTooLong(name)
      : unreadable(name, 'a directory that git may not open');
  }
  const [, name, why] =
    /^(?:warning: unable to access )?'?(.+?)'?: (Permission denied|Input\/output error)$/m.exec(stderr) ?? [];
  if (name !== undefined && why !== undefined) throw unreadable(name, why);
}

/** That more files differ than a snapshot takes. `found` where they were counted. */
export function tooManyFiles(found?: number): BatonError<'TOO_LARGE'> {
  const many = found === undefined ? `more than ${maxFiles}` : String(found);
  return refuse(`The change has ${many} files; ${maxFiles} are allowed.`, 'the change', 'files', maxFiles);
}

/** That it went on for longer than it may. */
export function tookTooLong(allowedMs: number): BatonError<'TOO_LARGE'> {
  const message = `To read what stands in the checkout took longer than ${allowedMs / 60_000} minutes.`;
  return refuse(message, 'the change', 'milliseconds', allowedMs);
}

/** That what a setup made holds more than can be compared with the sources. */
export function tooMuchInstalled(allowed: number): BatonError<'TOO_LARGE'> {
  const message = `What the setup made has more than ${allowed} bytes in files that may be copies of what the change changes.`;
  return refuse(message, 'what the setup made', 'bytes', allowed);
}

function tooLong(name: string, size: number, allowed: number): BatonError<'TOO_LARGE'> {
  const shown = show(name);
  return refuse(`The file ${shown} has ${size} bytes; ${allowed} are allowed in one.`, shown, 'bytes', allowed);
}

function tooMuch(): BatonError<'TOO_LARGE'> {
  const message = `The change has more than ${maxTotalBytes} bytes, which is what all its files may have together.`;
  return refuse(message, 'the change', 'bytes', maxTotalBytes);
}

function nameTooLong(name: string): BatonError<'TOO_LARGE'> {
  const message = `The path ${show(name)} is too long to be read: ${maxNameBytes} bytes are allowed.`;
  return refuse(message, show(name), 'bytes of a name', maxNameBytes);
}

function refuse(message: string, resource: string, limit: string, allowed: number): BatonError<'TOO_LARGE'> {
  return new BatonError('TOO_LARGE', message, { details: { resource, limit, allowed }, adapter: 'git-worktree', fix });
}

function unreadable(name: string, why: string): BatonError<'UNREADABLE'> {
  return new BatonError('UNREADABLE', `${show(name)} can't be read (${why}), so nothing was taken of the change.`, {
    details: { resource: show(name) },
    adapter: 'git-worktree',
    fix,
  });
}

const fix = 'Ask for less of it, have it ignored by .gitignore, or take what is wanted from the checkout by hand.';

/** As people read it: on one line, nothing in it that a terminal would obey, not longer than a line. */
function show(name: string): string {
  const path = pathOfBytes(name);
  const short = path.length > shownLength ? `${path.slice(0, shownLength)}…` : path;
  const escaped = (each: string): string => `\\u{${each.codePointAt(0)?.toString(16) ?? ''}}`;
  return `"${short.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}"\\]/gu, escaped)}"`;
}

const shownLength = 120;
