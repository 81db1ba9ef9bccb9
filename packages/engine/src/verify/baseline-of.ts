import type { CheckEvidence, Gate } from '@baton/core';
import type { StepContext } from '../job/step-context.js';
import { openWorkspace, verifyCheckoutOf } from '../workspaces/workspaces.js';

/** A gate's evidence on the job's base commit: kept, or measured in the verify worktree. */
export async function baselineOf(context: StepContext, gate: Gate): Promise<readonly CheckEvidence[]> {
  const { base } = context.job().data;
  if (gate.baseline === undefined || base === null) return [];
  const { project, signal } = context;
  return context.baselines.get({ project: project.name, gate, commit: base.commit }, async () => {
    const workspace = await openWorkspace(context, 'verify');
    const checkout = verifyCheckoutOf(context, workspace, base.tree);
    return context.refusals.during('check', async () => (await gate.baseline?.(checkout, { signal })) ?? []);
  });
}
