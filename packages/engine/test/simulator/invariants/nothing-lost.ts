import { isEnded, type Job } from '@baton/core';
import { allJobs } from '../calm.js';
import type { Host } from '../host/host.js';
import { hostOf } from '../host/jobs.js';
import type { Installation } from '../process/installation.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';
import { journalOf } from './journals.js';

export const nothingLost: Invariant = {
  promise:
    'No commit is lost: what was judged is handed in or kept under a ref, and nothing that people pushed is overwritten.',
  watch: (world) => ({
    answered: ({ call }) => (call.method === 'push' ? findOverwritten(world) : null),
    async rest() {
      for (const { installation, job } of allJobs(world)) {
        const lost = isEnded(job.phase) ? await findLost(world, installation, job) : null;
        if (lost !== null) return lost;
      }
      return findOverwritten(world);
    },
  }),
};

function findOverwritten(world: World): string | null {
  for (const { host, branch, commit, step } of world.facts('pushed')) {
    const gone = world
      .facts('branch-gone')
      .some((each) => each.host === host && each.branch === branch && each.step >= step);
    if (!gone && !isReached(host, host.remote.branches.get(branch), commit)) {
      return `What people pushed to ${branch} of ${host.name} is gone.`;
    }
  }
  return null;
}

function isReached({ remote }: Host, head: string | undefined, commit: string): boolean {
  const seen = new Set<string>();
  const open = head === undefined ? [] : [head];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === commit) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(remote.commits.get(next)?.parents ?? []));
  }
  return false;
}

async function findLost(world: World, { store, workspaces }: Installation, job: Job): Promise<string | null> {
  if (world.facts('written-late').some((each) => each.job === job.id)) return null;
  const { remote } = hostOf(world, job);
  const journal = await journalOf(store, job);
  // A later turn goes on from what was judged, and leaves it behind.
  const judged = journal.findLast(({ entry }) => entry.type === 'verified' || entry.type === 'turn-started')?.entry;
  if (judged?.type !== 'verified' || judged.data.verdict === 'no-changes') return null;
  const { tree } = judged.data;
  // The files of equal trees are equal, wherever they are kept.
  const isTree = (files: ReadonlyMap<string, string> | null): boolean =>
    files !== null && remote.addTree(files) === tree;
  // Once it was pushed, what becomes of its branch is up to people.
  if ([...remote.commits.values()].some((commit) => commit.tree === tree)) return null;
  const kept = [...workspaces.rescueRefs].filter(([ref]) => ref.startsWith(`refs/baton/rescue/${job.id}/`));
  if (kept.some(([, commit]) => isTree(workspaces.filesOf(commit)))) return null;
  for await (const { key } of workspaces.list()) {
    if (key.job === job.id && key.role === 'work' && isTree(workspaces.files(key))) return null;
  }
  return `The work of job ${job.id} (${job.outcome}) is lost.`;
}
