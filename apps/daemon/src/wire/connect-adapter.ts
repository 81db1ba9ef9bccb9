import { join } from 'node:path';
import { type AdapterConnection, type AdapterHost, type AdapterSettings, BatonError } from '@baton/core';
import type { AdapterChoice } from '../config/config.js';
import type { ConfigDocument } from '../config/config-document.js';
import { type ConfigProblem, formatKeyPath, type KeyPath } from '../config/config-problem.js';
import { checkSettings, takesSetting } from './check-settings.js';
import { closeToOthers } from './close-to-others.js';
import { loadAdapterPackage } from './load-adapter-package.js';

/** What every source takes beside its adapter's settings. */
const sourceKeys = ['labels', 'excludeLabels', 'assignee'];

/** The roles an adapter can be wired into. */
export type Role = keyof AdapterConnection;

/** What makes adapters out of what the file says. */
export interface Connector {
  /**
   * The adapter in its role, or null where it can't be: the reason is then among the problems. One that is
   * named beside another of the same package shares its connection.
   */
  connect<Wanted extends Role>(
    choice: AdapterChoice,
    role: Wanted,
    beside?: AdapterChoice,
  ): Promise<Connected<Wanted> | null>;
}

type Connected<Wanted extends Role> = ReturnType<NonNullable<AdapterConnection[Wanted]>>;

/** What all adapters of one project share. */
export interface ConnectorRequest {
  readonly document: ConfigDocument;
  /** Absolute; each adapter gets a directory of its own below it, which is closed to other accounts. */
  readonly state: string;
  readonly host: Omit<AdapterHost, 'stateDirectory'>;
  /** Filled with everything that can't be wired. */
  readonly problems: ConfigProblem[];
}

const roleNames: Readonly<Record<Role, string>> = {
  source: 'a source of issues',
  forge: 'a forge',
  agent: 'an agent',
  workspaces: 'a workspace provider',
  store: 'a store',
  gate: 'a gate',
};

/** `setup.network[0]` → `['setup', 'network', 0]`. */
function parseSetting(setting: string): KeyPath {
  return [...setting.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map((match) =>
    match[1] === undefined ? match[0] : Number(match[1]),
  );
}

/** Connects adapters; the same package with the same settings is one connection, whatever its roles. */
export function createConnector(request: ConnectorRequest): Connector {
  const { document, problems } = request;
  const connections = new Map<string, AdapterConnection>();

  const complain = (choice: AdapterChoice, setting: string, message: string, fix: string): void => {
    const told = parseSetting(setting);
    // Some adapters begin with their own role: `workspace.setup`.
    const parts = told[0] !== undefined && told[0] === choice.path.at(-1) ? told.slice(1) : told;
    // What an adapter says of its settings as a whole stands at `use`.
    const path = [...choice.path, ...(parts.length === 0 ? ['use'] : parts)];
    const place = document.place(path, path.at(-1) === 'use' ? 'value' : 'key');
    const at = { line: place?.line ?? null, column: place?.column ?? null };
    const problem = { file: document.file, ...at, path: formatKeyPath(path), message, fix };
    const known = problems.some((other) => other.path === problem.path && other.message === message);
    if (!known) problems.push(problem);
  };

  const connectOnce = async (choice: AdapterChoice, beside: AdapterSettings) => {
    const adapterPackage = await loadAdapterPackage(choice.use, request.host.configDirectory);
    // An agent without a choice of models may still be told about by one.
    const taken = (all: AdapterSettings): AdapterSettings =>
      Object.fromEntries(
        Object.entries(all).filter(([name]) => name !== 'model' || takesSetting(adapterPackage.settingsSchema, name)),
      );
    const settings = taken(choice.settings);
    const shared = taken(beside);
    const wrong = checkSettings(adapterPackage.settingsSchema, settings, {
      use: choice.use,
      common: choice.path.at(-1) === 'source' ? sourceKeys : [],
    });
    for (const { setting, message, fix } of wrong) complain(choice, setting, message, fix);
    if (wrong.length > 0) return null;
    const whole = { ...shared, ...settings };
    const key = JSON.stringify([choice.use, shared]);
    const stateDirectory = join(request.state, adapterPackage.id);
    closeToOthers(stateDirectory);
    const connection = connections.get(key) ?? adapterPackage.connect(shared, { ...request.host, stateDirectory });
    connections.set(key, connection);
    return { connection, settings: whole };
  };

  return {
    async connect(choice, role, beside) {
      try {
        const shared = beside?.use === choice.use ? beside.settings : choice.settings;
        const connected = await connectOnce(choice, shared);
        if (connected === null) return null;
        const build = connected.connection[role];
        if (build === undefined) {
          const roles = Object.keys(connected.connection).map((name) => roleNames[name as Role] ?? name);
          complain(
            choice,
            'use',
            `${choice.use} can't be ${roleNames[role]}, only: ${roles.join(', ')}`,
            'use another adapter here',
          );
          return null;
        }
        // Each role's function makes just what its name says; the compiler can't follow an index by a type parameter.
        return build(connected.settings) as Connected<typeof role>;
      } catch (error) {
        if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
        const { setting } = error.details;
        complain(choice, setting, error.message, error.fix ?? `mend ${setting === '' ? 'the settings' : setting}`);
        return null;
      }
    },
  };
}
