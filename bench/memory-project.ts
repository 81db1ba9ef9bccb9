import { createManualClock, type ManualClock } from '@baton/conformance';
import type { CodingAgent, Runtime } from '@baton/core';
import { defaultLimits, type Project } from '@baton/engine';
import {
  createMemoryForge,
  createMemoryGate,
  createMemoryLeakScanner,
  createMemoryRemote,
  createMemorySandbox,
  createMemorySource,
  createMemoryWorkspaces,
} from '@baton/memory';

/** A runtime whose clock stands still until it is told to go on. Ids begin with a number that differs by `series`. */
export function createManualRuntime(series: number): Runtime & { readonly clock: ManualClock } {
  let ids = 0;
  return {
    clock: createManualClock(),
    random: () => 0.5,
    id: (kind) => `${kind.charAt(0)}${series}x${(++ids).toString(36).padStart(6, '0')}`,
  };
}

/** Lets everything run that doesn't wait for the clock: in-memory adapters wait for nothing else. */
export async function restOfTheTurn(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** A project without a disk, a network or a program. Nothing is confined, since no process is started. */
export function createMemoryProject(runtime: Runtime, agent: CodingAgent) {
  const remote = createMemoryRemote({ 'app.txt': 'broken\n' }, 'bench');
  const source = createMemorySource({ runtime });
  const forge = createMemoryForge({ remote, runtime, source });
  const project: Project = {
    name: 'bench',
    source,
    query: { labels: ['baton'], excludeLabels: [], assignee: null },
    forge,
    workspaces: createMemoryWorkspaces({ remotes: [remote], runtime }),
    agents: [{ agent, model: null }],
    gates: [createMemoryGate()],
    leakScanner: createMemoryLeakScanner({ secrets: () => [] }),
    sandbox: {
      sandbox: createMemorySandbox({ programs: {} }),
      network: [],
      readable: [],
      maxMemoryBytes: null,
      maxProcesses: null,
    },
    limits: defaultLimits,
    budget: { microUsdPerDay: null, openPullRequests: null },
    trust: { permission: 'write', bots: [], perActorPerHour: null },
    pullRequest: { draft: true, labels: ['baton'] },
    concurrency: null,
  };
  return { project, source, forge };
}
