import type { CallOptions, WorkspaceKey } from '@baton/core';
import type { FoldedJob } from '../job/job-data.js';
import type { Project } from '../project/project.js';
import { openCheckout } from '../workspaces/open-checkout.js';

/** The checkout of the last attempt that an agent worked in, of those that still stand. */
export async function findLastCheckout(
  { workspaces }: Project,
  job: string,
  options: CallOptions,
): Promise<WorkspaceKey | null> {
  let last: WorkspaceKey | null = null;
  for await (const { key } of workspaces.list(options)) {
    if (key.job === job && key.role === 'work' && key.attempt > (last?.attempt ?? 0)) last = key;
  }
  return last;
}

/** Where that checkout stands, ready for a person to go there; null where none does. */
export async function locateCheckout(
  project: Project,
  { id, data: { base } }: FoldedJob,
  options: CallOptions,
): Promise<string | null> {
  const key = await findLastCheckout(project, id, options);
  if (key === null || base === null) return null;
  const workspace = await openCheckout(project, { key, baseCommit: base.commit }, options);
  await workspace.handOver?.(options);
  return workspace.root;
}
