import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdapterHost, CallOptions, Clock, JudgedCopy, PruneRequest } from '@baton/core';
import type { Trash } from '../checkout/trash.js';
import type { Git } from '../git/git.js';
import type { KeyedLock } from '../git/lock.js';
import { listVaults } from '../vault/kept-work.js';
import { listVaultRefs } from '../vault/vault-refs.js';

/** What `pruneVaults` works with. */
export interface PruneParts {
  readonly git: Git;
  /** Where the vaults are. */
  readonly vaults: string;
  readonly lock: KeyedLock;
  readonly trash: Trash;
  readonly clock: Clock;
  readonly log: AdapterHost['log'];
}

/** So long nothing was done in it: bringing a repository in again costs a clone. */
const idleDays = 30;

/** What names no job: it comes back with the next fetch, or was left by a look at a claim. */
const ofNoJob = ['refs/baton/remote/', 'refs/baton/seen-claims/'];

/** Removes vaults that nothing needs. Every vault, judged. */
export async function pruneVaults(
  parts: PruneParts,
  request: PruneRequest,
  options?: CallOptions,
): Promise<readonly JudgedCopy[]> {
  const { trash, lock } = parts;
  const judged: JudgedCopy[] = [];
  for (const path of await listVaults(parts.vaults)) {
    options?.signal?.throwIfAborted();
    await lock(
      path,
      async () => {
        const usedAt = await lastUsed(path);
        const keptFor = await whyKept(path, usedAt, parts, request, options);
        if (keptFor === null && !request.dryRun) await trash.discard(path);
        judged.push({ name: path, usedAt, keptFor });
      },
      options,
    );
  }
  await trash.settled();
  return judged;
}

async function whyKept(
  vault: string,
  usedAt: number,
  parts: PruneParts,
  { whyNeeded }: PruneRequest,
  options?: CallOptions,
): Promise<string | null> {
  // A person's worktrees, and those of an earlier version, stand in the first.
  for (const name of ['worktrees', 'checkouts']) {
    if (!(await isEmpty(join(vault, name)))) return 'it has checkouts';
  }
  const refs = await readRefs(vault, parts, options);
  if (refs === null) return 'it can not be read';
  if (refs.some((ref) => ref.startsWith('refs/baton/rescue/'))) return 'it holds rescued work';
  // refs/baton/<kind>/<job>/…
  const ofJobs = refs.filter((ref) => !ofNoJob.some((kind) => ref.startsWith(kind)));
  for (const job of new Set(ofJobs.flatMap((ref) => ref.split('/')[3] ?? []))) {
    const why = await whyNeeded(job);
    if (why !== null) return `it holds work of ${job}, which ${why}`;
  }
  return parts.clock.now() - usedAt >= idleDays * 86_400_000 ? null : `it was used within ${idleDays} days`;
}

async function readRefs(
  vault: string,
  { git, log }: PruneParts,
  options?: CallOptions,
): Promise<readonly string[] | null> {
  try {
    return (await listVaultRefs(git, vault, options)).map(({ name }) => name);
  } catch (error) {
    options?.signal?.throwIfAborted();
    log('warn', 'a vault is kept: it can not be read', { path: vault, error: String(error) });
    return null;
  }
}

async function isEmpty(directory: string): Promise<boolean> {
  return await readdir(directory).then(
    (names) => names.length === 0,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return true;
      throw error;
    },
  );
}

/** By what every fetch, checkout and commit writes. */
async function lastUsed(vault: string): Promise<number> {
  const places = ['.', 'FETCH_HEAD', 'packed-refs', 'refs', 'refs/heads', 'objects', 'objects/pack'];
  const own = ['worktrees', 'checkouts', ...places, ...places.map((place) => join('base.git', place))];
  const times = await Promise.all(
    own.map((place) =>
      stat(join(vault, place)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(...times);
}
