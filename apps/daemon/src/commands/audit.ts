import { isEnded } from '@baton/core';
import { resolveJob } from '../jobs/resolve-job.js';
import { cutTold } from '../text/cut-text.js';
import { escapeLine } from '../text/escape-control.js';
import { padText } from '../text/text-width.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command } from '../verb/run-command.js';
import { openRecords } from '../wire/open-records.js';

const dataColumns = 400;

/** `baton audit <job>`: the journal as it stands, one entry a line. */
export const audit: Command = async (context, input) => {
  const { output, signal } = context;
  await using session = await openRecords(context);
  const job = await resolveJob(session, input.arguments[0], signal);
  const store = await session.store();
  let told = 0;
  for await (const entry of store.journal(job.id, 0, { signal })) {
    told += 1;
    const at = new Date(entry.at).toISOString();
    if (output.json !== null) {
      output.printJson({
        schema: 'baton.journalEntry/v1',
        job: job.id,
        seq: entry.seq,
        at,
        type: entry.type,
        data: entry.data,
      });
      continue;
    }
    const shown = cutTold(escapeLine(JSON.stringify(entry.data)), dataColumns);
    output.print(`${String(entry.seq).padStart(4)}  ${at}  ${padText(escapeLine(entry.type), 14)}  ${shown}`);
  }
  if (told === 0 && isEnded(job.phase) && output.json === null) {
    output.print('its journal was let go by baton gc --journals');
  }
  return exitCodes.ok;
};
