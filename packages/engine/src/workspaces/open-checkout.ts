import type { CallOptions, Workspace, WorkspaceKey, WorkspaceRequest } from '@baton/core';
import type { Project } from '../project/project.js';

/** Which checkout of a project's repository is opened. */
export interface CheckoutRequest {
  readonly key: WorkspaceKey;
  readonly baseCommit: string;
  /** Is told what is refused to commands in it. Default: nobody is. */
  readonly onRefused?: WorkspaceRequest['sandbox']['onRefused'];
}

/** Opens a checkout in which commands may reach what the project's settings say, and nothing else. */
export function openCheckout(
  { workspaces, forge, sandbox }: Pick<Project, 'workspaces' | 'forge' | 'sandbox'>,
  { key, baseCommit, onRefused }: CheckoutRequest,
  options: CallOptions,
): Promise<Workspace> {
  const { readable, network, maxMemoryBytes, maxProcesses } = sandbox;
  const confinement = { readable, network, maxMemoryBytes, maxProcesses, ...(onRefused && { onRefused }) };
  return workspaces.open({ repository: forge.repository, key, baseCommit, sandbox: confinement }, options);
}
