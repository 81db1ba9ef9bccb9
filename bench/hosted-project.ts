import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGateway } from '@baton/adapter-kit';
import type { Forge, IssueSource, JobStore, Runtime } from '@baton/core';
import { type Baton, createBaton, defaultLimits, type Project } from '@baton/engine';
import { createFakeGithub, createFakeGitlab, type HttpServer, type LoggedRequest } from '@baton/fake-hosts';
import { createCheckGate, createLeakScanner } from '@baton/gates';
import { createGitWorktrees } from '@baton/git-worktree';
import { createGithub } from '@baton/github';
import { createGitlab } from '@baton/gitlab';
import { createMemoryAgent, createMemoryStore, type MemoryTurn, type MemoryTurnResult } from '@baton/memory';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { createRepository } from './fixtures.ts';
import { createLeapingRuntime, type LeapingRuntime } from './leaping-runtime.ts';

/** Which host stands behind the project. */
export type HostName = 'github' | 'gitlab';

const repositoryName = 'acme/shop';
const person = 'alice';

interface Host {
  readonly server: HttpServer;
  readonly source: IssueSource;
  readonly forge: Forge;
  /** Hands one issue over, as a person does. */
  openIssue(): void;
  pullRequests(): number;
}

async function startHost(name: HostName, gitRoot: string, runtime: Runtime, pacesWrites: boolean): Promise<Host> {
  const issue = { title: 'Mend the readme', body: 'It is broken.', author: person, labels: ['baton'] };
  const quick = { gateway: createGateway({ host: 'fake', adapter: name, runtime, writeIntervalMs: 0 }) };
  const paced = pacesWrites ? {} : quick;
  if (name === 'github') {
    const server = await createFakeGithub({ gitRoot, quota: 1_000_000, now: runtime.clock.now });
    const { token, baseUrl } = server;
    const repository = server.repository(repositoryName);
    repository.allow(person, 'write');
    const github = createGithub({ credentials: { kind: 'token', token }, baseUrl, runtime, ...paced });
    return {
      ...{ server, source: github.source({ repository: repositoryName }) },
      forge: github.forge({ repository: repositoryName, remote: `${server.origin}/${repositoryName}.git` }),
      openIssue: () => void repository.openIssue(issue),
      pullRequests: () => repository.pulls().length,
    };
  }
  const server = await createFakeGitlab({ gitRoot, now: runtime.clock.now });
  const { token, origin } = server;
  const project = server.project(repositoryName);
  project.allow(person, 'write');
  const gitlab = createGitlab({ baseUrl: origin, repository: repositoryName, remote: null, runtime, token, ...paced });
  return {
    ...{ server, ...gitlab },
    openIssue: () => void project.openIssue(issue),
    pullRequests: () => project.mergeRequests().length,
  };
}

/** What a project on a host is made with. */
interface HostedProjectOptions {
  readonly host: HostName;
  /** An empty directory. Absolute. */
  readonly directory: string;
  /** Jobs at once. */
  readonly slots: number;
  readonly pollIntervalMs: number;
  /** Whether writes go out as far apart as on a real host. It makes no request more or less. */
  readonly pacesWrites: boolean;
  /** Pull requests that may be open. Default: any number. */
  readonly openPullRequests?: number;
  /** Stands for the agent. */
  readonly work: (turn: MemoryTurn) => MemoryTurnResult | Promise<MemoryTurnResult>;
  readonly signal: AbortSignal;
}

/** An engine with one project on a host on loopback, with real adapters and real git. */
export interface HostedProject extends AsyncDisposable {
  readonly baton: Baton;
  readonly store: JobStore;
  readonly runtime: LeapingRuntime;
  /** Every request to the host's interface so far, in order. Git's own are none. */
  readonly requests: readonly LoggedRequest[];
  openIssue(): void;
  pullRequests(): number;
  /** How many requests had been made when the last job was claimed, and when the last pull request stood. */
  readonly marks: { claimed: number; stood: number };
}

export async function createHostedProject(options: HostedProjectOptions): Promise<HostedProject> {
  const { directory, signal } = options;
  const origin = await createRepository(directory, 20, { signal });
  const gitRoot = join(directory, 'hosted');
  await mkdir(dirname(join(gitRoot, repositoryName)), { recursive: true });
  await cp(origin.path, join(gitRoot, `${repositoryName}.git`), { recursive: true });
  const runtime = createLeapingRuntime();
  const { server, source, forge, ...host } = await startHost(options.host, gitRoot, runtime, options.pacesWrites);
  const kept = createMemoryStore({ runtime });
  const marks = { claimed: 0, stood: 0 };
  const store: JobStore = {
    ...kept,
    async claim(request, call) {
      const lease = await kept.claim(request, call);
      if (lease !== null) marks.claimed = server.requests.length;
      return lease;
    },
  };
  const sandbox = createBubblewrapSandbox({ mode: 'off' });
  const workspaces = createGitWorktrees(
    { setup: null, spares: 2 },
    { stateDirectory: join(directory, 'workspaces'), sandbox, runtime, log: () => {}, mask: (text) => text },
  );
  const project: Project = {
    ...{ name: 'bench', source, workspaces },
    forge: {
      ...forge,
      async ensurePullRequest(request, call) {
        const ensured = await forge.ensurePullRequest(request, call);
        marks.stood = server.requests.length;
        return ensured;
      },
    },
    query: { labels: ['baton'], excludeLabels: [], assignee: null },
    agents: [{ agent: createMemoryAgent({ turns: options.work }), model: null }],
    gates: [createCheckGate({ commands: [{ name: 'check', run: 'test -s README.md' }] })],
    leakScanner: createLeakScanner({ secrets: () => [] }),
    sandbox: { sandbox, network: [], readable: [], maxMemoryBytes: null, maxProcesses: null },
    // Time that is leapt over is no silence of the agent.
    limits: { ...defaultLimits, wallClockMs: 86_400_000, stallMs: 86_400_000 },
    budget: { microUsdPerDay: null, openPullRequests: options.openPullRequests ?? null },
    trust: { permission: 'write', bots: [], perActorPerHour: null },
    pullRequest: { draft: true, labels: ['baton'] },
    concurrency: null,
  };
  const { slots, pollIntervalMs } = options;
  const baton = createBaton({ runtime, store, projects: [project], concurrency: slots, pollIntervalMs });
  return {
    ...{ baton, store, runtime, marks, requests: server.requests, ...host },
    async [Symbol.asyncDispose]() {
      await baton.stop('now');
      await workspaces.close?.();
      await server.close();
      if (server.unexpected.length > 0) throw new Error(`The host was asked what it has not: ${server.unexpected}`);
    },
  };
}
