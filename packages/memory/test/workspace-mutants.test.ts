import { workspaceContract } from '@baton/conformance';
import type { WorkspaceProvider } from '@baton/core';
import { describe, expect, it } from 'vitest';
import type { MemoryRemote, MemoryWorkspaces } from '../src/index.js';
import { createMemoryWorkspaceRig } from './workspace-rig.js';

type Kept = Required<Pick<WorkspaceProvider, 'rescued' | 'restore' | 'prune'>>;

/** Stands between the suite and a provider that is right. */
type Mutation = (kept: Kept, clone: MemoryRemote) => Partial<Kept>;

function keptOf({ rescued, restore, prune }: MemoryWorkspaces): Kept {
  if (!rescued || !restore || !prune) throw new Error('Workspaces in memory keep what they are asked to.');
  return { rescued, restore, prune };
}

/** The cases about what is kept that fail on a provider with a planted fault. */
async function failures(mutate: Mutation): Promise<readonly string[]> {
  const cases = new Map<string, () => Promise<void>>();
  workspaceContract(
    (name, body) => cases.set(name.replace('workspace: ', ''), () => body({ skip: () => {} })),
    async () => {
      const rig = createMemoryWorkspaceRig();
      const provider = { ...rig.provider, ...mutate(keptOf(rig.provider), rig.clone) };
      return { ...rig, provider, restart: async () => provider };
    },
  );
  const failed: string[] = [];
  for (const [name, run] of cases) {
    if (!/^(rescued|restored?|prune)-/.test(name)) continue;
    await run().catch(() => failed.push(name));
  }
  return failed;
}

describe('the suite of workspaces bites where work is kept', () => {
  it('fails nothing on a provider that is right', async () => {
    expect(await failures(() => ({}))).toEqual([]);
  });

  it.each<[string, string, Mutation]>([
    [
      'lists by name',
      'rescued-work-is-listed-by-job-and-attempt',
      ({ rescued }) => ({ rescued: async () => (await rescued()).toSorted((a, b) => (a.ref < b.ref ? -1 : 1)) }),
    ],
    [
      'lists the last attempt of each job alone',
      'rescued-work-is-listed-by-job-and-attempt',
      ({ rescued }) => ({
        rescued: async () => [...new Map((await rescued()).map((each) => [each.job, each])).values()],
      }),
    ],
    [
      "writes over a branch of the person's",
      'restore-leaves-a-branch-that-holds-something-else',
      ({ restore }, clone) => ({
        restore: async (request) => {
          clone.branches.delete(request.branch);
          return restore(request);
        },
      }),
    ],
    [
      'moves what the person works on',
      'restored-work-is-a-branch-and-stays-kept',
      ({ restore }, clone) => ({
        restore: async (request) => {
          const commit = await restore(request);
          if (commit !== null) clone.branches.set('main', commit);
          return commit;
        },
      }),
    ],
    [
      'takes a branch only once',
      'restored-work-is-a-branch-and-stays-kept',
      ({ restore }, clone) => ({
        restore: async (request) => {
          if (clone.branches.has(request.branch)) throw new Error('It is there already.');
          return restore(request);
        },
      }),
    ],
    [
      'never moves a branch that it made',
      'restore-goes-on-with-a-branch-of-what-was-kept-before',
      ({ restore }, clone) => ({
        restore: async (request) => clone.branches.get(request.branch) ?? restore(request),
      }),
    ],
    [
      'rejects where nothing is kept',
      'restore-of-what-is-not-kept-is-null',
      ({ restore }) => ({
        restore: async (request) => {
          const commit = await restore(request);
          if (commit === null) throw new Error('Nothing is kept there.');
          return commit;
        },
      }),
    ],
    [
      'restores something else where nothing is kept under the name',
      'restore-of-what-is-not-kept-is-null',
      ({ rescued, restore }) => ({
        restore: async (request) => {
          const [other] = await rescued();
          return (await restore(request)) ?? (other ? restore({ ...request, ref: other.ref }) : null);
        },
      }),
    ],
    [
      'says nothing where there is no repository',
      'restore-into-no-repository-not-found',
      ({ restore }) => ({ restore: (request) => restore(request).catch(() => null) }),
    ],
    [
      'removes what it was only to judge',
      'prune-removes-what-nothing-needs-and-fetch-brings-it-in-again',
      ({ prune }) => ({ prune: (request) => prune({ ...request, dryRun: false }) }),
    ],
    [
      'removes nothing',
      'prune-removes-what-nothing-needs-and-fetch-brings-it-in-again',
      ({ prune }) => ({ prune: (request) => prune({ ...request, dryRun: true }) }),
    ],
    [
      'tells that what holds rescued work went',
      'prune-keeps-rescued-work',
      ({ prune }) => ({
        prune: async (request) => (await prune(request)).map((each) => ({ ...each, keptFor: null })),
      }),
    ],
    [
      'asks nobody whether a job needs it',
      'prune-keeps-work-of-jobs-that-are-needed',
      ({ prune }) => ({ prune: (request) => prune({ ...request, whyNeeded: async () => null }) }),
    ],
    [
      'keeps the work of every job',
      'prune-keeps-work-of-jobs-that-are-needed',
      ({ prune }) => ({ prune: (request) => prune({ ...request, whyNeeded: async () => 'was there' }) }),
    ],
  ])('on one that %s', async (_, expected, mutate) => {
    expect(await failures(mutate)).toContain(expected);
  });
});
