import { type Instant, openPhases } from '@baton/core';
import { readPause, viewJob } from '@baton/engine';
import { listWorkers } from '../announce-worker.js';
import { exitCodes } from '../exit-codes.js';
import { type PollNote, readPollNotes } from '../poll-notes.js';
import { escapeLine } from '../render/escape-control.js';
import { formatAge, formatDuration, formatMoney, formatTime } from '../render/format-amounts.js';
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

/**
 * The instant before which a daemon polls again. Null where none runs, and where polls fail: then the project is left
 * alone for longer each time, or as its host asks.
 */
function nextPollBy(note: PollNote, intervalMs: number | null): Instant | null {
  // Rounds are a tenth of the interval early or late.
  return intervalMs === null || note.failingSince !== null ? null : note.at + Math.round(intervalMs * 1.1);
}

function renderPoll(note: PollNote | null, now: Instant, intervalMs: number | null): string {
  if (note === null) return 'not yet';
  const { at, failingSince, message } = note;
  if (failingSince !== null) {
    const before = failingSince === at ? '' : `, since ${formatTime(failingSince)}`;
    return `failed ${formatAge(at, now)}${before}: ${escapeLine(message ?? '')}`;
  }
  const next = nextPollBy(note, intervalMs);
  return `${formatAge(at, now)}${next === null ? '' : `, again within ${formatDuration(Math.max(0, next - now))}`}`;
}

function mapPollJson(note: PollNote, intervalMs: number | null): Readonly<Record<string, unknown>> {
  const { at, goodAt, failingSince, message } = note;
  const told = (instant: Instant | null): string | null => (instant === null ? null : new Date(instant).toISOString());
  const nextBy = told(nextPollBy(note, intervalMs));
  return { at: told(at), goodAt: told(goodAt), nextBy, failingSince: told(failingSince), message };
}

/** `baton status`: what is going on, in all projects. */
export const status: Command = async (context) => {
  const { output, signal } = context;
  await using session = await openSession(context, { readOnly: true });
  const store = await session.store();
  const pause = await readPause(store, { signal });
  const workers = listWorkers(session.state);
  const daemonRuns = workers.length > 0;
  const polls = readPollNotes(session.state);
  const intervalMs = daemonRuns ? session.config.pollIntervalMs : null;
  const now = session.world.runtime.clock.now();
  const projects = [];
  for (const project of session.config.projects) {
    projects.push({ ...(await projectStatus(session, project, signal)), poll: polls[project.name] ?? null });
  }
  if (output.json !== null) {
    output.printJson({
      schema: 'baton.status/v1',
      state: session.state,
      daemonRuns,
      daemons: workers.map(({ pid, since }) => ({ pid, since: new Date(since).toISOString() })),
      paused: pause === null ? null : { reason: pause.reason, at: new Date(pause.at).toISOString() },
      projects: projects.map(({ spent, cap, poll, ...rest }) => ({
        ...rest,
        poll: poll && mapPollJson(poll, intervalMs),
        spentTodayUsd: spent / 1_000_000,
        capTodayUsd: cap === null ? null : cap / 1_000_000,
      })),
    });
    return exitCodes.ok;
  }
  const { bold, yellow, dim } = output.colours;
  if (!daemonRuns) output.print(yellow('no daemon runs: nothing is polled or worked  (baton start begins it)'));
  for (const { pid, since } of workers) {
    output.print(dim(`daemon ${pid} has run for ${formatDuration(Math.max(0, now - since))}`));
  }
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
          [`  ${dim('polled')}`, renderPoll(project.poll, now, intervalMs)],
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
