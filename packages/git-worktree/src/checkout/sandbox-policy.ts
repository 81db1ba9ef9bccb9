import { join } from 'node:path';
import type { SandboxPolicy, WorkspaceRequest } from '@baton/core';
import { baseStoreOf, type Layout } from '../vault/layout.js';
import type { Place } from './checkout.js';

/** What commands in a checkout may reach beside it. */
export type Confinement = WorkspaceRequest['sandbox'];

/**
 * The checkout, its scratch directory and its own git directory can be written; the objects of the base are read, so
 * that the agent's git works. The vault isn't there: it holds other jobs' work.
 */
export function policyOf(layout: Layout, { slot, repository }: Place, confinement: Confinement): SandboxPolicy {
  const root = layout.worktree(slot);
  return {
    ...confinement,
    root,
    readable: [...confinement.readable, join(baseStoreOf(layout.vault(repository)), 'objects'), join(root, '.git')],
    writable: [root, layout.scratch(slot), layout.gitDir(repository, slot)],
  };
}
