import { readPause, writePause } from '@baton/engine';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command } from '../verb/run-command.js';
import { openRecords } from '../wire/open-records.js';

/** `baton resume`: ends a pause. */
export const resume: Command = async (context) => {
  const { output, signal } = context;
  await using session = await openRecords(context, {});
  const store = await session.store();
  const before = await readPause(store, { signal });
  if (before !== null) await writePause(store, null, { signal });
  if (output.json !== null) output.printJson({ schema: 'baton.pause/v1', paused: false, reason: null, at: null });
  else output.print(before === null ? 'nothing was paused' : 'resumed');
  return exitCodes.ok;
};
