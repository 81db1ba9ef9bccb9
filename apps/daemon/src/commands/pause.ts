import { readPause, writePause } from '@baton/engine';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command } from '../verb/run-command.js';
import { openRecords } from '../wire/open-records.js';

/** `baton pause [--reason]`: no new work, for every daemon on this store, over restarts. */
export const pause: Command = async (context, input) => {
  const { output, signal } = context;
  await using session = await openRecords(context, {});
  const store = await session.store();
  const { reason } = input.options;
  const at = session.services.runtime.clock.now();
  await writePause(store, { reason: typeof reason === 'string' ? reason : null, at }, { signal });
  const paused = await readPause(store, { signal });
  if (output.json !== null) {
    output.printJson({
      schema: 'baton.pause/v1',
      paused: true,
      reason: paused?.reason ?? null,
      at: new Date(at).toISOString(),
    });
  } else {
    output.print('paused: no new work begins until baton resume; what runs goes on');
  }
  return exitCodes.ok;
};
