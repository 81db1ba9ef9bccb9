import { exitCodes } from '../../verb/exit-codes.js';
import type { Command } from '../../verb/run-command.js';
import { openSession } from '../../wire/open-session.js';

/** `baton config validate`: reads the file and wires everything in it; nothing is opened or started. */
export const configValidate: Command = async (context) => {
  const { output } = context;
  await using session = await openSession(context, { readOnly: true });
  await session.store();
  const projects = await session.projects();
  const names = projects.map(({ name }) => name);
  if (output.json !== null)
    output.printJson({ schema: 'baton.configCheck/v1', valid: true, file: session.config.file, projects: names });
  else output.say(`${session.config.file} is valid: ${names.join(', ')}`);
  return exitCodes.ok;
};
