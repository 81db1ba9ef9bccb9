import { BatonError, messageOf } from '@baton/core';
import type { Baton, Project } from '@baton/engine';
import type { Config } from '../config/config.js';
import { learnNamedSecrets } from '../config/known-secrets.js';
import { loadConfig } from '../config/load-config.js';
import { watchConfig } from '../config/watch-config.js';
import type { CommandContext } from '../verb/run-command.js';
import { closeProjects, type Session } from '../wire/open-session.js';
import { wireProjects } from '../wire/wire-config.js';

/** Takes a changed configuration file up. Disposing closes what it wired. */
export interface Reloader extends AsyncDisposable {
  /** Never rejects: a file that isn't valid, or only half written, keeps the last good one in force. */
  reload(): Promise<void>;
}

/** What a running daemon can't take up. */
function needsRestart(before: Config, after: Config): readonly string[] {
  const store = ({ store: { use, settings } }: Config): string => JSON.stringify([use, settings]);
  const author = ({ commit }: Config): string => JSON.stringify([commit.author.name, commit.author.email]);
  return [
    ...(before.state === after.state ? [] : ['state']),
    ...(store(before) === store(after) ? [] : ['store']),
    ...(author(before) === author(after) ? [] : ['commit']),
  ];
}

/** Jobs that are being worked keep the adapters they began with, so that those of earlier files stay open. */
export function createReloader(context: CommandContext, session: Session, baton: Pick<Baton, 'reconfigure'>): Reloader {
  const { environment, cwd } = context;
  const { file } = session.config;
  const { log } = session.services;
  const wired: (readonly Project[])[] = [];
  let current = session.config;
  let lastComplaint: string | null = null;
  return {
    async reload() {
      try {
        const next = await loadConfig({ file, environment, cwd, origin: 'remember' });
        learnNamedSecrets(context.secrets, next);
        // The state directory stays the one that the store and its jobs are in.
        const projects = await wireProjects({ ...next, state: session.config.state }, session.services, cwd);
        wired.push(projects);
        const { concurrency, totalConcurrency, pollIntervalMs } = next;
        baton.reconfigure({ projects, concurrency, totalConcurrency, pollIntervalMs });
        for (const key of needsRestart(current, next)) log('warn', `a change of ${key} takes effect at the next start`);
        current = next;
        lastComplaint = null;
        log('info', `configuration reloaded: ${projects.map(({ name }) => name).join(', ')}`);
      } catch (error) {
        const complaint = messageOf(error);
        if (complaint === lastComplaint) return;
        lastComplaint = complaint;
        const fix = BatonError.is(error) && error.fix !== undefined ? `; ${error.fix}` : '';
        log('error', `the changed configuration is not used, the last good one stays in force: ${complaint}${fix}`);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const projects of wired) await closeProjects(projects);
    },
  };
}

/** Watches the file and takes up its changes while the engine runs. Disposing ends it. */
export async function reloadConfig(
  context: CommandContext,
  session: Session,
  baton: Pick<Baton, 'reconfigure'>,
): Promise<AsyncDisposable> {
  const reloader = createReloader(context, session, baton);
  const watching = await watchConfig({ file: session.config.file, onChange: () => reloader.reload() });
  return {
    async [Symbol.asyncDispose]() {
      await watching[Symbol.asyncDispose]();
      await reloader[Symbol.asyncDispose]();
    },
  };
}
