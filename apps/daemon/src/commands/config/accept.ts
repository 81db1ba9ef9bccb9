import { utimes } from 'node:fs/promises';
import { findConfig } from '../../config/find-config.js';
import { loadConfig } from '../../config/load-config.js';
import { escapeLine } from '../../text/escape-control.js';
import { exitCodes } from '../../verb/exit-codes.js';
import type { Command } from '../../verb/run-command.js';

/** `baton config accept`: a person's yes to the file, and to adapters that it names by path, as they are now. */
export const configAccept: Command = async ({ output, environment, cwd, config: named }) => {
  const config = await loadConfig({ file: findConfig(cwd, named), environment, cwd, origin: 'accept' });
  // A running daemon looks again at a file that was touched.
  const now = new Date();
  await utimes(config.file, now, now);
  if (output.json !== null) output.printJson({ schema: 'baton.configAccepted/v1', files: config.controls });
  else for (const file of config.controls) output.print(`accepted: ${escapeLine(file)}`);
  return exitCodes.ok;
};
