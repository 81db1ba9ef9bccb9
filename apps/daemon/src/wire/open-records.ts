import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BatonError, type WorkspaceProvider } from '@baton/core';
import type { ProjectConfig } from '../config/config.js';
import { findConfig } from '../config/find-config.js';
import { readStorePlace } from '../config/read-store-place.js';
import { escapeText } from '../text/escape-control.js';
import type { CommandContext } from '../verb/run-command.js';
import { createMaskedStore } from './masked-store.js';
import { openSession, type Session, type SessionOptions } from './open-session.js';
import { createProcessServices } from './process-services.js';
import { type WorkspaceChoice, wireStore, wireWorkspaces } from './wire-config.js';

/** What a verb needs that asks the store alone, or leaves word in it. Disposing closes all of it. */
export interface Records
  extends AsyncDisposable,
    Pick<Session, 'services' | 'state' | 'hasState' | 'store' | 'projects' | 'workspaces' | 'baton'> {
  /** No projects, and no numbers, where the configuration can't be used. */
  readonly config: {
    readonly projects: readonly ProjectConfig[];
    readonly pollIntervalMs: number | null;
    readonly concurrency: number | null;
    readonly totalConcurrency: number | null;
  };
}

/**
 * Opens what jobs are looked at and answered with. Where the configuration can't be used, but tells where the store is,
 * that is enough for what the store alone knows: a warning says what is wrong, and asking for `projects` or the engine rejects with it.
 */
export async function openRecords(
  context: CommandContext,
  options: Pick<SessionOptions, 'readOnly'> = { readOnly: true },
): Promise<Records> {
  try {
    return await openSession(context, options);
  } catch (error) {
    if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
    const records = await openStoreAlone(context, error);
    if (records === null) throw error;
    const { output } = context;
    output.tell(`${output.colours.yellow('warning:')} ${escapeText(error.message)}`);
    output.tell(`what the store in ${escapeText(records.state)} remembers is used all the same`);
    return records;
  }
}

const builtIn: WorkspaceChoice = {
  workspace: { use: 'git-worktree', settings: {}, path: ['workspace'] },
  sandbox: { mode: 'best-effort' },
};

async function openStoreAlone(context: CommandContext, problem: BatonError): Promise<Records | null> {
  const { cwd, environment, secrets } = context;
  const place = await readStorePlace(findConfig(cwd, context.config), environment);
  // Without a store there is nothing to show, and none is made.
  if (place === null || !existsSync(join(place.config.state, place.config.store.use))) return null;
  const { config, secretNames } = place;
  for (const name of secretNames) secrets.read(name);
  const services = createProcessServices({ ...context, state: config.state });
  const wired = await wireStore(config, services, cwd);
  const store = createMaskedStore(wired, services.secrets.mask);
  const opened: WorkspaceProvider[] = [];
  const refuse = async (): Promise<never> => {
    throw problem;
  };
  return {
    config: { projects: [], pollIntervalMs: null, concurrency: null, totalConcurrency: null },
    ...{ services, state: config.state, hasState: true },
    store: async () => store,
    projects: refuse,
    baton: refuse,
    // As with the store: only the built-in one, at its own place.
    async workspaces() {
      if (opened.length === 0) opened.push(...(await wireWorkspaces(config, [builtIn], services, cwd)));
      return opened;
    },
    async [Symbol.asyncDispose]() {
      for (const each of opened) await each.close?.();
      await wired.close?.();
    },
  };
}
