import type { CallOptions } from '@baton/core';
import type { Project } from '../project/project.js';
import { branchFor } from './branch-name.js';
import { readOwnHistory } from './own-branch.js';

/** Names of the branches of a project's remote that are called as Baton's are. Null: nobody could tell. */
export type StandingBranches = () => Promise<ReadonlySet<string> | null>;

const refs = 'refs/heads/';
const mostBranches = 20;

/** Lists them when they are asked for first. A remote that can't be asked says so where the work is pushed. */
export function listStandingBranches(project: Project, options: CallOptions = {}): StandingBranches {
  let listed: Promise<ReadonlySet<string> | null> | null = null;
  const list = async (): Promise<ReadonlySet<string> | null> => {
    try {
      const { repository } = project.forge;
      const remote = await project.forge.remote(options);
      const found = await project.workspaces.listRefs?.({ repository, remote, prefix: `${refs}baton/` }, options);
      return found === undefined ? null : new Set([...found.keys()].map((ref) => ref.slice(refs.length)));
    } catch (error) {
      if (options.signal?.aborted) throw error;
      return null;
    }
  };
  return () => {
    listed ??= list();
    return listed;
  };
}

/**
 * After how many branches of an issue its next job is to be counted, `earlier` at least: past those that stand on the
 * remote and can't be gone on with. One with a pull request can, and for the first job of an issue one that an earlier
 * life of Baton's pushed; what anybody else pushed would be met only once a turn was paid for.
 */
export async function countPastTaken(
  project: Project,
  issueKey: string,
  {
    earlier,
    isFirst,
    standing,
  }: { readonly earlier: number; readonly isFirst: boolean; readonly standing: StandingBranches },
  options: CallOptions = {},
): Promise<number> {
  const names = await standing();
  if (names === null) return earlier;
  for (let count = earlier; count < earlier + mostBranches; count += 1) {
    const branch = branchFor(project, issueKey, count);
    if (!names.has(branch)) return count;
    if ((await project.forge.findPullRequests({ head: branch }, options)).length > 0) return count;
    if (!isFirst) continue;
    const onto = await project.forge.defaultBranch(options);
    if ((await readOwnHistory(project, { branch, onto }, options)) !== null) return count;
  }
  return earlier;
}
