import { BatonError, type JudgedCopy, type PruneRequest, type RescuedWork, type WorkspaceProvider } from '@baton/core';
import type { Checkout } from './checkout.js';
import type { MemoryRemote } from './remote.js';
import { ancestorsOf, copyHistory, type MemoryVault } from './vault.js';

/** What a workspace provider does with what it keeps. */
export type KeptWork = Required<Pick<WorkspaceProvider, 'rescued' | 'restore' | 'prune'>>;

/** What `createKeptWork` works with. */
export interface KeptWorkParts {
  /** By the names of their repositories. */
  readonly vaults: Map<string, MemoryVault>;
  readonly checkouts: ReadonlyMap<string, Checkout>;
  /** Commit by rescue ref. */
  readonly rescueRefs: ReadonlyMap<string, string>;
  /** Repositories of persons, by their `url`: none has a checkout that could change. */
  readonly remotes: readonly MemoryRemote[];
}

/** Rescued work and copies of repositories, in memory. A copy that nothing needs is never too young to go. */
export function createKeptWork({ vaults, checkouts, rescueRefs, remotes }: KeptWorkParts): KeptWork {
  const whyKept = async (
    repository: string,
    { store, heads }: MemoryVault,
    { whyNeeded }: PruneRequest,
  ): Promise<string | null> => {
    if ([...checkouts.values()].some((each) => each.repository === repository)) return 'it has checkouts';
    if ([...rescueRefs.values()].some((commit) => store.commits.has(commit))) return 'it holds rescued work';
    for (const job of new Set([...heads.keys()].map((name) => name.slice(0, name.lastIndexOf('/'))))) {
      const why = await whyNeeded(job);
      if (why !== null) return `it holds work of ${job}, which ${why}`;
    }
    return null;
  };
  return {
    async rescued(call) {
      call?.signal?.throwIfAborted();
      return [...rescueRefs.keys()].map(partsOf).sort(byJobAndAttempt);
    },
    async restore({ ref, into, branch }, call) {
      call?.signal?.throwIfAborted();
      const commit = rescueRefs.get(ref);
      const vault = [...vaults.values()].find(({ store }) => commit !== undefined && store.commits.has(commit));
      if (commit === undefined || vault === undefined) return null;
      const person = remotes.find(({ url }) => url === into);
      if (person === undefined) {
        throw new BatonError('NOT_FOUND', `${into} is no repository.`, { details: { resource: into } });
      }
      const standing = person.branches.get(branch);
      if (standing !== undefined && !ancestorsOf(vault.store, commit).has(standing)) {
        throw new BatonError('CONFLICT', `${into} has a branch ${branch} already, and it holds something else.`, {
          details: { actual: standing },
        });
      }
      copyHistory(vault.store, person, commit);
      person.branches.set(branch, commit);
      return commit;
    },
    async prune(request, call) {
      const judged: JudgedCopy[] = [];
      for (const [repository, vault] of [...vaults]) {
        call?.signal?.throwIfAborted();
        const keptFor = await whyKept(repository, vault, request);
        if (keptFor === null && !request.dryRun) vaults.delete(repository);
        judged.push({ name: repository, usedAt: vault.usedAt, keptFor });
      }
      return judged;
    },
  };
}

function partsOf(ref: string): RescuedWork {
  const [job = '', attempt] = ref.split('/').slice(3);
  return { ref, job, attempt: Number(attempt) };
}

function byJobAndAttempt(left: RescuedWork, right: RescuedWork): number {
  return left.job === right.job ? left.attempt - right.attempt : left.job < right.job ? -1 : 1;
}
