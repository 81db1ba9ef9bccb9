import { formatDuration, formatMoney, type Instant, type Job, openPhases } from '@baton/core';
import { readPause, viewJob } from '@baton/engine';
import { jobState } from '../render/job-standing.js';
import { renderSandbox } from '../render/render-job.js';
import { listWorkers } from '../running/announce-worker.js';
import { type PollNote, readPollNotes } from '../running/poll-notes.js';
import { escapeLine } from '../text/escape-control.js';
import { formatAge, formatInstant, formatTime } from '../text/format-instants.js';
import { renderTable } from '../text/render-table.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Output } from '../verb/output.js';
import type { Command } from '../verb/run-command.js';
import { openRecords, type Records } from '../wire/open-records.js';

/** What a project is doing, and what it has spent. */
interface ProjectStatus {
  readonly name: string;
  readonly open: number;
  readonly states: readonly { readonly state: string; readonly jobs: number }[];
  readonly spent: number;
  readonly poll: PollNote | null;
}

async function projectStatus(session: Records, name: string, jobs: readonly Job[], signal: AbortSignal) {
  const store = await session.store();
  const day = new Date(session.services.runtime.clock.now()).toISOString().slice(0, 10);
  const spent = await store.spent({ scope: `project/${name}`, period: day, unit: 'micro-usd' }, { signal });
  const states = [...Map.groupBy(jobs.map(viewJob), jobState)].map(([state, members]) => ({
    state,
    jobs: members.length,
  }));
  const poll = readPollNotes(session.state)[name] ?? null;
  return { name, open: jobs.length, states, spent, poll } satisfies ProjectStatus;
}

/** What is configured, as it stands; and what has open jobs beside that, of which only the store knows. */
async function readProjects(session: Records, signal: AbortSignal) {
  const store = await session.store();
  // Open ones alone: the ended ones grow for ever, and `baton report` tells of them.
  const jobs = Map.groupBy(await Array.fromAsync(store.list({ phases: openPhases }, { signal })), (job) => job.project);
  const configured = [];
  for (const { name, budget, sandbox } of session.config.projects) {
    const status = await projectStatus(session, name, jobs.get(name) ?? [], signal);
    const measured = await session.services.sandbox(sandbox.mode).measure({ signal });
    configured.push({ ...status, cap: budget.microUsdPerDay, sandbox: measured });
    jobs.delete(name);
  }
  const unconfigured = [];
  for (const [name, members] of jobs) unconfigured.push(await projectStatus(session, name, members, signal));
  return { configured, unconfigured };
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

/** What the host lets Baton do yet, as it said at the last poll. Null where it said nothing, or of a time that is over. */
function renderQuotas(note: PollNote | null, now: Instant): string | null {
  const current = note?.quotas.filter(({ resetAt }) => resetAt > now) ?? [];
  const told = current.map(
    ({ name, remaining, limit, resetAt }) =>
      `${escapeLine(name)} ${remaining} of ${limit} requests left until ${formatInstant(resetAt, now)}`,
  );
  return told.length === 0 ? null : told.join(', ');
}

function mapPollJson(note: PollNote, intervalMs: number | null): Readonly<Record<string, unknown>> {
  const { at, goodAt, failingSince, message, quotas } = note;
  const told = (instant: Instant | null): string | null => (instant === null ? null : new Date(instant).toISOString());
  const nextBy = told(nextPollBy(note, intervalMs));
  const left = quotas.map(({ resetAt, ...quota }) => ({ ...quota, resetAt: told(resetAt) }));
  return { at: told(at), goodAt: told(goodAt), nextBy, failingSince: told(failingSince), message, quotas: left };
}

function mapStatusJson({ spent, poll, ...rest }: ProjectStatus, intervalMs: number | null) {
  return { ...rest, poll: poll && mapPollJson(poll, intervalMs), spentTodayUsd: spent / 1_000_000 };
}

function renderJobs({ open, states }: ProjectStatus): string {
  const told = states.map(({ state, jobs }) => `${jobs} ${state}`).join(', ');
  return `${open} open${told === '' ? '' : ` (${told})`}`;
}

const renderSpent = ({ spent }: ProjectStatus): string => `${formatMoney(spent)} spent or set aside for turns`;

function renderFacts(rows: readonly (readonly [name: string, fact: string])[], { colours, columns }: Output): string {
  return renderTable(
    rows.map(([name, fact]) => [`  ${colours.dim(name)}`, fact]),
    columns,
  );
}

/** `baton status`: what is going on, in all projects, also in those that are not configured any more. */
export const status: Command = async (context) => {
  const { output, signal } = context;
  await using session = await openRecords(context);
  const store = await session.store();
  const pause = await readPause(store, { signal });
  const workers = listWorkers(session.state);
  const daemonRuns = workers.length > 0;
  const intervalMs = daemonRuns ? session.config.pollIntervalMs : null;
  const now = session.services.runtime.clock.now();
  const { configured, unconfigured } = await readProjects(session, signal);
  if (output.json !== null) {
    output.printJson({
      schema: 'baton.status/v1',
      state: session.state,
      daemonRuns,
      daemons: workers.map(({ pid, since }) => ({ pid, since: new Date(since).toISOString() })),
      paused: pause === null ? null : { reason: pause.reason, at: new Date(pause.at).toISOString() },
      projects: configured.map(({ cap, ...rest }) => ({
        ...mapStatusJson(rest, intervalMs),
        capTodayUsd: cap === null ? null : cap / 1_000_000,
      })),
      unconfigured: unconfigured.map((each) => mapStatusJson(each, null)),
    });
    return exitCodes.ok;
  }
  const { bold, yellow, dim } = output.colours;
  if (!daemonRuns) output.say(yellow('no daemon runs: nothing is polled or worked  (baton start begins it)'));
  for (const { pid, since } of workers) {
    output.print(dim(`daemon ${pid} has run for ${formatDuration(Math.max(0, now - since))}`));
  }
  if (pause !== null) {
    const reason = pause.reason === null ? '' : `: ${escapeLine(pause.reason)}`;
    output.say(yellow(`paused since ${formatTime(pause.at)}${reason}  (baton resume ends it)`));
  }
  for (const { cap, sandbox, ...project } of configured) {
    const quotas = renderQuotas(project.poll, now);
    output.print(bold(project.name));
    const rows = [
      ['polled', renderPoll(project.poll, now, intervalMs)],
      ...(quotas === null ? [] : [['host', quotas] as const]),
      ['today', `${renderSpent(project)} ${cap === null ? 'no cap' : `of ${formatMoney(cap)}`}`],
      ['sandbox', renderSandbox(sandbox)],
    ] as const;
    output.print(renderFacts([['jobs', renderJobs(project)], ...rows], output));
  }
  for (const project of unconfigured) {
    // Without any, nobody knows what is configured.
    const isGone = configured.length > 0;
    const stray = 'not in the configuration: its jobs wait until it is again, or are cancelled';
    output.say(`${bold(escapeLine(project.name))}${isGone ? yellow(`  ${stray}`) : ''}`);
    const rows = isGone ? [] : ([['polled', renderPoll(project.poll, now, null)]] as const);
    output.print(renderFacts([['jobs', renderJobs(project)], ...rows, ['today', renderSpent(project)]], output));
  }
  output.print(dim(session.hasState ? `state ${session.state}` : `state ${session.state}, which is not there yet`));
  return exitCodes.ok;
};
