import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobStore, WorkspaceProvider } from '@baton/core';
import type { Baton, Project } from '@baton/engine';
import type { BrokenProject, Config } from '../config/config.js';
import { configInvalid } from '../config/config-problem.js';
import { findConfig } from '../config/find-config.js';
import { learnNamedSecrets } from '../config/known-secrets.js';
import { loadConfig } from '../config/load-config.js';
import type { CommandContext } from '../verb/run-command.js';
import { readDeath } from './deaths.js';
import { createDisk, releaseWhereFull } from './disk.js';
import { createMaskedStore } from './masked-store.js';
import { createProcessServices, type ProcessServices } from './process-services.js';
import { prepareStateDirectory } from './state-directory.js';
import { wireHealthyProjects, wireHealthyWorkspaces, wireProjects, wireStore, wireWorkspaces } from './wire-config.js';

/** A configuration, and what was made of it so far. Disposing closes all of it. */
export interface Session extends AsyncDisposable {
  readonly config: Config;
  readonly services: ProcessServices;
  /** Where the state is, or will be. Absolute. */
  readonly state: string;
  /** Whether there is any state: without, nothing was fetched or remembered yet. */
  readonly hasState: boolean;
  /** Asked for the first time it is wired; opened by its first use. */
  store(): Promise<JobStore>;
  projects(): Promise<readonly Project[]>;
  /** Projects that turned out so far not to be in order, where those that are were asked for alone. */
  readonly leftOut: readonly BrokenProject[];
  /** What keeps the work of all projects, without the rest of them. */
  workspaces(): Promise<readonly WorkspaceProvider[]>;
  /** By what daemons on other stores know whoever works on this state. */
  readonly owner: string;
  /** Names this process in the store, once it works. */
  readonly worker: string;
  /** Not started. */
  baton(): Promise<Baton>;
}

/** Makes something once, when it is asked for first. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/** Closes every adapter of some projects, each once. */
export async function closeProjects(projects: readonly Project[]): Promise<void> {
  const adapters = projects.flatMap((project) => [
    project.source,
    project.forge,
    project.workspaces,
    project.sandbox.sandbox,
    project.leakScanner,
    ...project.gates,
    ...project.agents.map(({ agent }) => agent),
  ]);
  await Promise.allSettled([...new Set(adapters)].map((adapter) => adapter.close?.()));
}

/** How a session is to be used. */
export interface SessionOptions {
  /** Where no state is there yet none is made: what is opened lies in a temporary directory that goes again. */
  readonly readOnly?: boolean;
  /** What the command line changes of the file, before anything is wired. */
  readonly adjust?: (config: Config) => Config;
  /** `healthy`: projects that are not in order are left out, where others are. Default: `all`, or none. */
  readonly take?: 'all' | 'healthy';
  /** As the engine has it. */
  readonly keepWorkspaces?: boolean;
}

/** Finds, reads and checks the configuration; everything else is wired when it is asked for. */
export async function openSession(context: CommandContext, options: SessionOptions = {}): Promise<Session> {
  const { environment, cwd } = context;
  const file = findConfig(cwd, context.config);
  const { adjust = (config: Config) => config, keepWorkspaces = false } = options;
  const origin = options.readOnly === true ? 'refuse' : 'remember';
  const { take = 'all' } = options;
  const loaded = adjust(await loadConfig({ file, environment, cwd, origin, take }));
  prepareStateDirectory(loaded, { make: options.readOnly !== true, cwd });
  const closers: (() => Promise<void>)[] = [];
  let config = loaded;
  const hasState = existsSync(loaded.state);
  if (options.readOnly === true && !hasState) {
    const state = await mkdtemp(join(tmpdir(), 'baton-look-'));
    closers.push(() => rm(state, { recursive: true, force: true }));
    config = { ...loaded, state };
  }
  learnNamedSecrets(context.secrets, loaded);
  const services = createProcessServices({ ...context, state: loaded.state });
  const worker = services.runtime.id('worker');
  // A store that was lost, and is made anew in the same place, is the same daemon to others.
  const owner = `${hostname()}:${loaded.state}`;
  const leftOut = [...loaded.broken];
  const { concurrency, totalConcurrency, pollIntervalMs, minFreeDisk, commit } = config;
  const store = once(async () => {
    if (options.readOnly !== true && minFreeDisk !== null) await releaseWhereFull(config.state, minFreeDisk);
    const wired = await wireStore(config, services, cwd);
    closers.push(async () => wired.close?.());
    return createMaskedStore(wired, services.secrets.mask);
  });
  const wireHealthy = async (): Promise<readonly Project[]> => {
    const { wired, broken } = await wireHealthyProjects(config, services, cwd);
    // Where there is none to go on with, all that is wrong is told.
    if (wired.length === 0) return wireProjects(config, services, cwd);
    leftOut.push(...broken);
    return wired;
  };
  const projects = once(async () => {
    const wired = take === 'all' ? await wireProjects(config, services, cwd) : await wireHealthy();
    closers.push(() => closeProjects(wired));
    return wired;
  });
  const wireHealthyKept = async (): Promise<readonly WorkspaceProvider[]> => {
    const { wired, broken } = await wireHealthyWorkspaces(config, config.projects, services);
    for (const [use, problems] of broken) {
      const named = config.projects.filter(({ workspace }) => workspace.use === use).map(({ name }) => name);
      leftOut.push({ name: named.join(', '), problem: configInvalid(problems, cwd) });
    }
    return wired;
  };
  const workspaces = once(async () => {
    const wired =
      take === 'all' ? await wireWorkspaces(config, config.projects, services, cwd) : await wireHealthyKept();
    closers.push(async () => {
      await Promise.allSettled(wired.map((each) => each.close?.()));
    });
    return wired;
  });
  const baton = once(async () => {
    // What asks the store alone, as most verbs do, needs no engine.
    const { createBaton } = await import('@baton/engine');
    return createBaton({
      runtime: services.runtime,
      store: await store(),
      projects: await projects(),
      concurrency,
      totalConcurrency,
      pollIntervalMs,
      author: commit.author,
      ...(minFreeDisk === null ? {} : { disk: createDisk(config.state, minFreeDisk) }),
      worker,
      keepWorkspaces,
      owner,
      deathOf: (other) => readDeath(config.state, other),
    });
  });
  return {
    config,
    services,
    state: loaded.state,
    hasState,
    owner,
    worker,
    store,
    projects,
    leftOut,
    workspaces,
    baton,
    async [Symbol.asyncDispose]() {
      for (const close of closers.toReversed()) await close();
    },
  };
}
