import { type AdapterSettings, BatonError, type JsonValue } from '@baton/core';
import { z } from 'zod';

/** The setting by which two agents of one kind are told apart. */
export const agentId = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'has to be in kebab-case')
  .exactOptional()
  .describe('Names the agent in logs and jobs. Default: the name that `use` says.');

/** Name of an environment variable. */
export const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'has to be the name of an environment variable');

/** Settings as their schema has them. Throws `CONFIG_INVALID`. */
export function mapSettings<Settings>(
  schema: z.ZodType<Settings>,
  settings: AdapterSettings,
  adapter: string,
): Settings {
  const result = schema.safeParse(settings);
  if (result.success) return result.data;
  const flaws = result.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`);
  throw new BatonError('CONFIG_INVALID', `The settings of the agent ${adapter} are wrong: ${flaws.join('; ')}.`, {
    details: { setting: result.error.issues[0]?.path.join('.') ?? '' },
    adapter,
  });
}

/** JSON Schema of settings, as plain data. */
export function mapSettingsSchema(schema: z.ZodType): JsonValue {
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema)));
}
