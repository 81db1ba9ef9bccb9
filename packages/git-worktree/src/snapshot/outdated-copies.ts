import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { posix } from 'node:path';
import { pathOfBytes } from '@baton/adapter-kit';
import type { CallOptions, OutdatedCopy } from '@baton/core';
import { listNested } from '../bounds/nested-files.js';
import { pathOf, tooMuchInstalled } from '../bounds/snapshot-bounds.js';
import type { TreeChange } from './changes.js';

/** Copies told at most. */
const mostTold = 100;

/** Files of all dependencies at most: more is no installation. */
const mostFiles = 5_000_000;

/** Bytes of those that may be copies, all together: some seconds' worth. */
const mostBytes = 2 * 1024 ** 3;

/** A file of the base that is another now. */
interface Gone {
  readonly of: string;
  readonly id: string;
}

/** A file of the base. Its name is git's bytes, as latin1. */
export interface BaseFile {
  readonly name: string;
  readonly id: string;
}

/**
 * Files below a directory that have the name and the content of a file of the base which `changes` change, move or
 * take away, and directories that hold most of what stands in the base where they add something: a copy of that lacks
 * what is new. Found by name first, so that only few are read. Empty ones are no copies of anything. `TOO_LARGE` where
 * there is more to read than any installation has: code of the change may have made it.
 */
export async function findOutdated(
  directory: string,
  { changes, base }: { readonly changes: readonly TreeChange[]; readonly base: readonly BaseFile[] },
  options?: CallOptions,
): Promise<readonly OutdatedCopy[]> {
  const gone = goneByName(changes);
  const grown = grownOf(changes, base);
  const beside = new Set(grown.flatMap(({ ids }) => [...ids.keys()]));
  if (gone.size === 0 && beside.size === 0) return [];
  const found: OutdatedCopy[] = [];
  const matches = new Map<string, Map<string, string>>();
  let bytes = 0;
  for (const nested of await listNested(directory, '.', mostFiles)) {
    const name = lastOf(nested);
    const wanted = gone.get(name) ?? [];
    if (wanted.length === 0 && !beside.has(name)) continue;
    options?.signal?.throwIfAborted();
    const path = pathOf(directory, nested);
    const file = await lstat(path);
    if (!file.isFile() || file.size === 0) continue;
    bytes += file.size;
    if (bytes > mostBytes) throw tooMuchInstalled(mostBytes);
    const id = await blobIdOf(path, file.size);
    const where = posix.dirname(nested);
    if (beside.has(name)) matches.set(where, (matches.get(where) ?? new Map<string, string>()).set(name, id));
    const same = wanted.find((each) => each.id === id);
    if (same !== undefined) found.push({ path: pathOfBytes(nested.slice('./'.length)), of: pathOfBytes(same.of) });
  }
  for (const [where, ids] of matches) {
    if (found.some(({ path }) => posix.dirname(path) === told(where))) continue;
    const of = grown.find(
      (each) => [...ids].filter(([name, id]) => each.ids.get(name) === id).length * 2 > each.ids.size,
    );
    if (of !== undefined) found.push({ path: told(where), of: told(of.directory) });
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

/** A directory of the base in which, or below which, something is new: its files that end alike. */
interface Grown {
  readonly directory: string;
  readonly ids: ReadonlyMap<string, string>;
}

/** The same in many packages. */
const isLicence = /^(?:licen[cs]e|copying|notice)/i;

function grownOf(changes: readonly TreeChange[], base: readonly BaseFile[]): readonly Grown[] {
  const keyOf = (directory: string, name: string): string => `${directory}\0${posix.extname(name)}`;
  const standing = new Map<string, Map<string, string>>();
  for (const { name, id } of base) {
    if (id === emptyBlob || isLicence.test(lastOf(name))) continue;
    const key = keyOf(posix.dirname(name), name);
    standing.set(key, (standing.get(key) ?? new Map<string, string>()).set(lastOf(name), id));
  }
  const grown = new Map<string, Grown>();
  for (const { name, kind } of changes) {
    if ((kind !== 'added' && kind !== 'renamed') || posix.extname(name) === '') continue;
    for (let directory = posix.dirname(name); ; directory = posix.dirname(directory)) {
      const ids = standing.get(keyOf(directory, name));
      if (ids !== undefined) grown.set(keyOf(directory, name), { directory, ids });
      if (ids !== undefined || directory === '.') break;
    }
  }
  return [...grown.values()];
}

const emptyBlob = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

/** A name as `Change.path` gives it, from the root. */
function told(name: string): string {
  return pathOfBytes(name.replace(/^\.\//, ''));
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What git calls the content of a file (git-hash-object(1)). */
async function blobIdOf(path: Buffer, size: number): Promise<string> {
  const hash = createHash('sha1').update(`blob ${size}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
