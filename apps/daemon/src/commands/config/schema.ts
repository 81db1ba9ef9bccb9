import { exitCodes } from '../../verb/exit-codes.js';
import type { Command } from '../../verb/run-command.js';
import { configSchemaWithAdapters } from '../../wire/adapters-schema.js';

/** `baton config schema`: the JSON Schema of the file, for editors. */
export const configSchemaCommand: Command = async ({ output }) => {
  output.print(JSON.stringify(await configSchemaWithAdapters(), null, 2));
  return exitCodes.ok;
};
