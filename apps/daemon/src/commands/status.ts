import { openPhases } from '@baton/core';
import { readPause, viewJob } from '@baton/engine';
import { hasWorker } from '../announce-worker.js';
import { exitCodes } from '../exit-codes.js';
import { escapeLine } from '../render/escape-control.js';
import { formatMoney, formatTime } from '../render/format-amounts.js';
import { jobState } from '../render/job-standing.js';
import { renderSandbox } from '../render/render-job.js';
import { renderTable } from '../render/render-table.js';
import type { Command } from '../run-command.js';
import { openSession, type Session } from '../wire/open-session.js';

/** What a project is doing, and what it may spend. Unknown numbers are null. */
async function projectStatus(session: Session, project: Session['config']['projects'][number], signal: AbortSignal) {
  const store = await session.store();
  // Open ones alone: the ended ones grow for ever, and `baton report` tells of them.
  const jobs = await Array.fromAsync(store.list({ project: project.name, phases: openPhases }, { signal }));
  const open = jobs.map(viewJob);
  const day = new Date(session.world.runtime.clock.now()).toISOString().slice(0, 10);
  const spent = await store.spent({ scope: `project/${project.name}`, period: day, unit: 'micro-usd' }, { signal });
  const states = [...Map.groupBy(open, jobState)].map(([state, members]) => ({ state, jobs: members.length }));
  const sandbox = await session.world.sandbox(project.sandbox.mode).measure({ signal });
  return {
    name: project.name,
    open: open.length,
    states,
    spent,
    cap: project.budget.microUsdPerDay,
    sandbox,
  };
}

/** `baton status`: what is going on, in all projects. */
export const status: Command = async (context) => {
  const { output, signal } = context;
  await using session = await openSession(context, { readOnly: true });
  const store = await session.store();
  const pause = await readPause(store, { signal });
  const daemonRuns = hasWorker(session.state);
  const projects = [];
  for (const project of session.config.projects) projects.push(await projectStatus(session, project, signal));
  if (output.json !== null) {
    output.printJson({
      schema: 'baton.status/v1',
      state: session.state,
      daemonRuns,
      paused: pause === null ? null : { reason: pause.reason, at: new Date(pause.at).toISOString() },
      projects: projects.map(({ spent, cap, ...rest }) => ({
        ...rest,
        spentTodayUsd: spent / 1_000_000,
        capTodayUsd: cap === null ? null : cap / 1_000_000,
      })),
    });
    return exitCodes.ok;
  }
  const { bold, yellow, dim } = output.colours;
  if (!daemonRuns) output.print(yellow('no daemon runs: nothing is polled or worked  (baton start begins it)'));
  if (pause !== null) {
    const reason = pause.reason === null ? '' : `: ${escapeLine(pause.reason)}`;
    output.print(yellow(`paused since ${formatTime(pause.at)}${reason}  (baton resume ends it)`));
  }
  for (const project of projects) {
    const states = project.states.map(({ state, jobs }) => `${jobs} ${state}`).join(', ');
    const cap = project.cap === null ? 'no cap' : `of ${formatMoney(project.cap)}`;
    output.print(bold(project.name));
    output.print(
      renderTable(
        [
          [`  ${dim('jobs')}`, `${project.open} open${states === '' ? '' : ` (${states})`}`],
          [`  ${dim('today')}`, `${formatMoney(project.spent)} spent or set aside for turns ${cap}`],
          [`  ${dim('sandbox')}`, renderSandbox(project.sandbox)],
        ],
        output.columns,
      ),
    );
  }
  output.print(dim(session.hasState ? `state ${session.state}` : `state ${session.state}, which is not there yet`));
  return exitCodes.ok;
};
