import type {
  CodingAgent,
  Forge,
  IssueSource,
  JobStore,
  LeakScanner,
  Runtime,
  Sandbox,
  WorkspaceProvider,
} from '@baton/core';
import { createBaton, defaultLimits, type JobView, type Project, viewJob } from '@baton/engine';

/** What a program brings along: one adapter of each kind. */
export interface Parts {
  readonly runtime: Runtime;
  readonly store: JobStore;
  readonly source: IssueSource;
  readonly forge: Forge;
  readonly workspaces: WorkspaceProvider;
  readonly agent: CodingAgent;
  readonly leakScanner: LeakScanner;
  readonly sandbox: Sandbox;
}

/** A project that is watched for the label `baton`. The engine has no defaults but those of its limits: each rule is said. */
function describeProject({ source, forge, workspaces, agent, leakScanner, sandbox }: Parts): Project {
  return {
    name: 'web',
    ...{ source, forge, workspaces, leakScanner },
    query: { labels: ['baton'], excludeLabels: [], assignee: null },
    agents: [{ agent, model: null }],
    // Nothing is checked without a gate: `@baton/gates` has those that the daemon uses.
    gates: [],
    sandbox: { sandbox, network: [], readable: [], maxMemoryBytes: null, maxProcesses: null },
    limits: defaultLimits,
    budget: { microUsdPerDay: null, openPullRequests: 5 },
    trust: { permission: 'write', bots: [], perActorPerHour: 10 },
    pullRequest: { draft: true, labels: [] },
    concurrency: 1,
  };
}

/** Polls once and works everything to its next wait; what each job is then, the newest first. */
export async function workIssues(parts: Parts): Promise<readonly JobView[]> {
  const baton = createBaton({ runtime: parts.runtime, store: parts.store, projects: [describeProject(parts)] });
  try {
    await baton.runOnce();
  } finally {
    await baton.stop();
  }
  return (await Array.fromAsync(parts.store.list({}))).map(viewJob);
}
