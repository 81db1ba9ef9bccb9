import { findOwnBranch } from '../branches/own-branch.js';
import type { Step } from '../job/step-context.js';
import { askAboutPolicy } from '../policy/narrowed-project.js';
import { readPolicy } from '../policy/read-policy.js';
import { openAt, removeWorkspaces } from '../workspaces/workspaces.js';

/** The newest base commit, what the repository asks there, and a checkout of it for the agent, set up. */
export const prepare: Step = {
  name: 'prepare',
  // No `find`: opening a workspace finds one that is there already.
  async act(context) {
    const { project, signal } = context;
    const branch = await project.forge.defaultBranch({ signal });
    const remote = await project.forge.remote({ signal });
    const { repository } = project.forge;
    const fetched = { repository, remote, branch, readableBy: 'commands' } as const;
    const newest = await project.workspaces.fetch(fetched, { signal });
    if (context.job().data.mayHaveLived) {
      const found = await findOwnBranch(context);
      if (found) await context.record([found]);
    }
    const { isFound, base, pushed } = context.job().data;
    // What stands on the branch is judged against what it was begun from.
    const commit = isFound && base !== null ? base.commit : newest;
    const policy = await readPolicy(project, { branch, commit }, { signal });
    if (policy.kind === 'bad') return [askAboutPolicy(policy.reason, 'preparing')];
    const { attempt } = context.job();
    // A retry starts over from a clean base; what the last attempt left is rescued on the way.
    const rescued = attempt > 1 ? await removeWorkspaces(context, attempt - 1) : [];
    const workspace = await openAt(context, 'work', commit);
    const { tree } = await workspace.snapshot({ signal });
    if (isFound && pushed !== null)
      await context.refusals.during('setup', () => workspace.load(pushed.tree, { signal }));
    const sandbox = await project.sandbox.sandbox.measure({ signal });
    const durationMs = context.elapsedMs();
    const figures = policy.kind === 'policy' ? policy.figures : null;
    return [{ type: 'prepared', data: { branch, commit, tree, policy: figures, sandbox, rescued, durationMs } }];
  },
};
