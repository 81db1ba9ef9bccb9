import { chmodSync, lstatSync, opendirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

/**
 * Removes what git would take for an unchanged file although it isn't as a new checkout would have it: files
 * that share their content with another name, odd permissions, devices and pipes. Git then writes them anew.
 * Throws where there is so much that a new checkout costs less.
 */
export async function purgeOddFiles(root: string): Promise<void> {
  const umask = process.umask();
  let looked = 0;
  const purge = async (directory: string): Promise<void> => {
    chmodSync(directory, 0o777 & ~umask);
    const inner: string[] = [];
    const entries = opendirSync(directory);
    try {
      // One after another: a directory can hold more than memory does.
      for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
        const path = join(directory, entry.name);
        if (entry.isDirectory()) inner.push(path);
        else if (!entry.isSymbolicLink()) purgeFile(path, umask);
        looked += 1;
        if (looked > mostEntries)
          throw new Error(`There is more than ${mostEntries} files and directories below ${root}.`);
        // In sync it costs a fifth of what it costs otherwise. Others get their turn in between.
        if (looked % atOnce === 0) await setImmediate();
      }
    } finally {
      entries.closeSync();
    }
    for (const each of inner) await purge(each);
  };
  await purge(root);
}

const atOnce = 100;
const mostEntries = 1_000_000;

function purgeFile(path: string, umask: number): void {
  const found = lstatSync(path);
  const permissions = found.mode & 0o7777;
  const usual = permissions === (0o666 & ~umask) || permissions === (0o777 & ~umask);
  if (!found.isFile() || found.nlink > 1 || !usual) rmSync(path, { force: true });
}
