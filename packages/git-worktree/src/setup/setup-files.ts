import { readFile, writeFile } from 'node:fs/promises';

/** What a setup left in a checkout and nothing ignores: names (git's bytes, as latin1). Empty where none was noted. */
export async function listMade(path: string): Promise<ReadonlySet<string>> {
  const text = await readFile(path, 'latin1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return new Set(text.split('\0').filter((name) => name !== ''));
}

/** Notes these names in place of those before. */
export async function noteMade(path: string, names: readonly string[]): Promise<void> {
  await writeFile(path, names.map((name) => `${name}\0`).join(''), 'latin1');
}
