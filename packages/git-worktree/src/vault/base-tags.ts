import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions } from '@baton/core';
import type { Git } from '../git/git.js';
import { baseStoreOf } from './layout.js';

/** Puts tags that came each in a file of its own into `packed-refs`, of which new checkouts get a copy. */
export async function packTags(git: Git, vault: string, options?: CallOptions): Promise<void> {
  const base = baseStoreOf(vault);
  const loose = await readdir(join(base, 'refs', 'tags')).catch(() => []);
  if (loose.length > 0) await git({ argv: ['pack-refs'], gitDir: base }, options);
}

/** Lets go of every tag of the base store: the next fetch brings those that the remote has. */
export async function forgetTags(git: Git, vault: string, options?: CallOptions): Promise<void> {
  const gitDir = baseStoreOf(vault);
  const argv = ['for-each-ref', '--format=delete %(refname)', 'refs/tags/'] as const;
  const { stdout } = await git({ argv, gitDir }, options);
  await git({ argv: ['update-ref', '--stdin'], gitDir, input: stdout }, options);
}
