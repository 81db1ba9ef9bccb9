import type { Change } from '@baton/core';
import type { MemoryTree } from './remote.js';

const fileMode = '100644';

/** What differs between two trees, by path. A file that moved without a change is `renamed`. */
export function mapTreeChanges(before: MemoryTree, after: MemoryTree): readonly Change[] {
  const gone = new Map([...before].filter(([path]) => !after.has(path)));
  const changes: Change[] = [];
  for (const [path, text] of after) {
    const old = before.get(path);
    if (old === text) continue;
    const oldPath = old === undefined ? ([...gone].find(([, content]) => content === text)?.[0] ?? null) : null;
    if (oldPath !== null) gone.delete(oldPath);
    const kind = old !== undefined ? 'modified' : oldPath !== null ? 'renamed' : 'added';
    const source = old ?? (oldPath === null ? '' : text);
    const isNewContent = kind !== 'renamed';
    changes.push({
      path,
      oldPath,
      kind,
      oldMode: kind === 'added' ? null : fileMode,
      mode: fileMode,
      ...counts(source, text),
      bytes: lengthOf(text),
      oldBytes: kind === 'added' ? 0 : lengthOf(source),
      filter: isNewContent ? filterOf(path, after, before) : null,
    });
  }
  for (const [path, text] of gone) {
    const rest = { ...counts(text, ''), bytes: 0, oldBytes: lengthOf(text), filter: null };
    changes.push({ path, oldPath: null, kind: 'deleted', oldMode: fileMode, mode: null, ...rest });
  }
  return changes.sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** A unified diff without lines of context; binary files are named only. */
export function mapTreeDiff(before: MemoryTree, after: MemoryTree): string {
  return mapTreeChanges(before, after)
    .map((change) => {
      const from = change.oldPath ?? change.path;
      const head = `diff --git a/${from} b/${change.path}\n`;
      if (change.binary) return `${head}Binary files a/${from} and b/${change.path} differ\n`;
      if (change.kind === 'renamed') return `${head}rename from ${from}\nrename to ${change.path}\n`;
      const hunk = replacedLines(before.get(change.path) ?? '', after.get(change.path) ?? '');
      return [
        `${head}--- ${change.oldMode === null ? '/dev/null' : `a/${from}`}\n`,
        `+++ ${change.mode === null ? '/dev/null' : `b/${change.path}`}\n`,
        `@@ -${hunk.start + 1},${hunk.removed.length} +${hunk.start + 1},${hunk.added.length} @@\n`,
        ...hunk.removed.map((line) => `-${line}\n`),
        ...hunk.added.map((line) => `+${line}\n`),
      ].join('');
    })
    .join('');
}

/**
 * Whether a path is ignored by the `.gitignore` at the root: names, `*`, a leading and a trailing slash.
 * No negation, no `**`.
 */
export function isIgnored(path: string, gitignore: string): boolean {
  const segments = path.split('/');
  return gitignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .some((line) => {
      const directoryOnly = line.endsWith('/');
      const pattern = line.replace(/^\/|\/$/g, '');
      const matcher = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`);
      const prefixes = segments.map((_, index) => segments.slice(0, index + 1).join('/'));
      const parts = line.startsWith('/') || pattern.includes('/') ? prefixes : segments;
      return parts.some((part, index) => matcher.test(part) && (!directoryOnly || index < segments.length - 1));
    });
}

/**
 * The filter that the `.gitattributes` at the root of the first of these trees sets for a path: patterns as in
 * `isIgnored`, the last one counts.
 */
function filterOf(path: string, ...trees: readonly MemoryTree[]): string | null {
  for (const tree of trees) {
    const filters = (tree.get('.gitattributes') ?? '').split('\n').flatMap((line) => {
      const [pattern = '', ...attributes] = line.trim().split(/\s+/);
      const filter = attributes.find((each) => each.startsWith('filter='))?.slice('filter='.length);
      return filter !== undefined && isIgnored(path, pattern) ? [filter] : [];
    });
    const last = filters.at(-1);
    if (last !== undefined) return last;
  }
  return null;
}

function lengthOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function counts(before: string, after: string): Pick<Change, 'added' | 'deleted' | 'binary'> {
  if (before.includes('\0') || after.includes('\0')) return { added: 0, deleted: 0, binary: true };
  const hunk = replacedLines(before, after);
  return { added: hunk.added.length, deleted: hunk.removed.length, binary: false };
}

interface Hunk {
  readonly start: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

function replacedLines(before: string, after: string): Hunk {
  const old = lines(before);
  const now = lines(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  return { start, removed: old.slice(start, old.length - end), added: now.slice(start, now.length - end) };
}

function lines(text: string): readonly string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}
