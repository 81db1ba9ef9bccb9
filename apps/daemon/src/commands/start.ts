import { sweepProcesses } from '@baton/adapter-kit';
import { formatDuration } from '@baton/core';
import { type Baton, viewJob } from '@baton/engine';
import { mapJobJson } from '../render/job-json.js';
import { renderCaps } from '../render/render-caps.js';
import { reloadConfig } from '../running/reload-config.js';
import { runEngine } from '../running/run-engine.js';
import { workOnce } from '../running/work-once.js';
import { escapeLine } from '../text/escape-control.js';
import { renderTable } from '../text/render-table.js';
import { CommandError } from '../verb/command-error.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command, CommandContext } from '../verb/run-command.js';
import { readVersion } from '../version.js';
import { openSession, type Session } from '../wire/open-session.js';
import { jobRow } from './list.js';

function banner({ output }: CommandContext, { config }: Session, readyMs: number): string {
  const { bold, dim, green } = output.colours;
  const watched = config.projects.map(
    ({ name, query }) => `${name} (${query.labels.join(', ') || `assignee ${query.assignee}`})`,
  );
  const agents = [...new Set(config.projects.flatMap(({ agents: all }) => all.map(({ use }) => use)))];
  return [
    `  ${bold('BATON')} ${readVersion()}   ${dim(`ready in ${formatDuration(readyMs)}`)}`,
    `  ${green('➜')}  watching   ${escapeLine(watched.join(', '))}   ${dim(`every ${formatDuration(config.pollIntervalMs)}`)}`,
    `  ${green('➜')}  agents     ${escapeLine(agents.join(', '))} × ${config.concurrency}   ${dim(escapeLine(renderCaps(config)))}`.trimEnd(),
  ].join('\n');
}

async function once(context: CommandContext, session: Session): Promise<number> {
  const { output, interrupts } = context;
  const { clock } = session.services.runtime;
  const { jobs, failures } = await workOnce(context, session);
  const [failure] = failures;
  // "Nothing to do" is only what was asked for and not found.
  if (jobs.length === 0 && failure !== undefined) {
    throw new CommandError(`The project ${failure.project} could not be asked for work: ${failure.message}`, {
      code: 'POLL_FAILED',
      exit: 'failure',
      fix: 'run baton doctor, which says what is wrong with it',
    });
  }
  if (output.json !== null) {
    output.printJson({ schema: 'baton.jobList/v1', items: jobs.map((job) => mapJobJson(viewJob(job))) });
  } else if (jobs.length === 0) {
    output.print('nothing to do: no open issue matches');
  } else {
    const head = ['job', 'issue', 'state', 'pull', 'cost', 'changed', 'title'];
    output.print(renderTable([head, ...jobs.map((job) => jobRow(job, clock.now()))], output.columns));
  }
  return interrupts.interrupted() ? exitCodes.interrupted : exitCodes.ok;
}

async function watchUntilStopped(context: CommandContext, session: Session): Promise<number> {
  const { output, interrupts } = context;
  const { clock } = session.services.runtime;
  const begun = clock.monotonic();
  const watch = async (baton: Baton): Promise<void> => {
    await baton.start();
    await using _reloads = await reloadConfig(context, session, baton);
    if (output.progressIsRead) output.tell(banner(context, session, clock.monotonic() - begun));
    else session.services.log('info', 'ready', { version: readVersion(), config: session.config.file });
    // The events end with the engine, which the interrupts stop.
    for await (const event of baton.events()) if (event.type === 'engine-stopped') break;
  };
  await runEngine(context, session, watch, { stream: true });
  // Asked to end, it has ended in order; only a second signal cut something off.
  return interrupts.count() > 1 ? exitCodes.interrupted : exitCodes.ok;
}

/** `baton start [--once]`. */
export const start: Command = async (context, input) => {
  await using session = await openSession(context);
  await session.projects();
  // What a killed daemon left running would go on writing.
  const swept = await sweepProcesses();
  if (swept > 0) session.services.log('warn', `ended ${swept} processes that an earlier daemon had left`);
  // Awaited: a promise that is handed on would find the session closed.
  return await (input.options['once'] === true ? once(context, session) : watchUntilStopped(context, session));
};
