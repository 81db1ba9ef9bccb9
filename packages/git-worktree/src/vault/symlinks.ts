import { posix } from 'node:path';
import { pathOfBytes } from '@baton/adapter-kit';
import type { CallOptions } from '@baton/core';
import { LRUCache } from 'lru-cache';
import type { Git } from '../git/git.js';

/** Other paths by which a file of a tree is read, since links of the tree lead to it or to a directory above. */
export type AlsoAt = (path: string) => readonly string[];

/** What links of commits lead to. */
export interface Symlinks {
  of(gitDir: string, commit: string, options?: CallOptions): Promise<AlsoAt>;
  /** Links themselves, of a commit or a tree. */
  list(gitDir: string, tree: string, options?: CallOptions): Promise<readonly Symlink[]>;
}

/** A link of a tree, by its path and what is written in it. */
export interface Symlink {
  readonly path: string;
  readonly target: string;
}

/** Asks git once for each commit. */
export function createSymlinks(git: Git): Symlinks {
  const known = new LRUCache<string, AlsoAt>({ max: 100 });
  return {
    list: (gitDir, tree, options) => readLinks(git, gitDir, tree, options),
    async of(gitDir, commit, options) {
      const found = known.get(commit);
      if (found !== undefined) return found;
      const alsoAt = followLinks(await readLinks(git, gitDir, commit, options));
      known.set(commit, alsoAt);
      return alsoAt;
    },
  };
}

async function readLinks(
  git: Git,
  gitDir: string,
  commit: string,
  options: CallOptions | undefined,
): Promise<readonly Symlink[]> {
  const argv = ['ls-tree', '-r', '-z', '--full-tree', commit, '--'] as const;
  const listed = await git({ argv, gitDir, encoding: 'latin1' }, options);
  // Each entry is `<mode> <type> <id>` TAB `<path>` (git-ls-tree(1)).
  const links = listed.stdout.split('\0').flatMap((entry) => {
    const [, id, name] = /^120000 blob (\w+)\t([\s\S]+)$/.exec(entry) ?? [];
    return id === undefined || name === undefined ? [] : [{ id, path: pathOfBytes(name) }];
  });
  if (links.length === 0) return [];
  const ids = [...new Set(links.map(({ id }) => id))];
  const input = ids.map((id) => `${id}\n`).join('');
  const { stdout } = await git({ argv: ['cat-file', '--batch'], gitDir, input, encoding: 'latin1' }, options);
  const targets = readContents(stdout);
  // A file system takes what stands before a NUL.
  return links.map(({ id, path }) => ({ path, target: pathOfBytes(targets.get(id)?.replace(/\0.*$/s, '') ?? '') }));
}

/**
 * Contents by id, of what `git cat-file --batch` printed: of each `<id> <type> <size>`, a line feed, so many bytes, and
 * a line feed. What follows a line that is none of these is nothing that can be read.
 */
export function readContents(stdout: string): ReadonlyMap<string, string> {
  const contents = new Map<string, string>();
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf('\n', at);
    const [line = '', id = '', size = ''] =
      /^(\w+) \w+ (\d+)$/.exec(stdout.slice(at, end === -1 ? undefined : end)) ?? [];
    if (end === -1 || line === '') break;
    const next = end + 1 + Number(size);
    contents.set(id, stdout.slice(end + 1, next));
    at = next + 1;
  }
  return contents;
}

/** Paths that are told of one file. */
const mostPaths = 100;

/**
 * Reads links as a file system follows them, each on its own way but once. Those that lead out lead to nothing here,
 * and neither do those to a directory that they lie in, as `node_modules/self` to `..`: every file is read by these.
 */
export function followLinks(links: readonly Symlink[]): AlsoAt {
  const byTarget = new Map<string, string[]>();
  const placesOf = createPlaces(links);
  for (const link of links) {
    for (const place of placesOf(link)) {
      if (place === '' || link.path.startsWith(`${place}/`)) continue;
      const others = byTarget.get(place);
      if (others === undefined) byTarget.set(place, [link.path]);
      else others.push(link.path);
    }
  }
  if (byTarget.size === 0) return () => [];
  return (path) => {
    // With the links on the way to each, so that none is gone again.
    const found = new Map<string, readonly string[]>([[path, []]]);
    // A map that grows while it is walked: a link can lead to what another one stands for.
    for (const [each, way] of found) {
      for (const { place, rest } of placesAbove(each)) {
        for (const link of byTarget.get(place) ?? []) {
          if (found.size > mostPaths) break;
          const alias = `${link}${rest}`;
          if (!way.includes(link) && !found.has(alias)) found.set(alias, [...way, link]);
        }
      }
    }
    found.delete(path);
    return [...found.keys()];
  };
}

/** Links are followed by way of so many others: file systems follow no more than forty. */
export const mostWays = 40;
/** What is followed step by step: of more links, and of one with more steps, counts what is written. */
const mostFollowed = 10_000;
const mostSteps = 100;

/**
 * Where each link leads to, from the root of the tree, which is the empty text: as it is written, and as a file system
 * takes it, for which `..` behind a link goes up from where that leads to. What is written counts where a change takes
 * a link on the way there away. Empty where it leads out of the tree.
 */
export function createPlaces(links: readonly Symlink[]): (link: Symlink) => readonly string[] {
  const targets = new Map(links.map(({ path, target }) => [path, target]));
  const follow = ({ path, target }: Symlink): string | null => {
    const place = path.split('/').slice(0, -1);
    const left = partsOf(target);
    for (let [ways, steps] = [0, 0]; left.length > 0; steps += 1) {
      if (steps > mostSteps) return null;
      const part = left.pop();
      if (part === '..' && place.pop() === undefined) return null;
      if (part === undefined || part === '..') continue;
      place.push(part);
      // The last may be a link, too: what leads there is found by that one.
      const through = left.length === 0 ? undefined : targets.get(place.join('/'));
      if (through === undefined) continue;
      ways += 1;
      if (through === '' || posix.isAbsolute(through) || ways > mostWays) return null;
      place.pop();
      left.push(...partsOf(through));
    }
    return place.join('/');
  };
  let followed = 0;
  return (link) => {
    if (link.target === '' || posix.isAbsolute(link.target)) return [];
    followed += 1;
    const places = [placeAsWritten(link), followed > mostFollowed ? null : follow(link)];
    return [...new Set(places.filter((place) => place !== null))];
  };
}

/** The last first, without those that stay where they are. */
function partsOf(target: string): string[] {
  return target
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .reverse();
}

function placeAsWritten({ path, target }: Symlink): string | null {
  const resolved = posix.join(posix.dirname(path), target).replace(/\/+$/, '');
  if (resolved === '..' || resolved.startsWith('../')) return null;
  return resolved === '.' ? '' : resolved;
}

/** A path, and each directory above it but the root, with what is left of the path below. */
function placesAbove(path: string): readonly { readonly place: string; readonly rest: string }[] {
  const slashes = [...path.matchAll(/\//g)].map(({ index }) => index);
  return [{ place: path, rest: '' }, ...slashes.map((at) => ({ place: path.slice(0, at), rest: path.slice(at) }))];
}
