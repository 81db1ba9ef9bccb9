import { configJsonSchema } from '../config/json-schema.js';
import { exitCodes } from '../exit-codes.js';
import type { Command } from '../run-command.js';

/** `baton config schema`: the JSON Schema of the file, for editors. */
export const configSchemaCommand: Command = async ({ output }) => {
  output.print(JSON.stringify(configJsonSchema(), null, 2));
  return exitCodes.ok;
};
