import { createHash } from 'node:crypto';
import type { CallOptions, WorkspaceKey } from '@baton/core';
import type { Git } from '../git/git.js';
import type { Signer } from '../git/signing.js';
import { checkedId } from '../vault/remotes.js';
import { signedRefs } from '../vault/rescue.js';

/** A commit of one attempt, to the last byte of it but its signature. */
export interface CommitContent {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** Who and when, as git's environment says it. */
  readonly env: Readonly<Record<string, string>>;
}

/** Makes a commit in a vault, for an attempt; its id, which is the same for the same content until the attempt is let go. */
export type CommitTree = (
  place: { readonly vault: string; readonly key: WorkspaceKey },
  content: CommitContent,
  options?: CallOptions,
) => Promise<string>;

/**
 * An unsigned commit's id is a function of its content. Most signatures hold an instant or a random number, so that
 * the first one is kept by a ref, before its id is told.
 */
export function createCommitTree(git: Git, signer: Signer): CommitTree {
  return async ({ vault, key }, { tree, parents, message, env }, options) => {
    const lineage = parents.flatMap((each) => ['-p', checkedId(each)]);
    const argv = ['commit-tree', checkedId(tree), ...lineage, '-F', '-'] as const;
    // Git would take an empty input for none at all.
    const input = message === '' ? '\n' : message;
    const make = async (): Promise<string> =>
      (await signer.commit(git, { argv, gitDir: vault, input, env }, options)).stdout.trim();
    if (signer.id === null) return await make();
    const asked = createHash('sha1').update(JSON.stringify([argv, input, Object.entries(env)]));
    const ref = `${signedRefs(key)}/${signer.id}-${asked.digest('hex')}`;
    const look = ['rev-parse', '--quiet', '--verify', `${ref}^{commit}`] as const;
    const { exitCode, stdout } = await git({ argv: look, gitDir: vault, accept: [1] }, options);
    if (exitCode === 0) return stdout.trim();
    const commit = await make();
    await git({ argv: ['update-ref', ref, commit], gitDir: vault }, options);
    return commit;
  };
}
