import type { AdapterSettings, JsonValue } from '@baton/core';
import { closest } from '../config/closest.js';
import { knownKeys, schemaAt } from '../config/known-keys.js';

/** One setting that the adapter doesn't know or lacks. */
export interface SettingProblem {
  readonly setting: string;
  readonly message: string;
  readonly fix: string;
}

/** Whether a schema closes its list of keys: one that names keys and doesn't say that others are welcome. */
const isClosed = (schema: JsonValue): boolean => {
  const additional = schemaAt(schema, [])?.['additionalProperties'];
  return additional === false || (additional === undefined && knownKeys(schema, []).length > 0);
};

/** Whether an adapter takes a setting, as far as its schema tells. */
export function takesSetting(schema: JsonValue, setting: string): boolean {
  return knownKeys(schema, []).includes(setting) || !isClosed(schema);
}

/**
 * Keys that the adapter's schema doesn't name; everything else the adapter checks by itself. `common`: keys of the
 * configuration's own that may stand there too.
 */
export function checkSettings(
  schema: JsonValue,
  settings: AdapterSettings,
  { use, common }: { readonly use: string; readonly common: readonly string[] },
): readonly SettingProblem[] {
  if (!isClosed(schema)) return [];
  const known = [...knownKeys(schema, []), ...common];
  return Object.keys(settings).flatMap((setting) => {
    if (known.includes(setting)) return [];
    const meant = closest(setting, known);
    const all = known.length === 0 ? `${use} takes no settings` : `${use} takes ${known.join(', ')}`;
    return [
      {
        setting,
        message: `${use} has no such setting${meant === null ? '' : `; did you mean ${meant}?`}`,
        fix: meant === null ? `remove it; ${all}` : `write ${meant} in place of ${setting}`,
      },
    ];
  });
}
