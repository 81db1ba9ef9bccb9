import type { Change } from '@baton/core';

/** Every path that a change concerns, each once: of a moved file both. */
export function touchedPaths(changes: readonly Change[]): readonly string[] {
  return [...new Set(changes.flatMap(({ path, oldPath }) => (oldPath === null ? [path] : [oldPath, path])))];
}
