import { isEnded } from '@baton/core';
import { resolveJob } from '../jobs/resolve-job.js';
import { escapeLine } from '../text/escape-control.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command } from '../verb/run-command.js';
import { openRecords } from '../wire/open-records.js';

const longestData = 400;

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
    const data = JSON.stringify(entry.data);
    const shown = data.length > longestData ? `${data.slice(0, longestData)}… (--json shows all)` : data;
    output.print(`${String(entry.seq).padStart(4)}  ${at}  ${escapeLine(entry.type).padEnd(14)}  ${escapeLine(shown)}`);
  }
  if (told === 0 && isEnded(job.phase) && output.json === null) {
    output.print('its journal was let go by baton gc --journals');
  }
  return exitCodes.ok;
};
