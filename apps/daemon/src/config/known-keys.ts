import type { JsonValue } from '@baton/core';
import type { KeyPath } from './config-problem.js';

/** A JSON Schema, or a part of one. */
export type Schema = { readonly [key: string]: JsonValue };

/** Whether a value has keys, as every JSON Schema that says something has. */
export function isSchema(value: JsonValue | undefined): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function step(schema: Schema, key: string | number): Schema | null {
  if (typeof key === 'number') return isSchema(schema['items']) ? schema['items'] : null;
  const properties = schema['properties'];
  const property = isSchema(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (isSchema(property)) return property;
  return isSchema(schema['additionalProperties']) ? schema['additionalProperties'] : null;
}

function alternatives(schema: Schema): readonly Schema[] {
  const listed = schema['anyOf'];
  return Array.isArray(listed) ? listed.filter(isSchema) : [schema];
}

/** The schema of what stands at a path, or null where there is none. Looks through `anyOf` of a schema and null. */
export function schemaAt(root: JsonValue, path: KeyPath): Schema | null {
  let schema: Schema | null = isSchema(root) ? root : null;
  for (const key of path) {
    if (schema === null) return null;
    schema = alternatives(schema).reduce<Schema | null>((found, inner) => found ?? step(inner, key), null);
  }
  return schema;
}

/** The keys that may stand at a path. Empty where the schema names none. */
export function knownKeys(root: JsonValue, path: KeyPath): readonly string[] {
  const schema = schemaAt(root, path);
  return (schema === null ? [] : alternatives(schema)).flatMap(({ properties }) =>
    isSchema(properties) ? Object.keys(properties) : [],
  );
}
