import type { JsonValue } from '@baton/core';
import { z } from 'zod';
import { configSchema } from './config-schema.js';

/** The JSON Schema of the configuration file, for editors and for telling which keys there are. */
export function configJsonSchema(): JsonValue {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      // `x-…` keys are everybody's own.
      if (jsonSchema.additionalProperties === false) jsonSchema.patternProperties = { '^x-': {} };
    },
  });
  return JSON.parse(JSON.stringify({ title: 'baton.config', ...schema })) as JsonValue;
}
