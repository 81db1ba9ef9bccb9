import { viewJob } from '@baton/engine';
import { exitCodes } from '../exit-codes.js';
import { escapeLine } from '../render/escape-control.js';
import { mapJobJson } from '../render/job-json.js';
import { resolveJob } from '../resolve-job.js';
import type { Command } from '../run-command.js';
import { openSession } from '../wire/open-session.js';

/** `baton retry <job>`: a job that follows the ended one, from a clean base. */
export const retry: Command = async (context, input) => {
  const { output, signal } = context;
  await using session = await openSession(context);
  const ended = await resolveJob(session, input.arguments[0], signal);
  const baton = await session.baton();
  const job = await baton.retry(ended.id);
  if (output.json !== null) output.printJson({ schema: 'baton.job/v1', ...mapJobJson(viewJob(job)) });
  else output.print(`queued ${job.id}, which follows ${ended.id} (${escapeLine(job.issueKey)})`);
  return exitCodes.ok;
};
