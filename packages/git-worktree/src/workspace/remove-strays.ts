import { rm } from 'node:fs/promises';
import type { CallOptions } from '@baton/core';
import { maxListBytes, pathOf, tooManyFiles } from '../bounds/snapshot-bounds.js';
import type { Place } from '../checkout/checkout.js';
import type { Git } from '../git/git.js';
import { listMade } from '../setup/setup-files.js';
import type { Layout } from '../vault/layout.js';

/**
 * Deletes what stands untracked beside what a setup made: its directories are left out as a whole of what git cleans
 * up, and work of before a tree was loaded would come back in the next snapshot.
 */
export async function removeStrays(
  { git, layout }: { readonly git: Git; readonly layout: Layout },
  { slot, repository }: Place,
  options?: CallOptions,
): Promise<void> {
  const made = await listMade(layout.made(slot));
  if (made.size === 0) return;
  const root = layout.worktree(slot);
  const where = { gitDir: layout.vault(repository), workTree: root, index: layout.index(slot) };
  const argv = ['ls-files', '-z', '--others', '--exclude-standard'] as const;
  const { stdout, isCut } = await git({ argv, ...where, encoding: 'latin1', maxBytes: maxListBytes }, options);
  if (isCut) throw tooManyFiles();
  for (const name of stdout.split('\0')) {
    if (name !== '' && !made.has(name)) await rm(pathOf(root, name), { recursive: true, force: true });
  }
}
