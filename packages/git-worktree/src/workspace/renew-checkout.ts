import type { CallOptions, Overlay, SetupProducts } from '@baton/core';
import type { Checkouts } from '../checkout/checkout.js';
import type { Confinement } from '../checkout/sandbox-policy.js';
import type { Git } from '../git/git.js';
import type { SlotRecord } from '../records/slot-record.js';
import type { Layers } from '../setup/layers.js';
import type { Setup } from '../setup/setup.js';
import type { Comparison } from '../snapshot/changes.js';
import { findOutdated } from '../snapshot/outdated-copies.js';
import type { KnownTrees } from '../vault/known-trees.js';
import type { Layout } from '../vault/layout.js';

/** What `renewCheckout` works with. */
export interface RenewParts {
  readonly layout: Layout;
  readonly trees: KnownTrees;
  readonly checkouts: Checkouts;
  readonly layers: Layers;
  readonly setup: Setup;
  readonly comparison: Comparison;
  readonly git: Git;
}

/** What a checkout of the role `verify` was made of. */
export interface Renewed {
  readonly tree: string;
  /** Of the layer; null where there is no setup. */
  readonly key: string | null;
  /** Whether the setup ran on this tree, in place of the base. */
  readonly isOwn: boolean;
  /** They belong to its commands. */
  readonly overlays: readonly Overlay[];
}

/**
 * Makes a checkout exactly a tree and what the setup made of dependencies, in a directory of its own: whatever a run
 * left in the one before goes with that. See `Workspace.renew` for whose setup counts.
 */
export async function renewCheckout(
  { layout, trees, checkouts, layers, setup }: RenewParts,
  record: SlotRecord,
  tree: string,
  confinement: Confinement,
  options?: CallOptions,
): Promise<Renewed> {
  const { repository, baseCommit } = record;
  await checkouts.replace(record, tree, options);
  const wanted = await setup.keyOf(repository, tree, options);
  if (wanted === null) return { tree, key: null, isOwn: false, overlays: [] };
  const base = await setup.keyOf(repository, baseCommit, options);
  const key = wanted === base ? base : `${wanted}.${(await trees.of(layout.vault(repository), tree, options)) ?? tree}`;
  if (!(await layers.has(record, key))) {
    const source = wanted === base ? baseCommit : tree;
    if (source !== tree) await checkouts.replace(record, source, options);
    await setup.run(record, source, { ...confinement, trusted: wanted === base }, options);
    await layers.capture(record, key, { base: base ?? key, tree: source }, options);
    await checkouts.replace(record, tree, options);
  }
  return { tree, key, isOwn: wanted !== base, overlays: await layers.lay(record, key, options) };
}

/** What the setup made that tells nothing of the tree: see `Workspace.setupProducts`. */
export async function readProducts(
  { layout, layers, comparison, git }: RenewParts,
  record: SlotRecord,
  { tree, key, isOwn }: Renewed,
  options?: CallOptions,
): Promise<SetupProducts> {
  if (key === null) return { unseen: [], outdated: [], ofChange: false };
  const gitDir = layout.vault(record.repository);
  const changes = await comparison.changes(gitDir, record.baseCommit, tree, options);
  const argv = ['ls-tree', '-r', '-z', '--full-tree', record.baseCommit, '--'] as const;
  const { stdout } = await git({ argv, gitDir, encoding: 'latin1' }, options);
  // Each entry is `<mode> <type> <id>` TAB `<path>` (git-ls-tree(1)).
  const base = stdout.split('\0').flatMap((entry) => {
    const [, id, name] = /^100\d+ blob (\w+)\t([\s\S]+)$/.exec(entry) ?? [];
    return id === undefined || name === undefined ? [] : [{ name, id }];
  });
  const outdated = await findOutdated(layers.directory(record, key), { changes, base }, options);
  return { unseen: await layers.unseen(record, key), outdated, ofChange: isOwn };
}
