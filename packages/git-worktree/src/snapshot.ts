import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError, type CallOptions } from '@baton/core';
import type { Place } from './checkout.js';
import type { Git, GitAnswer, GitCommand } from './git.js';
import type { KnownTrees } from './known-trees.js';
import type { Layout } from './layout.js';
import { exists } from './vault.js';

type Run = (argv: GitCommand['argv'], input?: string, accept?: readonly number[]) => Promise<GitAnswer>;

/** What `writeSnapshot` works with. */
export interface SnapshotParts {
  readonly git: Git;
  readonly layout: Layout;
  readonly trees: KnownTrees;
}

/**
 * Writes what stands in a checkout as a tree: untracked files included, ignored ones left out.
 *
 * Not by `git add`: on a repository inside the checkout that would run `git status` under the configuration of
 * that repository, which the agent may have written.
 */
export async function writeSnapshot(
  { git, layout, trees }: SnapshotParts,
  place: Place,
  baseCommit: string,
  options?: CallOptions,
): Promise<string> {
  const { slot, repository } = place;
  const index = layout.index(slot);
  const root = layout.worktree(slot);
  const excludes = (await exists(layout.excludes(slot))) ? { excludes: layout.excludes(slot) } : {};
  const where = { gitDir: layout.vault(repository), workTree: root, index, ...excludes };
  const run: Run = (argv, input, accept) =>
    git({ argv, ...where, ...(input === undefined ? {} : { input }), ...(accept ? { accept } : {}) }, options);

  if (!(await exists(root))) throw missing(root);
  await prepareIndex(run, index, baseCommit);
  // More than `dirty` would look into nested repositories; where their heads are is read without running anything.
  const [changed = [], untracked = []] = await inParallel([
    async () => split((await run(['diff-files', '-z', '--name-status', '--ignore-submodules=dirty'])).stdout),
    async () => split((await run(['ls-files', '-z', '--others', '--exclude-standard'])).stdout),
  ]);
  const known = changed.length + untracked.length === 0 ? await trees.inIndex(index) : null;
  if (known !== null) return known;
  await trees.noteIndex(index, null);
  const gone: string[] = [];
  const stored: string[] = [];
  for (let at = 0; at + 1 < changed.length; at += 2) {
    const path = changed[at + 1] ?? '';
    const isGone = changed[at] === 'D' || (await isSpecial(join(root, path)));
    (isGone ? gone : stored).push(path);
  }
  const nested = untracked.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
  stored.push(...untracked.filter((path) => !path.endsWith('/')));
  if (gone.length > 0) await run(['update-index', '-z', '--force-remove', '--stdin'], join0(gone));
  for (const path of nested) stored.push(...(await addNested(run, root, path)));
  if (stored.length > 0) await run(['update-index', '-z', '--add', '--remove', '--replace', '--stdin'], join0(stored));
  const tree = (await run(['write-tree'])).stdout.trim();
  // A nested repository in the index would hide what is in its place once it is gone: the next look starts anew.
  if (nested.length > 0) await rm(index, { force: true });
  else await trees.noteIndex(index, tree);
  return tree;
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
async function addNested(run: Run, root: string, path: string): Promise<readonly string[]> {
  const added = await run(['update-index', '-z', '--add', '--replace', '--stdin'], `${path}\0`, [128]);
  if (added.exitCode === 0) return [];
  const files = await listFiles(root, path);
  if (files.length === 0) return [];
  const ignored = new Set(split((await run(['check-ignore', '-z', '--stdin'], join0(files), [1])).stdout));
  return files.filter((each) => !ignored.has(each));
}

async function listFiles(root: string, path: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const entry of await readdir(join(root, path), { withFileTypes: true })) {
    const child = `${path}/${entry.name}`;
    if (entry.name.toLowerCase() === '.git') continue;
    if (entry.isDirectory()) files.push(...(await listFiles(root, child)));
    else if (entry.isFile() || entry.isSymbolicLink()) files.push(child);
  }
  return files;
}

function missing(root: string): BatonError {
  return new BatonError('NOT_FOUND', `The checkout ${root} is gone.`, {
    details: { resource: root },
    adapter: 'git-worktree',
  });
}

/** A pipe, a socket, a device: nothing that git could store. */
async function isSpecial(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found !== null && !found.isFile() && !found.isDirectory() && !found.isSymbolicLink();
}

function split(output: string): readonly string[] {
  return output.split('\0').filter((each) => each !== '');
}

function join0(paths: readonly string[]): string {
  return paths.map((each) => `${each}\0`).join('');
}
