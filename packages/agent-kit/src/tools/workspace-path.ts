import { isAbsolute, posix, relative } from 'node:path';
import { BatonError } from '@baton/core';
import { z } from 'zod';

/** In bytes, on every file system that is in use. */
const longestName = 255;

/** A path as a model writes it. */
export const pathInput = z
  .string()
  .min(1)
  .max(2_000)
  .refine((path) => !path.includes('\0'), 'holds a NUL character')
  .refine(
    (path) => path.split('/').every((name) => Buffer.byteLength(name) <= longestName),
    'holds a name that is too long',
  );

/**
 * The path relative to the root, `.` for the root itself. Models like absolute paths: those in the root are
 * taken. `PERMISSION_DENIED` outside, by the words alone: links are for the workspace to judge.
 */
export function mapPath(root: string, path: string): string {
  const within = posix.normalize(isAbsolute(path) ? relative(root, path) || '.' : path).replace(/\/+$/, '');
  if (within === '..' || within.startsWith('../') || isAbsolute(within)) {
    throw new BatonError('PERMISSION_DENIED', `${path} is outside the workspace. Paths are relative to its root.`, {
      details: { resource: path },
    });
  }
  return within;
}
