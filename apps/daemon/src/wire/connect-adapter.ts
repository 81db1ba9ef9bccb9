import { join } from 'node:path';
import {
  type AdapterPackage,
  type AdapterRole,
  adapterRoles,
  type ConnectedAdapter,
  makeRole,
  readSettings,
  settingsJsonSchema,
} from '@baton/adapter-kit';
import { type AdapterHost, BatonError, type JsonValue, messageOf } from '@baton/core';
import type { AdapterChoice } from '../config/config.js';
import type { ConfigDocument } from '../config/config-document.js';
import { type ConfigProblem, formatKeyPath, type KeyPath } from '../config/config-problem.js';
import { configJsonSchema } from '../config/json-schema.js';
import { isSchema, knownKeys, schemaAt } from '../config/known-keys.js';
import { listBuiltIns } from './built-ins.js';
import { closeToOthers } from './close-to-others.js';
import { describeSettings } from './describe-settings.js';
import { loadAdapterPackage, unusable } from './load-adapter-package.js';

/** What makes adapters out of what the file says. */
export interface Connector {
  /**
   * The adapter in its role, or null where it can't be: the reason is then among the problems. What isn't said of one
   * that is named beside another of the same package is as with that one.
   */
  connect<Role extends AdapterRole>(
    choice: AdapterChoice,
    role: Role,
    beside?: AdapterChoice,
  ): Promise<ConnectedAdapter<Role> | null>;
}

/** What all adapters of one project have in common. */
export interface ConnectorRequest {
  readonly document: ConfigDocument;
  /** Absolute; each adapter gets a directory of its own below it, which is closed to other accounts. */
  readonly state: string;
  readonly host: Omit<AdapterHost, 'stateDirectory' | 'shared'>;
  /** What the adapters of an id share. */
  readonly shared: (adapter: string) => AdapterHost['shared'];
  /** By their ids, what the adapters of the file are `use`d as: filled here. */
  readonly names: Map<string, string>;
  /** Filled with everything that can't be wired. */
  readonly problems: ConfigProblem[];
}

const roleNames: Readonly<Record<AdapterRole, string>> = {
  source: 'a source of issues',
  forge: 'a forge',
  agent: 'an agent',
  workspaces: 'a workspace provider',
  store: 'a store',
  gate: 'a gate',
};

/** `setup.network[0]` → `['setup', 'network', 0]`. */
export function parseSetting(setting: string): KeyPath {
  return [...setting.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map((match) =>
    match[1] === undefined ? match[0] : Number(match[1]),
  );
}

/** Makes adapters of what the file says. Loads a package when it is named first. */
export function createConnector(request: ConnectorRequest): Connector {
  const { document, problems, host, names } = request;

  const tell = (problem: ConfigProblem): void => {
    const isKnown = problems.some(({ path, message }) => path === problem.path && message === problem.message);
    if (!isKnown) problems.push(problem);
  };
  const complain = (choice: AdapterChoice, setting: string, message: string, fix: string): void => {
    const parts = parseSetting(setting);
    // What an adapter says of its settings as a whole stands at `use`.
    const path = [...choice.path, ...(parts.length === 0 ? ['use'] : parts)];
    const place = document.place(path, path.at(-1) === 'use' ? 'value' : 'key');
    const at = { line: place?.line ?? null, column: place?.column ?? null };
    tell({ file: document.file, ...at, path: formatKeyPath(path), message, fix });
  };

  const load = async ({ use }: AdapterChoice, role: AdapterRole): Promise<AdapterPackage> => {
    const adapter = await loadAdapterPackage(use, host.configDirectory, role);
    const other = names.get(adapter.id) ?? use;
    if (other !== use) {
      throw unusable(`${use} calls itself ${adapter.id}, as ${other} does`, 'use only one of the two');
    }
    names.set(adapter.id, use);
    return adapter;
  };

  const read = async (choice: AdapterChoice, adapter: AdapterPackage, beside: AdapterChoice | null) => {
    try {
      const schema = settingsJsonSchema(adapter);
      const given = settingsOf({ ...beside?.settings, ...choice.settings }, schema);
      const result = await readSettings(adapter, given, (name) => host.environment(name));
      for (const problem of describeSettings(result, {
        document,
        schema: withCommonKeys(schema, choice),
        choice,
        beside,
      }))
        tell(problem);
      return result.read;
    } catch (error) {
      throw unusable(`${choice.use} can't read its settings: ${messageOf(error)}`, 'mend or reinstall the package');
    }
  };

  return {
    async connect(choice, role, beside) {
      try {
        const adapter = await load(choice, role);
        if (adapter[role] === undefined) {
          // What a forge takes over from its source is told of that.
          if (choice === beside && adapter.source === undefined) return null;
          const roles = adapterRoles.filter((each) => adapter[each] !== undefined).map((each) => roleNames[each]);
          const message = `${choice.use} can't be ${roleNames[role]}, only ${roles.join(' or ')}`;
          const others = [...listBuiltIns(role), `a package that is ${roleNames[role]}`];
          const where = choice === beside ? `name one under ${role}` : 'use another here';
          complain(choice, 'use', message, `${where}: ${others.join(', ')}`);
          return null;
        }
        const settings = await read(choice, adapter, beside?.use === choice.use ? beside : null);
        if (settings === null) return null;
        const { id } = adapter;
        const stateDirectory = join(request.state, id);
        closeToOthers(stateDirectory);
        const own = { ...host, stateDirectory, shared: request.shared(id) };
        return makeRole(adapter, role, settings.settings, own);
      } catch (error) {
        if (!BatonError.is(error, 'CONFIG_INVALID') && !BatonError.is(error, 'SPEC_UNSUPPORTED')) throw error;
        const setting = BatonError.is(error, 'CONFIG_INVALID') ? error.details.setting : '';
        complain(choice, setting, error.message, error.fix ?? `mend ${setting === '' ? 'the settings' : setting}`);
        return null;
      }
    },
  };
}

/** What may stand there beside the adapter's own settings, such as `labels` of a source, is known too. */
function withCommonKeys(schema: JsonValue, { path }: AdapterChoice): JsonValue {
  const [own, place] = [schemaAt(schema, []), schemaAt(configJsonSchema(), path)];
  const [settings, common] = [own?.['properties'], place?.['properties']];
  if (own === null || !isSchema(settings) || !isSchema(common)) return schema;
  return { ...own, properties: { ...common, ...settings } };
}

/** An agent without a choice of models may still be told about by one. */
function settingsOf(given: Readonly<Record<string, JsonValue>>, schema: JsonValue) {
  const takesModel =
    knownKeys(schema, []).includes('model') || schemaAt(schema, [])?.['additionalProperties'] !== false;
  return Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'model' || takesModel));
}
