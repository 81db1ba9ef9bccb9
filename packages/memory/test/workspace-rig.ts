import { type WorkspaceRig, workspaceFixture } from '@baton/conformance';
import type { MemoryProgram, MemoryRemote, MemoryWorkspaces } from '../src/index.js';
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

/** A rig of the suite, and what stands behind it. */
export interface MemoryWorkspaceRig extends WorkspaceRig {
  readonly provider: MemoryWorkspaces;
  /** The repository of a person's. */
  readonly clone: MemoryRemote;
}

/** Makes the world around workspaces in memory. */
export function createMemoryWorkspaceRig(): MemoryWorkspaceRig {
  const origin = createMemoryRemote(workspaceFixture);
  const clone = createMemoryRemote(workspaceFixture, 'person');
  const provider = createMemoryWorkspaces({ remotes: [origin, clone], programs });
  return {
    provider,
    clone,
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
      const commit = provider.rescueRefs.get(ref);
      return commit === undefined ? null : provider.filesOf(commit);
    },
    person: async () => ({
      into: clone.url,
      nowhere: 'memory:nowhere',
      environment: {},
      branches: async () => new Map(clone.branches),
      filesAt: async (commit) => clone.trees.get(clone.commits.get(commit)?.tree ?? '') ?? new Map(),
      commit: async (branch) => {
        const parent = clone.branches.get('main') ?? '';
        const tree = clone.commits.get(parent)?.tree ?? '';
        const commit = clone.addCommit({ tree, parents: [parent], message: 'by a person' });
        clone.branches.set(branch, commit);
        return commit;
      },
    }),
    leave: async (job) => {
      const fetched = { repository: 'fixture', remote: { url: origin.url }, branch: 'main' };
      const baseCommit = await provider.fetch(fetched);
      const key = { job, attempt: 1, role: 'verify' } as const;
      const sandbox = { readable: [], network: [], maxMemoryBytes: null, maxProcesses: null };
      const workspace = await provider.open({ repository: 'fixture', key, baseCommit, sandbox });
      const author = { name: 'Baton', email: 'baton@example.com' };
      const { tree } = await workspace.snapshot();
      await workspace.commit({ tree, parents: [baseCommit], message: 'left', author, at: 0 });
      await provider.remove(key);
    },
    // Nothing there is too young to go.
    age: async () => {},
    commands: {
      say: (output, error, exitCode) => ({ argv: ['say', output, error, String(exitCode)] }),
      echo: { argv: ['echo'] },
      block: { argv: ['block'] },
      missing: { argv: ['missing'] },
    },
    dispose: async () => provider.crash(),
  };
}
