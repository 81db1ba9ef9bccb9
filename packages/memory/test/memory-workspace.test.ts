import { type WorkspaceRig, workspaceContract, workspaceFixture } from '@baton/conformance';
import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import type { MemoryProgram } from '../src/index.js';
import { createMemoryRemote, createMemoryWorkspaces } from '../src/index.js';

const programs: Readonly<Record<string, MemoryProgram>> = {
  say: ({ argv: [, output = '', error = '', exitCode = '0'], print, printError }) => {
    print(output);
    printError(error);
    return Number(exitCode);
  },
  echo: async ({ stdin, print }) => {
    for await (const chunk of stdin) print(new TextDecoder().decode(chunk));
    return 0;
  },
  block: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(1), { once: true })),
};

async function createRig(): Promise<WorkspaceRig> {
  const origin = createMemoryRemote(workspaceFixture);
  const provider = createMemoryWorkspaces({ remotes: [origin], programs });
  return {
    provider,
    restart: async () => {
      provider.crash();
      return provider;
    },
    repository: 'fixture',
    remote: { url: origin.url },
    deadRemote: { url: 'memory:nowhere' },
    branches: async () => origin.branches,
    filesAt: async (commit) => origin.trees.get(origin.commits.get(commit)?.tree ?? '') ?? new Map(),
    advance: async (branch, files) => {
      const parent = origin.branches.get(branch) ?? origin.branches.get('main') ?? '';
      const tree = new Map(origin.trees.get(origin.commits.get(parent)?.tree ?? ''));
      for (const [path, text] of Object.entries(files)) {
        if (text === null) tree.delete(path);
        else tree.set(path, text);
      }
      const commit = origin.addCommit({ tree: origin.addTree(tree), parents: [parent], message: 'theirs' });
      origin.branches.set(branch, commit);
      return commit;
    },
    decline: async (words) => {
      origin.declines = words;
    },
    update: async (branch, files = {}) => {
      const [ours = '', theirs = ''] = [origin.branches.get(branch), origin.branches.get('main')];
      // Neither side touches what the other did.
      const filesOf = (id: string) => origin.trees.get(origin.commits.get(id)?.tree ?? '') ?? new Map<string, string>();
      const merged = new Map([...filesOf(ours), ...filesOf(theirs), ...Object.entries(files)]);
      const commit = origin.addCommit({ tree: origin.addTree(merged), parents: [ours, theirs], message: 'Update' });
      origin.branches.set(branch, commit);
      return commit;
    },
    delete: async (workspace, path) => void provider.files(workspace.key).delete(path),
    rescued: async (ref) => {
      const commit = provider.rescued.get(ref);
      return commit === undefined ? null : provider.filesOf(commit);
    },
    commands: {
      say: (output, error, exitCode) => ({ argv: ['say', output, error, String(exitCode)] }),
      echo: { argv: ['echo'] },
      block: { argv: ['block'] },
      missing: { argv: ['missing'] },
    },
    dispose: async () => provider.crash(),
  };
}

describe('memory workspaces', () => {
  workspaceContract(it, createRig);

  it('needs no timer of the machine', async () => {
    const rig = await createRig();
    const { repository, remote } = rig;
    const turns: string[] = [];
    const immediate = setImmediate(() => turns.push('event loop'));
    const baseCommit = await rig.provider.fetch({ repository, remote, branch: 'main' });
    const sandbox = { readable: [], network: [], maxMemoryBytes: null, maxProcesses: null };
    const key = { job: 'j1', attempt: 1, role: 'work' } as const;
    const workspace = await rig.provider.open({ repository, key, baseCommit, sandbox });
    await workspace.exec({ ...rig.commands.echo, stdin: 'words' });
    const { tree } = await workspace.snapshot();
    await workspace.load(tree);
    await rig.provider.remove(key);
    turns.push('all done');
    clearImmediate(immediate);
    expect(turns).toEqual(['all done']);
  });

  it('kills what runs when the engine crashes, and keeps the files', async () => {
    const rig = await createRig();
    const provider = rig.provider as ReturnType<typeof createMemoryWorkspaces>;
    const { repository, remote } = rig;
    const baseCommit = await provider.fetch({ repository, remote, branch: 'main' });
    const sandbox = { readable: [], network: [], maxMemoryBytes: null, maxProcesses: null };
    const key = { job: 'j1', attempt: 1, role: 'work' } as const;
    const workspace = await provider.open({ repository, key, baseCommit, sandbox });
    const running = await workspace.spawn(rig.commands.block);
    provider.files(key).set('new.txt', 'kept\n');
    await expect(workspace.snapshot()).rejects.toSatisfy((error) => BatonError.is(error, 'CONFLICT'));
    provider.crash();
    expect(await running.exit).toEqual({ exitCode: null, signal: 'SIGKILL' });
    const { changes } = await workspace.snapshot();
    expect(changes.map((each) => each.path)).toEqual(['new.txt']);
  });
});
