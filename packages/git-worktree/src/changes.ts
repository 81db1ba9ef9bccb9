import type { CallOptions, Change } from '@baton/core';
import type { Git } from './git.js';

/** What differs between two trees, or a commit and a tree. Reads no attribute that the tree itself sets. */
export async function listChanges(
  git: Git,
  vault: string,
  before: string,
  after: string,
  options?: CallOptions,
): Promise<readonly Change[]> {
  const shape = ['-r', '-z', '-M', '--raw', '--numstat', '--abbrev=40', '--no-ext-diff', '--no-textconv'] as const;
  const argv = ['diff-tree', ...shape, '--ignore-submodules=none', before, after, '--'] as const;
  const { stdout } = await git({ argv, gitDir: vault }, options);
  return mapChanges(stdout);
}

/** Unified diff between two trees, binary files named only. */
export async function readDiff(
  git: Git,
  vault: string,
  before: string,
  after: string,
  options?: CallOptions,
): Promise<string> {
  const shape = ['-r', '-M', '--patch', '--no-color', '--no-ext-diff', '--no-textconv', '--submodule=short'] as const;
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/', '--ignore-submodules=none'] as const;
  const { stdout } = await git(
    { argv: ['diff-tree', ...shape, ...prefixes, before, after, '--'], gitDir: vault },
    options,
  );
  return stdout;
}

/** Reads `git diff-tree -r -z -M --raw --numstat`: first every raw line, then every count, each ended by NUL. */
export function mapChanges(output: string): readonly Change[] {
  const fields = output.split('\0');
  const changes: Omit<Change, 'added' | 'deleted' | 'binary'>[] = [];
  const counts = new Map<string, Pick<Change, 'added' | 'deleted' | 'binary'>>();
  for (let at = 0; at < fields.length; ) {
    const field = fields[at] ?? '';
    at += 1;
    if (field.startsWith(':')) {
      const [oldMode = '', mode = '', , , status = ''] = field.slice(1).split(' ');
      const moves = status.startsWith('R') || status.startsWith('C');
      const first = fields[at] ?? '';
      const second = moves ? (fields[at + 1] ?? '') : first;
      at += moves ? 2 : 1;
      const kind = kinds[status.charAt(0)] ?? 'modified';
      changes.push({
        path: second,
        oldPath: kind === 'renamed' ? first : null,
        kind,
        oldMode: oldMode === absent ? null : oldMode,
        mode: mode === absent ? null : mode,
      });
      continue;
    }
    const [, added, deleted, name] = /^(\d+|-)\t(\d+|-)\t([\s\S]*)$/.exec(field) ?? [];
    if (added === undefined || deleted === undefined) continue;
    // A rename leaves the name empty and gives both as fields of their own.
    const path = name === '' ? (fields[at + 1] ?? '') : (name ?? '');
    if (name === '') at += 2;
    counts.set(path, { added: Number(added) || 0, deleted: Number(deleted) || 0, binary: added === '-' });
  }
  return changes.map((change) => ({ ...change, ...(counts.get(change.path) ?? noLines) }));
}

const absent = '000000';
const noLines = { added: 0, deleted: 0, binary: false };
const kinds: Readonly<Record<string, Change['kind']>> = {
  A: 'added',
  C: 'added',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  T: 'type-changed',
};
