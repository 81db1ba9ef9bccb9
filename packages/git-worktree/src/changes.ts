import type { CallOptions, Change } from '@baton/core';
import type { Git } from './git.js';
import type { KnownTrees } from './known-trees.js';
import { createRecent } from './recent.js';

/** Compares trees of one repository. Two ids always compare the same, so the latest answers are kept. */
export interface Comparison {
  /** What differs. Reads no attribute that the tree itself sets. */
  changes(vault: string, before: string, after: string, options?: CallOptions): Promise<readonly Change[]>;
  /** Unified diff, binary files named only. */
  diff(vault: string, before: string, after: string, options?: CallOptions): Promise<string>;
}

/** How many answers are kept, and up to which length: the engine asks twice, shortly after one another. */
const kept = 16;
const longest = 2 ** 18;

/** Makes a comparison that has seen nothing yet. `before` may be a commit. */
export function createComparison(git: Git, trees: KnownTrees): Comparison {
  const answers = createRecent<string>(kept);
  const compare = async (
    vault: string,
    shape: readonly string[],
    before: string,
    after: string,
    options?: CallOptions,
  ): Promise<string> => {
    if ((await trees.of(vault, before, options)) === after) return '';
    const argv = ['diff-tree', '-r', '-M', ...shape, ...always, before, after, '--'] as const;
    const key = argv.join(' ');
    const known = answers.get(key);
    if (known !== undefined) return known;
    const { stdout } = await git({ argv, gitDir: vault }, options);
    if (stdout.length <= longest) answers.set(key, stdout);
    return stdout;
  };
  return {
    changes: async (vault, before, after, options) =>
      mapChanges(await compare(vault, ['-z', '--raw', '--numstat', '--abbrev=40'], before, after, options)),
    diff: (vault, before, after, options) => compare(vault, patch, before, after, options),
  };
}

const always = ['--no-ext-diff', '--no-textconv', '--ignore-submodules=none'] as const;
const patch = ['--patch', '--no-color', '--submodule=short', '--src-prefix=a/', '--dst-prefix=b/'] as const;

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
