import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createLimit } from '@baton/adapter-kit';
import type {
  AdapterHost,
  CallOptions,
  RemoveOptions,
  Runtime,
  Sandbox,
  WorkspaceKey,
  WorkspaceProvider,
} from '@baton/core';
import { BatonError } from '@baton/core';
import { LRUCache } from 'lru-cache';
import { type Checkouts, createCheckouts } from './checkout/checkout.js';
import { createCheckoutGit } from './checkout/checkout-git.js';
import { createTrash } from './checkout/trash.js';
import { createCommitTree } from './commit/commit-tree.js';
import { createCommits } from './commit/commits.js';
import { createDiagnosis } from './diagnose/diagnosis.js';
import { readEnvironment } from './git/environment.js';
import { createGit, type Git } from './git/git.js';
import { createGitHelper, type GitHelper } from './git/git-helper.js';
import { createKeyedLock } from './git/lock.js';
import { mapMachineFailure } from './git/map-error.js';
import { ensurePrivateDirectory } from './git/private-directory.js';
import { createSigner } from './git/signing.js';
import { restoreWork } from './person/restore-work.js';
import { listRecords, readRecord } from './records/records.js';
import type { GitWorktreeSettings } from './settings/settings.js';
import { createLayers } from './setup/layers.js';
import { createSetup } from './setup/setup.js';
import { createComparison } from './snapshot/changes.js';
import type { SnapshotParts } from './snapshot/snapshot.js';
import { createBaseStore } from './vault/base-store.js';
import { readBranchHistory } from './vault/branch-history.js';
import { createClaims } from './vault/claims.js';
import { listKeptWork } from './vault/kept-work.js';
import { createKnownTrees } from './vault/known-trees.js';
import { createLayout, keyOfName, nameOfKey } from './vault/layout.js';
import { readCommitFile } from './vault/read-commit-file.js';
import { readSubjects } from './vault/read-subjects.js';
import { createRemotes, listRefs } from './vault/remotes.js';
import { rescueRef } from './vault/rescue.js';
import { createSubmodules } from './vault/submodules.js';
import { createSymlinks } from './vault/symlinks.js';
import { ensureVault } from './vault/vault.js';
import { createGrowth } from './workspace/growth.js';
import { createInUse } from './workspace/in-use.js';
import { createOpening } from './workspace/opening.js';
import { createPool } from './workspace/pool.js';
import { pruneVaults } from './workspace/prune.js';
import { createRescues, type KeptWork } from './workspace/rescues.js';

/** What the provider works with. */
export interface GitWorktreeParts {
  /** Absolute. Everything lies below it: vaults, checkouts, records. No agent may write there, save in its own checkout. */
  readonly stateDirectory: string;
  readonly sandbox: Sandbox;
  readonly runtime: Runtime;
  /**
   * Where git is (`PATH`), and what remotes and signing need of the daemon's environment, such as `SSH_AUTH_SOCK` and
   * proxies. Default: the usual directories, and nothing else.
   */
  readonly environment?: AdapterHost['environment'];
  readonly log: AdapterHost['log'];
  /** Takes secrets out of what commands printed, before it is cut and told. */
  readonly mask: AdapterHost['mask'];
}

/** A `WorkspaceProvider` over git worktrees. */
export interface GitWorktrees extends WorkspaceProvider {
  /** Resolves once no spare is being made and nothing taken back any more: for benchmarks and tests. */
  idle(): Promise<void>;
}

const id = 'git-worktree';

/**
 * Makes the provider. One bare repository, the vault, per repository; checkouts are made of it, and what runs in them
 * sees the part that holds the base. Does nothing before its first call. The helper, by default one of its own, goes with it.
 */
export function createGitWorktrees(
  settings: GitWorktreeSettings,
  parts: GitWorktreeParts,
  helper: GitHelper = createGitHelper(parts.runtime.clock),
): GitWorktrees {
  const { runtime, sandbox, log, mask } = parts;
  const layout = createLayout(parts.stateDirectory);
  const environment = readEnvironment(parts.environment ?? (() => null));
  const workers = availableParallelism();
  const shared = { environment, helper, runtime, workers, mask };
  const gitOptions = { ...shared, directory: layout.root, adapter: id, isUrgent: true };
  const git = createGit(gitOptions);
  const trees = createKnownTrees(git);
  const submodules = createSubmodules(git);
  const symlinks = createSymlinks(git);
  const signer = createSigner(settings.signing, environment, runtime.clock);
  const commitTree = createCommitTree(git, signer);
  const commits = createCommits(git, commitTree);
  const comparison = createComparison(git, trees);
  const described: SnapshotParts['described'] = new LRUCache({ max: 16 });
  const snapshots: SnapshotParts = { git, layout, trees, comparison, symlinks, clock: runtime.clock, described };
  const limit = createLimit(workers);
  const trash = createTrash(layout.trash, { log, environment: environment.tools });
  const base = createBaseStore(git);
  const checkoutsBy = (by: Git): Checkouts => {
    const shown = createCheckoutGit({ git: by, layout, trees, trash, base });
    return createCheckouts({ git: by, layout, trash, trees, submodules, shown, limit });
  };
  const checkouts = checkoutsBy(git);
  const rescues = createRescues(snapshots);
  const layers = createLayers({
    ...{ git, layout, submodules, sandbox },
    keep: settings.setup?.keep ?? [],
    environment: environment.tools,
  });
  const setup = createSetup(settings.setup, { git, layout, checkouts, symlinks, sandbox, runtime, mask });
  const inBackground = checkoutsBy(createGit({ ...gitOptions, isUrgent: false }));
  const pool = createPool({ layout, checkouts, inBackground, setup, spares: settings.spares, runtime, log });
  const lock = createKeyedLock();
  const inUse = createInUse(layout);
  const growth = createGrowth(layout, environment.tools);
  let begun: Promise<void> | null = null;

  const begin = async (): Promise<void> => {
    begun ??= (async () => {
      for (const each of layout.directories) await ensurePrivateDirectory(each);
      await pool.sweep();
      await trash.sweep();
    })();
    await begun.catch((error: unknown) => {
      begun = null;
      throw error;
    });
  };
  const guard = async <T>(task: () => Promise<T>): Promise<T> => {
    try {
      return await task();
    } catch (error) {
      throw mapMachineFailure(error, layout.root);
    }
  };
  const vaultOf = async (repository: string, options?: CallOptions): Promise<string> => {
    await begin();
    const vault = layout.vault(repository);
    await lock(vault, () => ensureVault(git, vault, runtime.id('vault'), options), options);
    return vault;
  };
  const kept = (options?: CallOptions) => listKeptWork({ git, vaults: layout.vaults, log }, options);
  const opening = createOpening({
    ...snapshots,
    commits,
    commitTree,
    checkouts,
    layers,
    setup,
    sandbox,
    runtime,
    lock,
    inUse,
    growth,
    submodules: settings.submodules === 'leave' ? null : submodules,
    rescues,
    pool,
    signer,
    vaultOf,
    log,
  });

  const remove = async (key: WorkspaceKey, options: RemoveOptions = {}): Promise<string | null> => {
    const { unrescued = 'keep' } = options;
    const giveBack = async (): Promise<void> => {
      if (unrescued === 'keep') return await pool.giveBack(key);
      await pool.discard(key);
      await trash.settled();
    };
    const record = await readRecord(layout.taken(key));
    if (record === null) return await rescues.find(key, options);
    await opening.vacate(record.slot);
    // What a check leaves behind is nobody's work.
    if (key.role === 'verify') {
      await giveBack();
      return null;
    }
    let rescued: KeptWork;
    try {
      rescued = await lock(record.slot, () => rescues.keep(key, record, options), options);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      const path = layout.worktree(record.slot);
      if (unrescued === 'discard') {
        log('error', 'a checkout goes for want of room: what is in it could not be rescued', {
          path,
          error: String(error),
        });
        await giveBack();
        return null;
      }
      if (BatonError.is(error, 'DISK_FULL')) throw error;
      // A person is sent there.
      await checkouts.disarm(record).catch(() => {});
      log('error', 'a checkout is kept: what is in it could not be rescued', { path, error: String(error) });
      return null;
    }
    await commits.forget(layout.vault(record.repository), key, rescued.attempt, options);
    await giveBack();
    return rescued.ref ?? (rescued.attempt.rescued === null ? null : rescueRef(key));
  };

  return {
    spec: 'workspace/1',
    id,
    fetch: ({ repository, ...request }, options) =>
      guard(async () => {
        const vault = await vaultOf(repository, options);
        return await createRemotes(git, vault).fetch(request, options);
      }),
    readText: ({ repository, ...request }, options) =>
      guard(async () => await readCommitFile(git, await vaultOf(repository, options), request, options)),
    readSubjects: ({ repository, ...request }, options) =>
      guard(async () => await readSubjects(git, await vaultOf(repository, options), request, options)),
    open: (request, options) => guard(() => opening.open(request, options)),
    async *list(options) {
      await begin();
      for (const name of await listRecords(layout.takenDirectory)) {
        options?.signal?.throwIfAborted();
        const key = keyOfName(name);
        if (key === null) continue;
        // One that can't be read is there all the same.
        const record = await readRecord(join(layout.takenDirectory, name)).catch(() => unknownUse);
        if (record !== null) yield { key, usedAt: record.usedAt };
      }
    },
    remove: (key, options) =>
      guard(async () => {
        options?.signal?.throwIfAborted();
        await begin();
        return await lock(nameOfKey(key), () => remove(key, options), options);
      }),
    rescued: (options) =>
      guard(async () => (await kept(options)).map(({ ref, job, attempt }) => ({ ref, job, attempt }))),
    restore: (request, options) =>
      guard(async () => {
        const found = (await kept(options)).find(({ ref }) => ref === request.ref);
        return found === undefined ? null : await restoreWork(found, request, options);
      }),
    prune: (request, options) =>
      guard(async () => {
        if (!request.dryRun) await begin();
        const parts = { git, vaults: layout.vaults, lock, trash, clock: runtime.clock, log };
        const judged = await pruneVaults(parts, request, options);
        // What was known of one that is gone need not hold of one that is brought in again.
        trees.forget();
        base.forget();
        return judged;
      }),
    async measureGrowth(job, options) {
      await begin();
      let sum = 0;
      for (const name of await listRecords(layout.takenDirectory)) {
        if (keyOfName(name)?.job !== job) continue;
        // One that can't be read can't be measured either.
        const record = await readRecord(join(layout.takenDirectory, name)).catch(() => null);
        if (record !== null) sum += await growth.measure(record, options);
      }
      return sum;
    },
    readBranch: ({ repository, ...request }, options) =>
      guard(async () => readBranchHistory(git, await vaultOf(repository, options), request, options)),
    listRefs: ({ repository, ...request }, options) =>
      guard(async () => listRefs({ git, vault: await vaultOf(repository, options) }, request, options)),
    readClaim: ({ repository, ...claim }, options) =>
      guard(async () => createClaims(git, await vaultOf(repository, options), signer, runtime).read(claim, options)),
    claimRef: ({ repository, ...claim }, options) =>
      guard(async () => createClaims(git, await vaultOf(repository, options), signer, runtime).claim(claim, options)),
    releaseRef: ({ repository, ...claim }, options) =>
      guard(async () => createClaims(git, await vaultOf(repository, options), signer, runtime).release(claim, options)),
    // The state directory need not be there yet.
    ...createDiagnosis(settings, {
      git: createGit({ ...gitOptions, directory: '/' }),
      root: layout.root,
      sandbox,
      signer,
    }),
    async idle() {
      await pool.idle();
      await trash.settled();
    },
    async close() {
      await opening.endAll();
      await pool.close();
      await trash.close();
      await helper.close();
    },
  };
}

const unknownUse = { usedAt: 0 };
