import type { Change } from '@baton/core';

/** Every path that a change concerns, each once: of a moved file both. */
export function touchedPaths(changes: readonly Change[]): readonly string[] {
  return [...new Set(changes.flatMap(({ path, oldPath }) => (oldPath === null ? [path] : [oldPath, path])))];
}

/** A path of a change, or one by which the same file is read. */
export interface ReadPath {
  /** By which rules judge it. */
  readonly path: string;
  /** How people are told of it: where a link leads to the file, both names. */
  readonly name: string;
}

/** Every path by which what a change concerns is read, each once: of a moved file both, and links that lead to either. */
export function readPaths(changes: readonly Change[]): readonly ReadPath[] {
  const found = new Map<string, ReadPath>(touchedPaths(changes).map((path) => [path, { path, name: path }]));
  for (const { path: target, alsoAt = [] } of changes) {
    for (const path of alsoAt) if (!found.has(path)) found.set(path, { path, name: `${path} → ${target}` });
  }
  return [...found.values()];
}
