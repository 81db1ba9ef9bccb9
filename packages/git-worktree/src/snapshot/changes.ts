import { BatonError, type CallOptions, type Change } from '@baton/core';
import { LRUCache } from 'lru-cache';
import { maxFileBytes, maxListBytes, tooManyFiles } from '../bounds/snapshot-bounds.js';
import type { Git } from '../git/git.js';
import type { KnownTrees } from '../vault/known-trees.js';

/** What git tells of one path that differs. Names are git's bytes, as latin1. */
export interface TreeChange extends Pick<Change, 'kind' | 'oldMode' | 'mode' | 'added' | 'deleted' | 'binary'> {
  readonly name: string;
  /** Where it was, with `renamed`. */
  readonly oldName: string | null;
  /** Of the contents; all zeros where there is none. */
  readonly oldId: string;
  readonly id: string;
}

/** Compares trees of one repository. Two ids always compare the same, so the latest answers are kept. */
export interface Comparison {
  /** What differs. Reads no attribute that the tree itself sets. */
  changes(vault: string, before: string, after: string, options?: CallOptions): Promise<readonly TreeChange[]>;
  /**
   * Unified diff, binary files named only, and files longer than a snapshot takes: the base alone can have these.
   * `TOO_LARGE` past `maxDiffBytes`.
   */
  diff(vault: string, before: string, after: string, options?: CallOptions): Promise<string>;
}

/** How long a diff may be: gates and leak scanners hold it several times over. */
export const maxDiffBytes = 16 * 1024 ** 2;

/** How many answers are kept, and up to which length: the engine asks twice, shortly after one another. */
const kept = 16;
const longest = 2 ** 18;

/** Makes a comparison that has seen nothing yet. `before` may be a commit. */
export function createComparison(git: Git, trees: KnownTrees): Comparison {
  const answers = new LRUCache<string, string>({ max: kept });
  const compare = async (
    vault: string,
    { argv: shape, encoding, maxBytes, tooMuch }: Shape,
    before: string,
    after: string,
    options?: CallOptions,
  ): Promise<string> => {
    if ((await trees.of(vault, before, options)) === after) return '';
    const argv = ['diff-tree', '-r', '-M', ...shape, ...always, before, after, '--'] as const;
    const key = argv.join(' ');
    const known = answers.get(key);
    if (known !== undefined) return known;
    const { stdout, isCut } = await git({ argv, gitDir: vault, settings: bigFiles, encoding, maxBytes }, options);
    if (isCut) throw tooMuch();
    if (stdout.length <= longest) answers.set(key, stdout);
    return stdout;
  };
  return {
    changes: async (vault, before, after, options) =>
      mapTreeChanges(await compare(vault, list, before, after, options)),
    diff: (vault, before, after, options) => compare(vault, patch, before, after, options),
  };
}

interface Shape {
  readonly argv: readonly string[];
  readonly encoding: 'utf8' | 'latin1';
  readonly maxBytes: number;
  readonly tooMuch: () => BatonError<'TOO_LARGE'>;
}

const always = ['--no-ext-diff', '--no-textconv', '--ignore-submodules=none'] as const;
/** What is longer counts as binary and is not even read (git-config(1)). */
const bigFiles = { 'core.bigFileThreshold': String(maxFileBytes) };
const list: Shape = {
  argv: ['-z', '--raw', '--numstat', '--abbrev=40'],
  encoding: 'latin1',
  maxBytes: maxListBytes,
  tooMuch: tooManyFiles,
};
const patch: Shape = {
  argv: ['--patch', '--no-color', '--submodule=short', '--src-prefix=a/', '--dst-prefix=b/'],
  encoding: 'utf8',
  maxBytes: maxDiffBytes,
  tooMuch: () =>
    new BatonError(
      'TOO_LARGE',
      `The diff of the change is longer than ${maxDiffBytes} bytes, so it can be neither judged nor searched for secrets.`,
      {
        details: { resource: 'the diff of the change', limit: 'bytes', allowed: maxDiffBytes },
        adapter: 'git-worktree',
        fix: 'Hand the change in in parts.',
      },
    ),
};

/** Reads `git diff-tree -r -z -M --raw --numstat`: first every raw line, then every count, each ended by NUL. */
export function mapTreeChanges(output: string): readonly TreeChange[] {
  const fields = output.split('\0');
  const changes: Omit<TreeChange, 'added' | 'deleted' | 'binary'>[] = [];
  const counts = new Map<string, Pick<TreeChange, 'added' | 'deleted' | 'binary'>>();
  for (let at = 0; at < fields.length; ) {
    const field = fields[at] ?? '';
    at += 1;
    if (field.startsWith(':')) {
      const [oldMode = '', mode = '', oldId = '', id = '', status = ''] = field.slice(1).split(' ');
      const moves = status.startsWith('R') || status.startsWith('C');
      const first = fields[at] ?? '';
      const second = moves ? (fields[at + 1] ?? '') : first;
      at += moves ? 2 : 1;
      const kind = kinds[status.charAt(0)] ?? 'modified';
      changes.push({
        name: second,
        oldName: kind === 'renamed' ? first : null,
        kind,
        oldMode: oldMode === absent ? null : oldMode,
        mode: mode === absent ? null : mode,
        oldId,
        id,
      });
      continue;
    }
    const [, added, deleted, counted] = /^(\d+|-)\t(\d+|-)\t([\s\S]*)$/.exec(field) ?? [];
    if (added === undefined || deleted === undefined) continue;
    // A rename leaves the name empty and gives both as fields of their own.
    const name = counted === '' ? (fields[at + 1] ?? '') : (counted ?? '');
    if (counted === '') at += 2;
    counts.set(name, { added: Number(added) || 0, deleted: Number(deleted) || 0, binary: added === '-' });
  }
  return changes.map((change) => ({ ...change, ...(counts.get(change.name) ?? noLines) }));
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
