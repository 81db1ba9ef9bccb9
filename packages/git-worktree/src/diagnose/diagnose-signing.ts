import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatonError, type CallOptions, type Diagnosis, messageOf } from '@baton/core';
import type { Git } from '../git/git.js';
import type { Signer, SigningSettings } from '../git/signing.js';
import { identity } from '../vault/remotes.js';

/** Whether the configured key signs: a commit of nothing is made, in a directory that goes again. */
export async function diagnoseSigning(
  git: Git,
  signer: Signer,
  { format, key }: SigningSettings,
  options?: CallOptions,
): Promise<Diagnosis> {
  const check = 'signing';
  const directory = await mkdtemp(join(tmpdir(), 'baton-sign-'));
  try {
    await git({ argv: ['init', '--bare', '--quiet', '--template=', '--object-format=sha1', '--', directory] }, options);
    const hash = ['hash-object', '-t', 'tree', '-w', '--no-filters', '--', '/dev/null'] as const;
    const tree = (await git({ argv: hash, gitDir: directory }, options)).stdout.trim();
    const env = identity('Baton', 'baton@localhost', 0);
    const argv = ['commit-tree', tree, '-F', '-'] as const;
    await signer.commit(git, { argv, gitDir: directory, input: 'trial\n', env }, options);
    const detail = `Commits are signed with ${key} (${format}). The host shows them as verified once it knows the key.`;
    return { check, ok: true, detail, fix: null };
  } catch (error) {
    options?.signal?.throwIfAborted();
    const detail = messageOf(error);
    const known = BatonError.is(error) ? error.fix : undefined;
    return { check, ok: false, detail, fix: known ?? 'Mend what the line says, then try again.' };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
