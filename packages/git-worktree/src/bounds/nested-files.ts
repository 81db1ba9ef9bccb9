import { opendir } from 'node:fs/promises';
import { pathOf, refuseUnreadable, tooManyFiles } from './snapshot-bounds.js';

/**
 * Every file and link below a directory of a checkout, `.git` left out. Names are bytes, as latin1. `TOO_LARGE` at
 * the first name past `most`.
 */
export async function listNested(root: string, directory: string, most: number): Promise<readonly string[]> {
  const files: string[] = [];
  const waiting = [directory];
  let seen = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for await (const { name, kind } of listEntries(root, next)) {
      const child = `${next}/${name}`;
      seen += 1;
      if (seen > most) throw tooManyFiles();
      if (name.toLowerCase() === '.git') continue;
      if (kind === 'directory') waiting.push(child);
      else if (kind === 'file') files.push(child);
    }
  }
  return files;
}

interface Entry {
  readonly name: string;
  readonly kind: 'directory' | 'file' | 'other';
}

/** One after another: a directory can hold more than memory does. */
async function* listEntries(root: string, directory: string): AsyncGenerator<Entry, void, undefined> {
  try {
    for await (const entry of await opendir(pathOf(root, directory), { encoding: 'latin1' })) {
      const isFile = entry.isFile() || entry.isSymbolicLink();
      yield { name: entry.name, kind: entry.isDirectory() ? 'directory' : isFile ? 'file' : 'other' };
    }
  } catch (error) {
    throw refuseUnreadable(directory, error);
  }
}
