import { createSecrets } from '@baton/adapter-kit';
import { createManualClock } from '@baton/conformance';
import { createBaton, defaultLimits, type Project } from '@baton/engine';
import {
  createMemoryAgent,
  createMemoryForge,
  createMemoryGate,
  createMemoryLeakScanner,
  createMemoryRemote,
  createMemorySource,
  createMemoryStore,
  createMemoryWorkspaces,
  type MemoryTurnResult,
} from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { maskAgent, maskForge, maskSource } from '../../src/wire/masked-adapters.js';
import { createMaskedStore } from '../../src/wire/masked-store.js';

const canary = `canary-${'0123456789abcdef'.repeat(8)}`;

/** So many secrets, one after another, that a cut falls into one of them, wherever it is. */
const manySecrets = Array.from({ length: 800 }, () => canary).join('.');

async function createScene(turn: () => MemoryTurnResult) {
  const secrets = createSecrets({ CANARY: canary });
  secrets.read('CANARY');
  const { mask } = secrets;
  let ids = 0;
  const runtime = { clock: createManualClock(), random: () => 0.5, id: (kind: string) => `${kind[0]}${++ids}` };
  const remote = createMemoryRemote({ 'app.txt': 'broken\n' }, 'web');
  const source = createMemorySource({ runtime, tracker: 'web' });
  const forge = createMemoryForge({ remote, runtime, source, repository: 'web' });
  const prompts: string[] = [];
  const agent = createMemoryAgent({
    clock: runtime.clock,
    turns: async ({ workspace, prompt }) => {
      prompts.push(prompt);
      await workspace.writeFile('app.txt', `mended ${prompts.length}\n`);
      return turn();
    },
  });
  const inner = createMemoryStore({ runtime });
  const store = createMaskedStore(inner, mask);
  const sandbox: Project['sandbox']['sandbox'] = {
    ...{ spec: 'sandbox/1', id: 'none' },
    measure: async () => ({ files: 'open', network: 'open', processes: 'open', memory: 'open', detail: 'None.' }),
    spawn: () => expect.unreachable(),
  };
  const project: Project = {
    name: 'web',
    source: maskSource(source, mask),
    query: { labels: ['baton'], excludeLabels: [], assignee: null },
    forge: maskForge(forge, mask),
    workspaces: createMemoryWorkspaces({ remotes: [remote], runtime }),
    agents: [{ agent: maskAgent(agent, mask), model: null }],
    gates: [createMemoryGate({ judge: async () => ({ verdict: 'pass', checks: [] }) })],
    leakScanner: createMemoryLeakScanner({ secrets: () => [] }),
    sandbox: { sandbox, network: [], readable: [], maxMemoryBytes: null, maxProcesses: null },
    limits: defaultLimits,
    budget: { microUsdPerDay: null, openPullRequests: null },
    trust: { permission: 'write', bots: [], perActorPerHour: null },
    pullRequest: { draft: true, labels: [] },
    concurrency: null,
  };
  const runOnce = async (): Promise<void> => {
    const baton = createBaton({ runtime, store, projects: [project] });
    await baton.runOnce();
    await baton.stop();
    runtime.clock.advance(120_000);
  };
  /** All that is kept, and all that agents were told. */
  const kept = async (): Promise<string> => {
    const jobs = await Array.fromAsync(inner.list({}));
    const journals = await Promise.all(jobs.map(({ id }) => Array.fromAsync(inner.journal(id, 0))));
    return JSON.stringify([jobs, journals, prompts]);
  };
  return { source, forge, runOnce, kept, prompts };
}

/** As much of the secret as nobody writes by chance; most of its parts hold it. */
const part = '0123456789abcdef';

describe('a secret that a cut would fall into is masked before', () => {
  it('in an issue and its comments', async () => {
    const scene = await createScene(() => ({ summary: 'Done.' }));
    scene.source.seed({ labels: ['baton'], title: manySecrets, body: manySecrets });
    await scene.runOnce();
    expect(scene.prompts).toHaveLength(1);
    expect(await scene.kept()).toContain('[CANARY]');
    expect(await scene.kept()).not.toContain(part);
  });

  it.each(['failed', 'needs-person'] as const)('in the words by which a turn ended: %s', async (outcome) => {
    const scene = await createScene(() => ({ outcome, raw: 'why', summary: manySecrets }));
    scene.source.seed({ labels: ['baton'] });
    await scene.runOnce();
    expect(await scene.kept()).toContain('[CANARY]');
    expect(await scene.kept()).not.toContain(part);
  });

  it('in what a reviewer and a check of the host say', async () => {
    const scene = await createScene(() => ({ summary: 'Done.' }));
    scene.source.seed({ labels: ['baton'] });
    await scene.runOnce();
    const [pull] = scene.forge.pulls();
    scene.forge.review(pull?.pullRequest.number ?? 0, {
      author: 'alice',
      body: manySecrets,
      verdict: 'request-changes',
    });
    scene.forge.setChecks(pull?.pullRequest.number ?? 0, {
      state: 'failed',
      failures: [{ name: 'ci', url: null, excerpt: manySecrets }],
    });
    await scene.runOnce();
    expect(scene.prompts).toHaveLength(2);
    expect(await scene.kept()).toContain('[CANARY]');
    expect(await scene.kept()).not.toContain(part);
  });
});

describe('an adapter behind a mask', () => {
  it('is called as it is, though it is of a class with what is private to it', async () => {
    class Source {
      readonly #name = 'private';
      async permission() {
        return this.#name;
      }
      async get() {
        return { title: `${canary} of ${this.#name}` };
      }
    }
    const secrets = createSecrets({ CANARY: canary });
    secrets.read('CANARY');
    // Of the contract no more than what is looked at.
    const masked = maskSource(new Source() as never, secrets.mask);
    expect(await masked.get('1')).toEqual({ title: '[CANARY] of private' });
    expect(await masked.permission({ id: '1', login: 'a', kind: 'person' })).toBe('private');
  });
});
