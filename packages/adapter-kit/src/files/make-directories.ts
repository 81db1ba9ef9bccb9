import { mkdirSync, statSync } from 'node:fs';
import { dirname, parse } from 'node:path';

/**
 * Makes a directory and what is missing above it; those that are there stay as they are. Throws the system's error,
 * also where Node's own recursive `mkdir` would try for ever: below /proc, and wherever the system says that a
 * directory isn't there to make another one in. Default mode: the system's.
 */
export function makeDirectories(path: string, options: { readonly mode?: number } = {}): void {
  const { root } = parse(path);
  const levels: string[] = [];
  for (let level = path; level !== root; level = dirname(level)) levels.unshift(level);
  for (const level of levels) if (statSync(level, { throwIfNoEntry: false }) === undefined) makeOne(level, options);
}

function makeOne(level: string, options: { readonly mode?: number }): void {
  try {
    mkdirSync(level, options);
  } catch (error) {
    // Another process made it.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
