import type { CallOptions, Overlay } from '@baton/core';
import type { Checkouts } from './checkout.js';
import type { KnownTrees } from './known-trees.js';
import type { Layers } from './layers.js';
import type { Layout } from './layout.js';
import type { Confinement } from './policy.js';
import type { SlotRecord } from './records.js';
import type { Setup } from './setup.js';

/** What `renewCheckout` works with. */
export interface RenewParts {
  readonly layout: Layout;
  readonly trees: KnownTrees;
  readonly checkouts: Checkouts;
  readonly layers: Layers;
  readonly setup: Setup;
}

/**
 * Makes a checkout exactly a tree and what the setup made, in a directory of its own: whatever a run left in the
 * one before goes with that. See `Workspace.renew` for whose setup counts. The overlays belong to its commands.
 */
export async function renewCheckout(
  { layout, trees, checkouts, layers, setup }: RenewParts,
  record: SlotRecord,
  tree: string,
  confinement: Confinement,
  options?: CallOptions,
): Promise<readonly Overlay[]> {
  const { repository, baseCommit } = record;
  await checkouts.replace(record, tree, options);
  const wanted = await setup.keyOf(repository, tree, options);
  if (wanted === null) return [];
  const base = await setup.keyOf(repository, baseCommit, options);
  const key = wanted === base ? base : `${wanted}.${(await trees.of(layout.vault(repository), tree, options)) ?? tree}`;
  if (!(await layers.has(record, key))) {
    const source = wanted === base ? baseCommit : tree;
    if (source !== tree) await checkouts.replace(record, source, options);
    await setup.run(record, source, { ...confinement, trusted: wanted === base }, options);
    await layers.capture(record, key, { base: base ?? key, tree: source }, options);
    await checkouts.replace(record, tree, options);
  }
  return await layers.lay(record, key, options);
}
