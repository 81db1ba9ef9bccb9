import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { pathOfBytes } from '@baton/adapter-kit';
import type { CallOptions, OutdatedCopy } from '@baton/core';
import type { TreeChange } from './changes.js';
import { listNested } from './nested-files.js';
import { pathOf } from './snapshot-bounds.js';

/** Copies told at most. */
const mostTold = 100;

/** Files of all dependencies at most: more is no installation. */
const mostFiles = 5_000_000;

/** A file of the base that is another now. */
interface Gone {
  readonly of: string;
  readonly id: string;
}

/**
 * Files below a directory that have the name and the content of a file of the base which `changes` change, move or
 * take away. Found by name first, so that only few are read. Empty ones are no copies of anything.
 */
export async function findOutdated(
  directory: string,
  changes: readonly TreeChange[],
  options?: CallOptions,
): Promise<readonly OutdatedCopy[]> {
  const gone = goneByName(changes);
  if (gone.size === 0) return [];
  const found: OutdatedCopy[] = [];
  for (const nested of await listNested(directory, '.', mostFiles)) {
    const wanted = gone.get(lastOf(nested));
    if (wanted === undefined) continue;
    options?.signal?.throwIfAborted();
    const id = await blobIdOf(pathOf(directory, nested));
    const same = wanted.find((each) => each.id === id);
    if (same !== undefined) found.push({ path: pathOfBytes(nested.slice('./'.length)), of: pathOfBytes(same.of) });
  }
  return found.toSorted((one, other) => (one.path < other.path ? -1 : 1)).slice(0, mostTold);
}

function goneByName(changes: readonly TreeChange[]): ReadonlyMap<string, readonly Gone[]> {
  const gone = new Map<string, Gone[]>();
  for (const { oldId, oldMode, id, oldName, name } of changes) {
    const isFile = oldMode?.startsWith('100') === true;
    // Of other rights alone, the content is still the base's.
    if (!isFile || (oldId === id && oldName === null)) continue;
    const of = oldName ?? name;
    gone.set(lastOf(of), [...(gone.get(lastOf(of)) ?? []), { of, id: oldId }]);
  }
  return gone;
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What git calls the content (git-hash-object(1)); null for a link and for an empty file. */
async function blobIdOf(path: Buffer): Promise<string | null> {
  const found = await lstat(path);
  if (!found.isFile() || found.size === 0) return null;
  const hash = createHash('sha1').update(`blob ${found.size}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
