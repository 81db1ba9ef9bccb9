import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BatonError, type CallOptions, type Diagnosis, type GitRemote, messageOf } from '@baton/core';
import type { Git } from '../git/git.js';
import { createRemotes, isShallow } from '../vault/remotes.js';
import { createSubmodules, refuseSubmodules } from '../vault/submodules.js';

/** What is asked of a remote. */
export interface RemoteQuestion {
  readonly remote: GitRemote;
  readonly branch: string;
  /** Whether a base that pins submodules is worked all the same. */
  readonly leavesSubmodules: boolean;
}

/** As `WorkspaceProvider.diagnoseRemote`. Brings in one commit and its trees, into a directory that goes again. */
export async function* diagnoseRemote(
  git: Git,
  { remote, branch, leavesSubmodules }: RemoteQuestion,
  options?: CallOptions,
): AsyncGenerator<Diagnosis> {
  const directory = await mkdtemp(join(tmpdir(), 'baton-look-'));
  try {
    await git({ argv: ['init', '--bare', '--quiet', '--template=', '--object-format=sha1', '--', directory] }, options);
    const commit = await createRemotes(git, directory).look({ remote, branch }, options);
    if (await isCutOff(remote)) throw isShallow(remote);
    const pinned = leavesSubmodules ? [] : await createSubmodules(git).of(directory, commit, options);
    if (pinned.length > 0) throw refuseSubmodules(remote.url, pinned);
    yield { check, ok: true, detail: `Jobs can start from ${branch} of ${remote.url}.`, fix: null };
  } catch (error) {
    options?.signal?.throwIfAborted();
    const detail = messageOf(error);
    const known = BatonError.is(error) ? (error.fix ?? null) : null;
    yield { check, ok: false, detail, fix: known ?? 'Mend what the line says, then try again.' };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const check = 'repository';

/** Git tells of it only to whom it brings the whole history. Hosts keep no such repository: it is a clone on this machine. */
async function isCutOff({ url }: GitRemote): Promise<boolean> {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  if (!path.startsWith('/')) return false;
  const found = ['shallow', '.git/shallow'].map((name) => stat(join(path, name)).catch(() => null));
  return (await Promise.all(found)).some((each) => each !== null);
}
