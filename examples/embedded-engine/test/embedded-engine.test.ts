import { createSystemRuntime } from '@baton/adapter-kit';
import { createManualClock, jobStoreContract } from '@baton/conformance';
import * as memory from '@baton/memory';
import { expect, it } from 'vitest';
import { createToldStore } from '../src/told-store.ts';
import { workIssues } from '../src/work-issues.ts';

jobStoreContract(it, async () => {
  const clock = createManualClock();
  const inner = memory.createMemoryStore({ runtime: { ...createSystemRuntime(), clock } });
  const store = createToldStore(inner, () => {});
  return {
    store,
    clock,
    reopen: async () => store,
    kill: async (worker) => inner.crash(worker),
    dispose: async () => {},
  };
});

it('takes an issue to a pull request, over the store of its own', async () => {
  const runtime = createSystemRuntime();
  const remote = memory.createMemoryRemote({ 'app.txt': 'broken\n' });
  const source = memory.createMemorySource({ runtime });
  const forge = memory.createMemoryForge({ runtime, remote, source });
  const calls = new Set<string>();
  source.seed({ title: 'It is broken', labels: ['baton'] });
  const jobs = await workIssues({
    ...{ runtime, source, forge },
    store: createToldStore(memory.createMemoryStore({ runtime }), (call) => calls.add(call)),
    workspaces: memory.createMemoryWorkspaces({ runtime, remotes: [remote] }),
    agent: memory.createMemoryAgent({
      async turns({ workspace, signal }) {
        await workspace.writeFile('app.txt', 'mended\n', { signal });
        return { summary: 'Mended.' };
      },
    }),
    leakScanner: memory.createMemoryLeakScanner({ secrets: () => [] }),
    sandbox: memory.createMemorySandbox({ programs: {} }),
  });
  expect(jobs).toMatchObject([{ phase: 'reviewing', pullRequest: { state: 'open' } }]);
  expect(forge.pulls()).toHaveLength(1);
  expect([...calls]).toEqual(expect.arrayContaining(['enqueue', 'claim', 'record', 'release']));
});
