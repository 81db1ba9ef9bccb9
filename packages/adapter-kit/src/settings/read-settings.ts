import type { AdapterSettings, JsonValue } from '@baton/core';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { AdapterPackage } from './define-adapter.js';

/** What stood beside `use`, as an adapter takes it. */
export interface ReadSettings {
  /** What the roles of the definition are given. Null where something is wrong. */
  readonly read: { readonly settings: unknown } | null;
  /** What is wrong, with paths in the settings. Empty where nothing is. */
  readonly issues: readonly StandardSchemaV1.Issue[];
  /** Settings that the environment says, with the variables that do. */
  readonly variables: ReadonlyMap<string, string>;
}

/** Reads settings as the definition has them. Rejects as the definition's own schema does where that throws. */
export async function readSettings(
  { settings: { '~standard': schema } }: AdapterPackage,
  given: AdapterSettings,
  environment: (name: string) => string | null,
): Promise<ReadSettings> {
  const variables = new Map<string, string>();
  const whole: Record<string, JsonValue> = { ...given };
  for (const [setting, variable] of listVariables(jsonSchemaOf(schema))) {
    const value = Object.hasOwn(given, setting) ? null : environment(variable);
    if (value === null) continue;
    whole[setting] = value;
    variables.set(setting, variable);
  }
  const result = await schema.validate(whole);
  if (result.issues !== undefined) return { read: null, issues: result.issues, variables };
  return { read: { settings: result.value }, issues: [], variables };
}

/** The JSON Schema of an adapter's settings, as they are written in the configuration. Throws as the definition's own schema does. */
export function settingsJsonSchema({ settings }: Pick<AdapterPackage, 'settings'>): JsonValue {
  return jsonSchemaOf(settings['~standard']);
}

function jsonSchemaOf({ jsonSchema }: AdapterPackage['settings']['~standard']): JsonValue {
  // A schema of a library may hold what JSON has not.
  return JSON.parse(JSON.stringify(jsonSchema.input({ target: 'draft-2020-12' })));
}

/** Top-level settings that may stand in the environment, with their variables. */
function listVariables(schema: JsonValue): readonly (readonly [string, string])[] {
  const properties = isObject(schema) ? schema['properties'] : undefined;
  return Object.entries(isObject(properties) ? properties : {}).flatMap(([setting, property]) => {
    const variable = isObject(property) ? property['environmentVariable'] : undefined;
    return typeof variable === 'string' ? [[setting, variable] as const] : [];
  });
}

function isObject(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
