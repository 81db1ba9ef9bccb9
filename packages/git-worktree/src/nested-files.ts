import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { maxFiles, pathOf, refuseUnreadable, tooManyFiles } from './snapshot-bounds.js';

/** Every file and link below a directory of a checkout, `.git` left out. Names are bytes, as latin1. `TOO_LARGE`. */
export async function listNested(root: string, directory: string): Promise<readonly string[]> {
  const files: string[] = [];
  const waiting = [directory];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of await listEntries(root, next)) {
      const name = entry.name.toString('latin1');
      const child = `${next}/${name}`;
      if (name.toLowerCase() === '.git') continue;
      if (entry.isDirectory()) waiting.push(child);
      else if (entry.isFile() || entry.isSymbolicLink()) files.push(child);
      if (files.length + waiting.length > maxFiles) throw tooManyFiles();
    }
  }
  return files;
}

async function listEntries(root: string, directory: string): Promise<Dirent<Buffer>[]> {
  try {
    return await readdir(pathOf(root, directory), { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    throw refuseUnreadable(directory, error);
  }
}
