import { settingsJsonSchema } from '@baton/adapter-kit';
import type { AdapterSettings, JsonValue } from '@baton/core';
import type { AdapterChoice, Config } from '../config/config.js';
import type { KeyPath } from '../config/config-problem.js';
import { isSchema } from '../config/known-keys.js';
import type { UnstatedSetting } from '../config/list-sources.js';
import type { Environment } from '../environment/load-environment.js';
import { loadAdapterPackage } from './load-adapter-package.js';

/** What holds of every adapter of a file beside what the file states; nothing of one that can't be loaded. */
export async function listAdapterSettings(
  config: Config,
  environment: Environment,
): Promise<readonly UnstatedSetting[]> {
  const choices = [
    config.store,
    ...config.projects.flatMap(({ source, forge, workspace, agents, gates }) => [
      source,
      ...(forge === source ? [] : [inherited(forge, source)]),
      ...[workspace, ...agents, ...gates],
    ]),
  ];
  const listed = choices.map(async ({ use, settings, path }) => {
    try {
      const adapter = await loadAdapterPackage(use, config.directory);
      return unstated(settingsJsonSchema(adapter), settings, { path, environment });
    } catch {
      // Told by whatever wires it.
      return [];
    }
  });
  return (await Promise.all(listed)).flat();
}

/** A forge takes over what it isn't given from a source of the same adapter. */
function inherited(forge: AdapterChoice, source: AdapterChoice): AdapterChoice {
  return forge.use === source.use ? { ...forge, settings: { ...source.settings, ...forge.settings } } : forge;
}

function unstated(
  schema: JsonValue,
  stated: AdapterSettings,
  { path, environment }: { readonly path: KeyPath; readonly environment: Environment },
): readonly UnstatedSetting[] {
  if (!isSchema(schema) || !isSchema(schema['properties'])) return [];
  return Object.entries(schema['properties']).flatMap(([name, property]): readonly UnstatedSetting[] => {
    if (!isSchema(property)) return [];
    const at = [...path, name];
    const value = stated[name];
    if (isSchema(value)) return unstated(property, value, { path: at, environment });
    if (value !== undefined) return [];
    const variable = property['environmentVariable'];
    const held = typeof variable === 'string' ? environment[variable]?.trim() || null : null;
    if (typeof variable === 'string' && held !== null) return [{ path: at, value: held, variable }];
    return property['default'] === undefined ? [] : [{ path: at, value: property['default'], variable: null }];
  });
}
