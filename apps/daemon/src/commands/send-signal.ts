import type { JsonValue, Signal } from '@baton/core';
import { viewJob } from '@baton/engine';
import { exitCodes } from '../exit-codes.js';
import { escapeLine } from '../render/escape-control.js';
import { mapJobJson } from '../render/job-json.js';
import { resolveJob } from '../resolve-job.js';
import type { Command } from '../run-command.js';
import { whatWasSeen } from '../what-was-seen.js';
import { openSession } from '../wire/open-session.js';

/** A verb that leaves a signal for whoever holds the job: it works beside a running daemon. */
export function signalCommand(type: Signal['type'], said: string): Command {
  return async (context, input) => {
    const { output, signal } = context;
    await using session = await openSession(context);
    const job = await resolveJob(session, input.arguments[0], signal);
    const message = input.options['message'];
    const typed = input.options['seen'];
    const seen = type === 'approve' ? whatWasSeen(job, typeof typed === 'string' && typed !== '' ? typed : null) : null;
    const data: JsonValue = { message: typeof message === 'string' ? message : null, ...(seen !== null && { seen }) };
    const store = await session.store();
    await store.signal(job.id, { type, data }, { signal });
    if (output.json !== null) {
      output.printJson({ schema: 'baton.signal/v1', type, job: mapJobJson(viewJob(job)) });
    } else {
      output.print(
        `${said} ${job.id} (${escapeLine(job.issueKey)}); a running daemon heeds it at once, else the next \`baton start\` does`,
      );
    }
    return exitCodes.ok;
  };
}
