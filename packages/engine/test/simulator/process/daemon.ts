import { BatonError, type Clock, type JobStore } from '@baton/core';
import { type Baton, type BatonOptions, defaultLimits, type Project } from '../../../src/index.js';
import { unmeasuredSandbox } from '../../memory-world.js';
import { createSimulatedAgent } from '../agents/simulated-agent.js';
import type { Host } from '../host/host.js';
import type { World } from '../world.js';
import { asSeenBy, type Caller } from './as-seen-by.js';
import type { Installation } from './installation.js';
import { watchedStore } from './watched-store.js';

/** One process of Baton. */
export interface Daemon {
  readonly name: string;
  readonly installation: Installation;
  /** The name under which it holds jobs. Empty before it has joined. */
  worker: string;
  life: 'alive' | 'frozen' | 'stopping' | 'dead';
  readonly baton: Baton;
  /** At once, as by `kill -9`; another one is started a little later. */
  die(): void;
  /** It stands still for so long by the monotonic clock, or until `thaw`. */
  freeze(milliseconds: number): void;
  thaw(): void;
}

const noWaiters = (): (() => void)[] => [];

/** One issue that is worked by hand, by a process that ends with it. */
export interface HandRun {
  readonly host: Host;
  readonly issueKey: string;
  readonly publish: boolean;
}

/** Starts a daemon of an installation, or a process that works one issue. */
export function startDaemon(world: World, installation: Installation, byHand: HandRun | null = null): Daemon {
  const { clock } = world;
  let waiting = noWaiters();
  const thaw = (): void => {
    if (daemon.life === 'frozen') daemon.life = 'alive';
    const waiters = waiting;
    waiting = noWaiters();
    for (const go of waiters) go();
  };
  const callerOf = (host: Host | null): Caller => ({
    isDead: () => daemon.life === 'dead',
    going: () => (daemon.life === 'frozen' ? new Promise((resolve) => waiting.push(resolve)) : null),
    next: (call) => world.next(daemon, call),
    die: () => daemon.die(),
    sleep: (milliseconds) => clock.sleep(milliseconds),
    recall: (call, args) => (host === null ? undefined : world.recall(call, args)),
    step: () => world.step,
    answered: (call, args, answer, begunAt) => world.answered({ daemon, call, args, answer, begunAt }),
  });
  const mortal: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    async sleep(milliseconds, options) {
      await clock.sleep(milliseconds, options);
      if (daemon.life === 'dead') await new Promise<never>(() => {});
      if (daemon.life === 'frozen') await new Promise<void>((resolve) => waiting.push(resolve));
      if (daemon.life === 'dead') await new Promise<never>(() => {});
    },
  };
  const store: JobStore = asSeenBy(
    watchedStore(world, installation, () => daemon),
    callerOf(null),
    {
      port: 'store',
      host: null,
    },
  );
  world.daemonCount += 1;
  const name = `daemon ${world.daemonCount}`;
  const options: BatonOptions = {
    runtime: { ...world.runtime, clock: mortal },
    store,
    projects: [],
    concurrency: world.concurrency,
    totalConcurrency: world.totalConcurrency,
    owner: installation.name,
  };
  const daemon: Daemon = {
    name,
    installation,
    worker: '',
    life: 'alive',
    get baton() {
      return baton;
    },
    die() {
      if (daemon.life === 'dead') return;
      daemon.life = 'dead';
      installation.store.crash(daemon.worker);
      world.replace(installation);
    },
    freeze(milliseconds) {
      if (daemon.life !== 'alive') return;
      daemon.life = 'frozen';
      void clock.sleep(milliseconds).then(thaw);
    },
    thaw,
  };
  const projects = world.hosts.map((host) => projectOf(world, daemon, host, callerOf(host)));
  const baton: Baton = world.createBaton({ ...options, projects });
  installation.daemons.push(daemon);
  const lives = byHand === null ? baton.start() : runByHand(world, daemon, byHand);
  void lives.catch((error: unknown) => {
    // A store that can't answer at the start is tried again by whoever started it.
    if (BatonError.is(error)) daemon.die();
  });
  return daemon;
}

async function runByHand(world: World, daemon: Daemon, { host, issueKey, publish }: HandRun): Promise<void> {
  const { installation, baton } = daemon;
  const project = installation.projectNames.get(host.name) ?? host.name;
  await baton.runIssue(issueKey, { project, publish });
  await baton.stop('drain');
  daemon.life = 'dead';
  // Whoever died meanwhile found this one alive.
  world.replace(installation);
}

function projectOf(world: World, daemon: Daemon, host: Host, caller: Caller): Project {
  const { installation } = daemon;
  const agentNamed = (id: string) => ({
    agent: asSeenBy(createSimulatedAgent(world, daemon, host, id), caller, { port: 'agent', host: host.name }),
    model: null,
  });
  const { caps } = world;
  return {
    name: installation.projectNames.get(host.name) ?? host.name,
    source: asSeenBy(host.source, caller, { port: 'source', host: host.name }),
    query: { labels: ['baton'], excludeLabels: ['wip'], assignee: null },
    forge: asSeenBy(host.forge, caller, { port: 'forge', host: host.name }),
    workspaces: asSeenBy(installation.workspaces, caller, { port: 'workspaces', host: host.name }),
    agents: [agentNamed('first'), ...(caps.secondAgent ? [agentNamed('second')] : [])],
    gates: [host.gate],
    leakScanner: world.leakScanner,
    sandbox: { sandbox: unmeasuredSandbox, network: [], readable: [], maxMemoryBytes: null, maxProcesses: null },
    limits: { ...defaultLimits, microUsd: caps.microUsdPerJob },
    budget: { microUsdPerDay: caps.microUsdPerDay, openPullRequests: caps.openPullRequests },
    trust: { permission: 'write', bots: [], perActorPerHour: null },
    pullRequest: { draft: true, labels: ['baton'] },
    concurrency: null,
  };
}
