import { join } from 'node:path';
import type { SandboxPolicy, WorkspaceRequest } from '@baton/core';
import type { Place } from './checkout.js';
import type { Layout } from './layout.js';

/** What commands in a checkout may reach beside it. */
export type Confinement = WorkspaceRequest['sandbox'];

/**
 * The checkout and its scratch directory can be written; the vault and the link to it only read, so that
 * `git status` works for the agent and `git config` or `git commit` don't.
 */
export function policyOf(layout: Layout, { slot, repository }: Place, confinement: Confinement): SandboxPolicy {
  const root = layout.worktree(slot);
  return {
    ...confinement,
    root,
    readable: [...confinement.readable, layout.vault(repository), join(root, '.git')],
    writable: [root, layout.scratch(slot)],
  };
}
