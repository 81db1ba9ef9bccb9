import { isEnded, type Job } from '@baton/core';
import { asksPerson, viewJob } from '@baton/engine';
import { findJob } from '../jobs/resolve-job.js';
import { jobExitCode } from '../render/job-exit-code.js';
import { mapJobJson } from '../render/job-json.js';
import { renderJobLine } from '../render/render-event.js';
import { hasWorker } from '../running/announce-worker.js';
import { escapeLine } from '../text/escape-control.js';
import { CommandError } from '../verb/command-error.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command } from '../verb/run-command.js';
import { openRecords } from '../wire/open-records.js';

const lookEveryMs = 500;
/** For so long a daemon may take to come: `baton start & baton wait 12`. */
const patienceMs = 10_000;

/** Whether waiting is over: the pull request stands, nothing more will happen, or a person is needed. */
function isOver(job: Job, target: 'pr' | 'end'): boolean {
  if (isEnded(job.phase)) return true;
  if (asksPerson(job)) return true;
  return target === 'pr' && job.phase === 'reviewing' && viewJob(job).pullRequest !== null;
}

function noDaemon(state: string): CommandError {
  return new CommandError(`No daemon works the jobs in ${state}: nothing would ever change.`, {
    code: 'DAEMON_UNREACHABLE',
    exit: 'daemonUnreachable',
    fix: 'start one with baton start, or work the issue with baton run',
  });
}

/**
 * `baton wait <job> [--for pr|end] [--timeout]`: until a job's pull request stands, or nothing more will come. Exit 5
 * where nobody works the jobs of this state directory, and nobody comes to.
 */
export const wait: Command = async (context, input) => {
  const { output, signal } = context;
  await using session = await openRecords(context, {});
  const { clock } = session.services.runtime;
  const reference = input.arguments[0] ?? '';
  const target = input.options['for'] === 'end' ? 'end' : 'pr';
  const { timeout } = input.options;
  const begun = clock.monotonic();
  const until = typeof timeout === 'number' ? begun + timeout : Number.POSITIVE_INFINITY;
  const store = await session.store();
  // An issue that was labelled a moment ago may have no job yet: it is waited for as well.
  let job = await findJob(session, reference, signal);
  let told = '';
  let workedAt = begun;
  for (;;) {
    if (job !== null) {
      const line = renderJobLine(job.updatedAt, viewJob(job), null, output);
      if (`${job.phase}/${job.wait}` !== told && output.json === null) output.tell(line);
      told = `${job.phase}/${job.wait}`;
      if (isOver(job, target)) break;
    }
    if (hasWorker(session.state)) workedAt = clock.monotonic();
    if (clock.monotonic() - workedAt >= Math.min(patienceMs, until - begun)) throw noDaemon(session.state);
    if (clock.monotonic() >= until) break;
    await clock.sleep(Math.min(lookEveryMs, Math.max(1, until - clock.monotonic())), { signal });
    job = job === null ? await findJob(session, reference, signal) : await store.get(job.id, { signal });
  }
  if (job === null) {
    throw new CommandError(`${escapeLine(reference)} has no job yet.`, {
      code: 'NOT_FOUND',
      exit: 'notFound',
      fix: 'run baton explain with the issue to see why, and baton start to have it worked',
    });
  }
  const view = viewJob(job);
  if (output.json !== null) output.printJson({ schema: 'baton.job/v1', ...mapJobJson(view) });
  else
    output.print(view.pullRequest?.url ?? `${view.id} ${view.phase}${view.outcome === null ? '' : ` ${view.outcome}`}`);
  const code = jobExitCode(view);
  // Asked to wait for the end, an open pull request isn't it.
  return target === 'end' && code === exitCodes.ok && !isEnded(job.phase) ? exitCodes.pending : code;
};
