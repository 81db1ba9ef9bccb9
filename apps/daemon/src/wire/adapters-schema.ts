import { type AdapterPackage, type AdapterRole, settingsJsonSchema } from '@baton/adapter-kit';
import type { JsonValue } from '@baton/core';
import { configJsonSchema } from '../config/json-schema.js';
import { isSchema, type Schema } from '../config/known-keys.js';
import { listBuiltIns } from './built-ins.js';
import { loadAdapterPackage } from './load-adapter-package.js';

interface BuiltIn {
  readonly name: string;
  readonly adapter: AdapterPackage;
}

/** Where the configuration names an adapter of a role, below `projects.items`. */
const places = [
  { keys: ['source'], role: 'source' },
  { keys: ['forge'], role: 'forge' },
  { keys: ['workspace'], role: 'workspaces' },
  { keys: ['agents', 'items'], role: 'agent' },
  { keys: ['gates', 'items'], role: 'gate' },
] as const satisfies readonly { readonly keys: readonly string[]; readonly role: AdapterRole }[];

/** The JSON Schema of the configuration file with the settings of every built-in adapter: for editors. */
export async function configSchemaWithAdapters(): Promise<JsonValue> {
  const builtIns = await Promise.all(
    // None lies beside the file.
    listBuiltIns(null).map(async (name): Promise<BuiltIn> => ({ name, adapter: await loadAdapterPackage(name, '/') })),
  );
  const withStore = changeAt(configJsonSchema(), ['properties', 'store'], (place) =>
    withSettings(place, 'store', builtIns),
  );
  return places.reduce<JsonValue>(
    (schema, { keys: [key, ...rest], role }) =>
      changeAt(schema, ['properties', 'projects', 'items', 'properties', key, ...rest], (place) =>
        withSettings(place, role, builtIns),
      ),
    withStore,
  );
}

/** What stands beside `use` is what the adapter takes that it names; of one that isn't built in anything. */
function withSettings(place: Schema, role: AdapterRole, builtIns: readonly BuiltIn[]): Schema {
  const common = objectAt(place, 'properties');
  const serving = builtIns.filter(({ adapter }) => adapter[role] !== undefined);
  const choices = serving.map(({ name, adapter }) => {
    const settings = settingsJsonSchema(adapter);
    const own = isSchema(settings) ? settings : {};
    const known = [...new Set([...Object.keys(common), ...Object.keys(objectAt(own, 'properties'))])];
    // A forge takes over from its source what isn't said.
    const required = role === 'forge' ? undefined : own['required'];
    return {
      if: { properties: { use: { const: name } }, required: ['use'] },
      // biome-ignore lint/suspicious/noThenProperty: a key of JSON Schema, of an object that nobody awaits.
      then: {
        properties: objectAt(own, 'properties'),
        propertyNames: { anyOf: [{ enum: known }, { pattern: '^x-' }] },
        ...(required === undefined ? {} : { required }),
      },
    };
  });
  const use = { ...objectAt(common, 'use'), examples: serving.map(({ name }) => name) };
  // An empty list would be no schema.
  return { ...place, properties: { ...common, use }, ...(choices.length === 0 ? {} : { allOf: choices }) };
}

function changeAt(schema: JsonValue, path: readonly string[], change: (place: Schema) => Schema): JsonValue {
  if (!isSchema(schema)) return schema;
  const [key, ...rest] = path;
  if (key === undefined) return change(schema);
  const inner = schema[key];
  return inner === undefined ? schema : { ...schema, [key]: changeAt(inner, rest, change) };
}

function objectAt(schema: Schema, key: string): Schema {
  const value = schema[key];
  return isSchema(value) ? value : {};
}
