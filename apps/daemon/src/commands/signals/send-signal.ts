import type { JsonValue, Signal } from '@baton/core';
import { asksPerson, type JobView, viewJob } from '@baton/engine';
import { resolveJob } from '../../jobs/resolve-job.js';
import { whatWasSeen } from '../../jobs/what-was-seen.js';
import { mapJobJson } from '../../render/job-json.js';
import { describeStanding } from '../../render/job-standing.js';
import { escapeLine } from '../../text/escape-control.js';
import { CommandError } from '../../verb/command-error.js';
import { exitCodes } from '../../verb/exit-codes.js';
import type { Command } from '../../verb/run-command.js';
import { openRecords } from '../../wire/open-records.js';

/** An answer to a question that nobody asked would be told as given, and change nothing. */
function refuseUnasked(type: Signal['type'], view: JobView, now: number): void {
  const { is, fix } = describeStanding(view, now);
  const refuse = (message: string): never => {
    throw new CommandError(message, { code: 'CONFLICT', exit: 'failure', fix });
  };
  if (view.outcome !== null) refuse(`Job ${view.id} heeds nothing any more: ${is}.`);
  if (type !== 'approve' && type !== 'reject') return;
  if (!asksPerson(view)) refuse(`Job ${view.id} asks for nothing: ${is}.`);
  // The agent would be begun again, be told nothing, and ask the same.
  if (type === 'approve' && view.wants === 'answer') {
    refuse(`Job ${view.id} asks a question, to which yes is no answer: ${escapeLine(view.reason ?? '')}`);
  }
}

/** A verb that leaves a signal for whoever holds the job: it works beside a running daemon. */
export function signalCommand(type: Signal['type'], said: string): Command {
  return async (context, input) => {
    const { output, signal } = context;
    await using session = await openRecords(context, {});
    const job = await resolveJob(session, input.arguments[0], signal);
    refuseUnasked(type, viewJob(job), session.services.runtime.clock.now());
    const message = input.options['message'];
    const typed = input.options['seen'];
    const seen = type === 'approve' ? whatWasSeen(job, typeof typed === 'string' && typed !== '' ? typed : null) : null;
    const data: JsonValue = { message: typeof message === 'string' ? message : null, ...(seen !== null && { seen }) };
    const store = await session.store();
    await store.signal(job.id, { type, data }, { signal });
    if (output.json !== null) {
      output.printJson({ schema: 'baton.signal/v1', type, job: mapJobJson(viewJob(job)) });
    } else {
      output.say(
        `${said} ${job.id} (${escapeLine(job.issueKey)}); a running daemon heeds it at once, else the next \`baton start\` does`,
      );
    }
    return exitCodes.ok;
  };
}
