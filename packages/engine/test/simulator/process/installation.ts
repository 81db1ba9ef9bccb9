import type { Job, Runtime } from '@baton/core';
import { createMemoryStore, createMemoryWorkspaces, type MemoryStore, type MemoryWorkspaces } from '@baton/memory';
import type { Host } from '../host/host.js';
import type { Daemon } from './daemon.js';

/** A state directory: one store, one set of checkouts, and the daemons that share them. */
export interface Installation {
  readonly name: string;
  /** Replaced where its copies of repositories are cleared. */
  workspaces: MemoryWorkspaces;
  createWorkspaces(): MemoryWorkspaces;
  /** Replaced where it is lost. */
  store: MemoryStore;
  /** Every job of the store as it was recorded last. Emptied where the store is lost. */
  readonly jobs: Map<string, Job>;
  readonly daemons: Daemon[];
  /** What a project is called, by its host: operators rename them. */
  readonly projectNames: Map<string, string>;
  /** Until when, by the monotonic clock, the store can't answer. */
  storeAwayUntil: number;
}

/** An installation without any daemon. */
export function createInstallation(name: string, hosts: readonly Host[], runtime: Runtime): Installation {
  const createWorkspaces = (): MemoryWorkspaces =>
    createMemoryWorkspaces({ remotes: hosts.map(({ remote }) => remote), runtime });
  return {
    name,
    workspaces: createWorkspaces(),
    createWorkspaces,
    store: createMemoryStore({ runtime }),
    jobs: new Map(),
    daemons: [],
    projectNames: new Map(hosts.map((host) => [host.name, host.name])),
    storeAwayUntil: 0,
  };
}
