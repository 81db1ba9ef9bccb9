import { createManualClock, type ManualClock } from '@baton/conformance';
import type { Runtime } from '@baton/core';
import {
  createMemoryAgent,
  createMemoryForge,
  createMemoryGate,
  createMemoryLeakScanner,
  createMemoryRemote,
  createMemorySource,
  createMemoryStore,
  createMemoryWorkspaces,
  type MemoryTurn,
  type MemoryTurnResult,
} from '@baton/memory';
import { defaultLimits, type Project } from '../src/index.js';

/** Seeded, uniform in [0, 1): mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A runtime whose clock stands still and whose ids count. */
export function createManualRuntime(seed: number): Runtime & { readonly clock: ManualClock } {
  let ids = 0;
  return {
    clock: createManualClock(),
    random: createRandom(seed),
    id: (kind) => `${kind[0]}${(++ids).toString(36).padStart(5, '0')}`,
  };
}

export type MemoryRuntime = ReturnType<typeof createManualRuntime>;

/** Everything around one project, in memory. */
export function createProjectWorld(
  runtime: MemoryRuntime,
  name: string,
  turns: (turn: MemoryTurn, issueKey: string) => MemoryTurnResult | Promise<MemoryTurnResult>,
) {
  const remote = createMemoryRemote({ 'app.txt': 'broken\n', 'README.md': 'An app.\n' }, name);
  const source = createMemorySource({ runtime, tracker: name });
  const forge = createMemoryForge({ remote, runtime, source, repository: name });
  const workspaces = createMemoryWorkspaces({ remotes: [remote], runtime });
  const leakScanner = createMemoryLeakScanner({ secrets: () => [{ name: 'TOKEN', value: 'hunter2-hunter2' }] });
  const gate = createMemoryGate({
    judge: async (read) => {
      const text = (await read('app.txt')) ?? '';
      return text.includes('red')
        ? { verdict: 'rework', feedback: `app.txt says ${text}`, checks: [] }
        : { verdict: 'pass', checks: [] };
    },
  });
  const agent = createMemoryAgent({
    clock: runtime.clock,
    turns: (turn) => turns(turn, /^Issue: (.+)$/m.exec(turn.prompt)?.[1] ?? ''),
  });
  const project: Project = {
    name,
    source,
    query: { labels: ['baton'], excludeLabels: [], assignee: null },
    forge,
    workspaces,
    agents: [{ agent, model: null }],
    gates: [gate],
    leakScanner,
    sandbox: { sandbox: unmeasuredSandbox, network: [], readable: [], maxMemoryBytes: null, maxProcesses: null },
    limits: defaultLimits,
    budget: { microUsdPerDay: null, openPullRequests: null },
    trust: { permission: 'write', bots: [], perActorPerHour: null },
    pullRequest: { draft: true, labels: ['baton'] },
    concurrency: null,
  };
  return { remote, source, forge, workspaces, leakScanner, gate, project };
}

export type ProjectWorld = ReturnType<typeof createProjectWorld>;

/** In-memory workspaces start no process, so nothing is confined: the report says so. */
export const unmeasuredSandbox: Project['sandbox']['sandbox'] = {
  spec: 'sandbox/1',
  id: 'none',
  measure: async () => ({
    files: 'open',
    network: 'open',
    processes: 'open',
    memory: 'open',
    detail: 'No process is started.',
  }),
  spawn: async () => {
    throw new Error('unexpected call: the in-memory workspaces start no process through a sandbox');
  },
};

export { createMemoryStore };

/** Lets everything that is not waiting for the clock come to rest. The adapters use microtasks only. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
