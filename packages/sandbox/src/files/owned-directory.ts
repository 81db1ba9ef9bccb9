import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOwnerAlive, readOwner } from '@baton/adapter-kit';

const prefix = 'baton-owned-';

/** A new temporary directory that only this user can enter. Its name tells whose it is, so that it can be swept. */
export async function createOwnedDirectory(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), `${prefix}${readOwner() ?? 'nobody'}-`)));
}

/** Removes the directories of daemons that were killed. */
export async function sweepOwnedDirectories(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const owner = name.startsWith(prefix) ? name.slice(prefix.length, name.lastIndexOf('-')) : null;
    if (owner === null || isOwnerAlive(owner)) continue;
    // Somebody else's stays: that we may not remove it is as it should be.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}
