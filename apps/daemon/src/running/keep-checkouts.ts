import type { CallOptions, WorkspaceKey, WorkspaceProvider } from '@baton/core';
import type { Project } from '@baton/engine';

/** The same project, whose checkouts that an agent worked in stay where they are. What nobody works in still goes. */
export function keepCheckouts(project: Project): Project {
  const { workspaces } = project;
  const remove = async (key: WorkspaceKey, options?: CallOptions): Promise<string | null> =>
    key.role === 'work' ? null : workspaces.remove(key, options);
  const kept: WorkspaceProvider = new Proxy(workspaces, {
    get(provider, property) {
      if (property === 'remove') return remove;
      const value: unknown = Reflect.get(provider, property, provider);
      return typeof value === 'function' ? value.bind(provider) : value;
    },
  });
  return { ...project, workspaces: kept };
}

/** Where the checkout of a job's last attempt stands, ready for a person to go there, or null. Absolute. */
export async function findCheckout(
  project: Project,
  job: { readonly id: string; readonly baseCommit: string },
  call: CallOptions,
): Promise<string | null> {
  const { forge, workspaces, sandbox } = project;
  const keys: WorkspaceKey[] = [];
  for await (const { key } of workspaces.list(call)) if (key.job === job.id && key.role === 'work') keys.push(key);
  const [last] = keys.toSorted((left, right) => right.attempt - left.attempt);
  if (last === undefined) return null;
  const { network, readable, maxMemoryBytes, maxProcesses } = sandbox;
  const request = { repository: forge.repository, key: last, baseCommit: job.baseCommit };
  const workspace = await workspaces.open(
    { ...request, sandbox: { network, readable, maxMemoryBytes, maxProcesses } },
    call,
  );
  await workspace.handOver?.(call);
  return workspace.root;
}
