import { isEnded } from '@baton/core';
import { type JobView, viewJob } from '@baton/engine';
import { resolveJob } from '../../jobs/resolve-job.js';
import { mapJobJson } from '../../render/job-json.js';
import { describeStanding } from '../../render/job-standing.js';
import { escapeLine } from '../../text/escape-control.js';
import { CommandError } from '../../verb/command-error.js';
import { exitCodes } from '../../verb/exit-codes.js';
import type { Command } from '../../verb/run-command.js';
import { openSession, type Session } from '../../wire/open-session.js';
import { refuseLeftOut, tellLeftOut } from '../../wire/tell-left-out.js';

/** A fresh start while the earlier pull request is open would make a second one. */
async function refuseOpenPullRequest(session: Session, view: JobView, signal: AbortSignal): Promise<void> {
  const project = (await session.projects()).find(({ name }) => name === view.project);
  const found = (await project?.forge.findPullRequests({ head: view.branch }, { signal })) ?? [];
  const open = found.find(({ state }) => state.unified === 'open');
  if (open === undefined) return;
  throw new CommandError(
    `The pull request #${open.number} of ${view.id} is open; a fresh start would make a second one.`,
    {
      code: 'REFUSED',
      exit: 'refused',
      fix: 'close it and try again, or leave --fresh out: a retry goes on with it, from a clean base',
    },
  );
}

/**
 * `baton retry <job> [--fresh]`: a job that follows the ended one, from a clean base. It goes on with a pull request
 * that is still open, on that one's branch; with `--fresh` it has a branch of its own, and such a pull request
 * refuses it.
 */
export const retry: Command = async (context, input) => {
  const { output, signal } = context;
  await using session = await openSession(context, { take: 'healthy' });
  await session.projects();
  const ended = await resolveJob(session, input.arguments[0], signal);
  refuseLeftOut(session.leftOut, ended.project);
  tellLeftOut(session.leftOut, 'is left out', output);
  const view = viewJob(ended);
  if (!isEnded(ended.phase)) {
    const { is, fix } = describeStanding(view, session.services.runtime.clock.now());
    throw new CommandError(`Job ${ended.id} has not ended: ${is}.`, { code: 'CONFLICT', exit: 'failure', fix });
  }
  const fresh = input.options['fresh'] === true;
  if (fresh) await refuseOpenPullRequest(session, view, signal);
  const baton = await session.baton();
  const job = await baton.retry(ended.id, { fresh });
  if (output.json !== null) output.printJson({ schema: 'baton.job/v1', ...mapJobJson(viewJob(job)) });
  else output.print(`queued ${job.id}, which follows ${ended.id} (${escapeLine(job.issueKey)})`);
  return exitCodes.ok;
};
