import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import type { Sandbox, Workspace, WorkspaceKey } from '@baton/core';
import { createGitWorktrees, type GitWorktrees } from '@baton/git-worktree';
import { createMemorySandbox } from '@baton/memory';
import type { BenchmarkContext } from './benchmark.ts';
import type { Repository } from './fixtures.ts';

/** A provider of one repository, which was fetched. */
export interface Checkouts {
  readonly workspaces: GitWorktrees;
  open(key: WorkspaceKey): Promise<Workspace>;
  /** Removes, and waits until that is done on the disk too. */
  remove(key: WorkspaceKey): Promise<void>;
  /** Opens and removes one, so that spares stand ready. */
  fill(key: WorkspaceKey): Promise<void>;
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** A provider as a benchmark wants it. */
export interface FixtureOptions {
  readonly name: string;
  readonly spares: number;
  /** A shell line, and what it reads outside of the checkout. Absent: none. */
  readonly setup?: { readonly run: string; readonly readable: readonly string[] };
  /** Absent: one in which nothing runs, for benchmarks of checkouts alone. */
  readonly sandbox?: Sandbox;
}

/** `createGitWorktrees` over a state directory of that name in `directory`. */
export async function openFixture(
  { disk, signal, tell }: Pick<BenchmarkContext, 'disk' | 'signal' | 'tell'>,
  repository: Repository,
  { name, spares, setup, sandbox = createMemorySandbox({ programs: {} }) }: FixtureOptions,
): Promise<Checkouts> {
  const confinement = { readable: setup?.readable ?? [], network: [], maxMemoryBytes: null, maxProcesses: null };
  const workspaces = createGitWorktrees(
    { setup: setup === undefined ? null : { run: setup.run, network: [], timeoutMs: 600_000 }, spares },
    {
      stateDirectory: join(disk, name),
      sandbox,
      runtime: createSystemRuntime(),
      mask: (text) => text,
      log: (level, message, fields) => {
        if (level === 'warn' || level === 'error') tell(`${level}: ${message} ${JSON.stringify(fields ?? {})}`);
      },
    },
  );
  const fetched = { repository: 'bench', remote: { url: repository.path }, branch: 'main' } as const;
  await workspaces.fetch({ ...fetched, readableBy: 'commands' }, { signal });
  const open = (key: WorkspaceKey): Promise<Workspace> =>
    workspaces.open({ repository: 'bench', key, baseCommit: repository.commit, sandbox: confinement }, { signal });
  const remove = async (key: WorkspaceKey): Promise<void> => {
    await workspaces.remove(key, { signal });
    await workspaces.idle();
  };
  return {
    workspaces,
    open,
    remove,
    async fill(key) {
      await open(key);
      await workspaces.idle();
      await remove(key);
    },
    idle: () => workspaces.idle(),
    close: async () => await workspaces.close?.(),
  };
}
