import type { CallOptions, RescuedWork } from '@baton/core';
import type { Git } from '../git/git.js';

/** A ref of a vault, and what it is at. */
export interface VaultRef {
  readonly name: string;
  readonly commit: string;
}

/** Baton's refs in a vault. */
export async function listVaultRefs(git: Git, vault: string, options?: CallOptions): Promise<readonly VaultRef[]> {
  const argv = ['for-each-ref', '--format=%(refname) %(objectname)', 'refs/baton/'] as const;
  const { stdout } = await git({ argv, gitDir: vault }, options);
  return stdout.split('\n').flatMap((line) => {
    const [name = '', commit = ''] = line.split(' ');
    return name === '' ? [] : [{ name, commit }];
  });
}

/** What a ref keeps, by its name; null where it is none of rescued work. */
export function readRescueRef(ref: string): RescuedWork | null {
  const [, job, attempt] = /^refs\/baton\/rescue\/([^/]+)\/(\d+)$/.exec(ref) ?? [];
  return job === undefined ? null : { ref, job, attempt: Number(attempt) };
}
