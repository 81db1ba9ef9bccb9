import { rm } from 'node:fs/promises';
import { startDeadline } from '@baton/adapter-kit';
import { BatonError, type CallOptions, type Change, type Clock } from '@baton/core';
import type { LRUCache } from 'lru-cache';
import { listNested } from '../bounds/nested-files.js';
import {
  maxFileBytes,
  maxFiles,
  maxListBytes,
  maxSnapshotMs,
  maxTotalBytes,
  measureFiles,
  refuseSkipped,
  tookTooLong,
  tooManyFiles,
} from '../bounds/snapshot-bounds.js';
import type { Place } from '../checkout/checkout.js';
import type { Git, GitAnswer, GitCommand } from '../git/git.js';
import { listMade } from '../setup/setup-files.js';
import type { KnownTrees } from '../vault/known-trees.js';
import type { Layout } from '../vault/layout.js';
import type { Symlinks } from '../vault/symlinks.js';
import { exists } from '../vault/vault.js';
import { type Attributes, readAttributes } from './attributes.js';
import { readBaseForms } from './base-forms.js';
import type { Comparison, TreeChange } from './changes.js';
import { describeChanges } from './describe-changes.js';

type Run = (argv: GitCommand['argv'], rest?: Pick<GitCommand, 'input' | 'accept' | 'maxBytes'>) => Promise<GitAnswer>;

/** What snapshots work with. */
export interface SnapshotParts {
  readonly git: Git;
  readonly layout: Layout;
  readonly trees: KnownTrees;
  readonly comparison: Comparison;
  readonly symlinks: Symlinks;
  readonly clock: Clock;
  /** Changes by base and tree, which never tell anything else. */
  readonly described: LRUCache<string, readonly Change[]>;
}

/**
 * What stands in a checkout as a tree, untracked files included and ignored ones left out, and how it differs from
 * the base. `TOO_LARGE`, `UNREADABLE`.
 */
export async function takeSnapshot(
  parts: SnapshotParts,
  place: Place,
  baseCommit: string,
  options?: CallOptions,
): Promise<{ readonly tree: string; readonly changes: readonly Change[] }> {
  return await inTime(
    parts.clock,
    async (bounded) => {
      const { tree, attributes } = await writeStanding(parts, place, baseCommit, maxFileBytes, bounded);
      const key = `${baseCommit} ${tree}`;
      const known = parts.described.get(key);
      if (known !== undefined) return { tree, changes: known };
      const vault = parts.layout.vault(place.repository);
      const found = await parts.comparison.changes(vault, baseCommit, tree, bounded);
      const changes = await describeChanges(
        parts.git,
        vault,
        found,
        {
          attributes: attributes ?? (await attributesOf(parts, place, found, baseCommit, bounded)),
          alsoAt: found.length === 0 ? () => [] : await parts.symlinks.of(vault, baseCommit, bounded),
        },
        bounded,
      );
      parts.described.set(key, changes);
      return { tree, changes };
    },
    options,
  );
}

/** The same tree, for a rescue: one file may be as long as all of them together. */
export async function writeSnapshot(
  parts: SnapshotParts,
  place: Place,
  baseCommit: string,
  options?: CallOptions,
): Promise<string> {
  return await inTime(
    parts.clock,
    async (bounded) => (await writeStanding(parts, place, baseCommit, maxTotalBytes, bounded)).tree,
    options,
  );
}

interface Standing {
  readonly tree: string;
  /** Of the changed names, where they were asked for. */
  readonly attributes: ReadonlyMap<string, Attributes> | null;
}

/**
 * Not by `git add`: on a repository inside the checkout that would run `git status` under the configuration of
 * that repository, which the agent may have written.
 *
 * Names are git's bytes throughout, as latin1. How much there is is looked at before any of it is read.
 */
async function writeStanding(
  parts: SnapshotParts,
  place: Place,
  baseCommit: string,
  fileBytes: number,
  options: CallOptions,
): Promise<Standing> {
  const { git, layout, trees } = parts;
  const { slot, repository } = place;
  const index = layout.index(slot);
  const root = layout.worktree(slot);
  const where = { gitDir: layout.vault(repository), workTree: root, index };
  const run: Run = (argv, rest) => git({ argv, ...where, encoding: 'latin1', ...rest }, options);

  if (!(await exists(root))) throw missing(root);
  await prepareIndex(run, index, baseCommit);
  const { changed, untracked } = await listDiffering(run, await listMade(layout.made(slot)));
  const known = changed.length + untracked.length === 0 ? await trees.inIndex(index) : null;
  if (known !== null) return { tree: known, attributes: null };
  const gone = changed.filter(({ isGone }) => isGone).map(({ name }) => name);
  const nested = untracked.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1));
  const present = [
    ...changed.filter(({ isGone }) => !isGone).map(({ name }) => name),
    ...untracked.filter((name) => !name.endsWith('/')),
  ];
  const { files, special } = await measureFiles(root, present, fileBytes, options.signal);
  await trees.noteIndex(index, null);
  const removed = [...gone, ...special];
  if (removed.length > 0) await run(['update-index', '-z', '--force-remove', '--stdin'], { input: join0(removed) });
  const inside: string[] = [];
  for (const name of nested) inside.push(...(await addNested(run, root, name)));
  const stored = [...files, ...(await measureFiles(root, inside, fileBytes, options.signal)).files];
  const update = ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'] as const;
  if (stored.length > 0) await run(update, { input: join0(stored) });
  const standing = await putBack(parts, place, run, baseCommit, options);
  // A nested repository in the index would hide what is in its place once it is gone: the next look starts anew.
  if (nested.length > 0) await rm(index, { force: true });
  else await trees.noteIndex(index, standing.tree);
  return standing;
}

interface Listed {
  readonly changed: readonly { readonly name: string; readonly isGone: boolean }[];
  readonly untracked: readonly string[];
}

async function listDiffering(run: Run, made: ReadonlySet<string>): Promise<Listed> {
  const bound = { maxBytes: maxListBytes };
  // More than `dirty` would look into nested repositories; where their heads are is read without running anything.
  const answers = await inParallel([
    () => run(['diff-files', '-z', '--name-status', '--ignore-submodules=dirty'], bound),
    () => run(['ls-files', '-z', '--others', '--exclude-standard'], bound),
  ]);
  for (const { isCut, stderr } of answers) {
    if (isCut) throw tooManyFiles();
    refuseSkipped(stderr);
  }
  const [states = [], others = []] = answers.map(({ stdout }) => split(stdout));
  const changed: { name: string; isGone: boolean }[] = [];
  for (let at = 0; at + 1 < states.length; at += 2) {
    changed.push({ name: states[at + 1] ?? '', isGone: states[at] === 'D' });
  }
  return { changed, untracked: others.filter((name) => !made.has(name)) };
}

/**
 * The tree of an index, once every file in it is the base's again that stands on the disk as a checkout of the base
 * makes it. Where a file in git is not what its attributes would make of it (line endings of before they were set),
 * git finds it changed or not by the instants of files.
 */
async function putBack(
  parts: SnapshotParts,
  place: Place,
  run: Run,
  baseCommit: string,
  options: CallOptions,
): Promise<Standing> {
  const vault = parts.layout.vault(place.repository);
  const writeTree = async (): Promise<string> => (await run(['write-tree'])).stdout.trim();
  const tree = await writeTree();
  const changes = await parts.comparison.changes(vault, baseCommit, tree, options);
  const attributes = await attributesOf(parts, place, changes, baseCommit, options);
  const doubtful = changes.filter(
    ({ name, kind, mode, oldMode, oldId, id }) =>
      kind === 'modified' && mode === oldMode && oldId !== id && attributes.get(name)?.converts === true,
  );
  if (doubtful.length === 0) return { tree, attributes };
  const untouched = await readBaseForms(parts, place, baseCommit, (base) => base.untouched(doubtful), options);
  if (untouched.length === 0) return { tree, attributes };
  const input = untouched.map(({ oldMode, oldId, name }) => `${oldMode} ${oldId}\t${name}\0`).join('');
  await run(['update-index', '-z', '--index-info'], { input });
  return { tree: await writeTree(), attributes };
}

/** Of what is there in the tree; where the attributes themselves were changed, what the base's say counts as well. */
async function attributesOf(
  parts: SnapshotParts,
  place: Place,
  changes: readonly TreeChange[],
  baseCommit: string,
  options: CallOptions,
): Promise<ReadonlyMap<string, Attributes>> {
  const { git, layout } = parts;
  const names = changes.filter(({ mode }) => mode !== null).map(({ name }) => name);
  const where = {
    gitDir: layout.vault(place.repository),
    workTree: layout.worktree(place.slot),
    index: layout.index(place.slot),
  };
  const after = await readAttributes(git, where, names, options);
  const areChanged = changes.some(({ name, oldName }) =>
    [name, oldName].some((each) => each !== null && /(?:^|\/)\.gitattributes$/.test(each)),
  );
  if (!areChanged) return after;
  const before = await readBaseForms(parts, place, baseCommit, (base) => base.attributes(names), options);
  return new Map(
    names.map((name) => {
      const [old, now] = [before.get(name), after.get(name)];
      return [
        name,
        { filter: now?.filter ?? old?.filter ?? null, converts: now?.converts === true || old?.converts === true },
      ];
    }),
  );
}

/** Waits for all of them even where one fails: none may go on while its caller believes that it has ended. */
async function inParallel<T>(tasks: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(tasks.map((task) => task()));
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

async function prepareIndex(run: Run, index: string, commit: string): Promise<void> {
  await rm(`${index}.lock`, { force: true });
  if (!(await exists(index))) await run(['read-tree', commit]);
}

/**
 * A repository in the checkout that has a commit is one entry, which shows in the changes by its mode. One
 * without (`cargo new`, `git init`) is a directory like any other: its files count.
 */
async function addNested(run: Run, root: string, name: string): Promise<readonly string[]> {
  const add = ['update-index', '-z', '--add', '--replace', '--stdin'] as const;
  if ((await run(add, { input: `${name}\0`, accept: [128] })).exitCode === 0) return [];
  const files = await listNested(root, name, maxFiles);
  if (files.length === 0) return [];
  const { stdout } = await run(['check-ignore', '-z', '--stdin'], { input: join0(files), accept: [1] });
  const ignored = new Set(split(stdout));
  return files.filter((each) => !ignored.has(each));
}

/** Ends a task that takes longer than a snapshot may. */
async function inTime<T>(
  clock: Clock,
  task: (options: CallOptions) => Promise<T>,
  options: CallOptions | undefined,
): Promise<T> {
  using deadline = startDeadline(clock, maxSnapshotMs, {
    reason: () => tookTooLong(maxSnapshotMs),
    signal: options?.signal,
  });
  return await task({ signal: deadline.signal });
}

function missing(root: string): BatonError {
  return new BatonError('NOT_FOUND', `The checkout ${root} is gone.`, {
    details: { resource: root },
    adapter: 'git-worktree',
  });
}

function split(output: string): readonly string[] {
  return output.split('\0').filter((each) => each !== '');
}

function join0(names: readonly string[]): string {
  return names.map((each) => `${each}\0`).join('');
}
