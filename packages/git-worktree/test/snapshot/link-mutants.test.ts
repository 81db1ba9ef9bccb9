import { workspaceContract } from '@baton/conformance';
import type { Change, WorkspaceProvider } from '@baton/core';
import { createGitHttpServer, type GitHttpServer } from '@baton/fake-hosts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitRig } from '../git-rig.js';

let server: GitHttpServer;

beforeAll(async () => {
  server = await createGitHttpServer({ root: '/nonexistent', token: 'good' });
});
afterAll(() => server.close());

/** A provider whose changes are told by somebody with a fault. */
function telling(provider: WorkspaceProvider, mutate: (change: Change) => Change): WorkspaceProvider {
  return {
    ...provider,
    open: async (...request) => {
      const workspace = await provider.open(...request);
      return {
        ...workspace,
        snapshot: async (options) => {
          const snapshot = await workspace.snapshot(options);
          return { ...snapshot, changes: snapshot.changes.map(mutate) };
        },
      };
    },
  };
}

async function runBehindLinks(mutate: (change: Change) => Change): Promise<void> {
  const cases = new Map<string, () => Promise<void>>();
  workspaceContract(
    (name, body) => cases.set(name, () => body({ skip: () => expect.fail('skipped') })),
    async () => {
      const rig = await createGitRig(server, { spares: 0 });
      return { ...rig, provider: telling(rig.provider, mutate) };
    },
  );
  const run = cases.get('workspace: a-change-behind-a-link-says-so') ?? expect.fail('no such case');
  await run();
}

describe('the suite of workspaces bites behind links', () => {
  it('fails nothing on a provider that is right', () => runBehindLinks((change) => change));

  it.each<[string, (change: Change) => Change]>([
    ['tells of no link', ({ alsoAt: _alsoAt, ...change }) => change],
    [
      'takes a link to a directory for none',
      ({ alsoAt, ...change }) => (alsoAt?.[0] === 'GUIDE.md' ? { ...change, alsoAt } : change),
    ],
    [
      'tells of links of the change',
      (change) => (change.path === 'src/a.txt' ? { ...change, alsoAt: ['lib/a.txt', 'mine/a.txt'] } : change),
    ],
  ])('on one that %s', async (_fault, mutate) => {
    await expect(runBehindLinks(mutate)).rejects.toThrow();
  });
});
