import { formatMoney, type Job } from '@baton/core';
import { type JobView, viewJob } from '@baton/engine';
import { escapeLine } from '../text/escape-control.js';
import { renderTable } from '../text/render-table.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command } from '../verb/run-command.js';
import { openRecords } from '../wire/open-records.js';

/** What a group of jobs came to. Unknown money is null. */
interface Tally {
  readonly group: string;
  readonly jobs: number;
  readonly open: number;
  readonly ended: number;
  readonly merged: number;
  /** Of those ended: merged ones and those that needed no change. Null where none ended. */
  readonly successRate: number | null;
  /** Null where nobody knows what any of them cost. */
  readonly usd: number | null;
  readonly usdPerMerged: number | null;
  readonly outcomes: Readonly<Record<string, number>>;
}

function tally(group: string, views: readonly JobView[]): Tally {
  const ended = views.filter((view) => view.outcome !== null);
  const merged = ended.filter((view) => view.outcome === 'merged').length;
  const good = ended.filter((view) => view.phase === 'done').length;
  const known = views.flatMap((view) => view.cost.microUsd ?? []);
  const usd = known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0) / 1_000_000;
  const outcomes: Record<string, number> = {};
  for (const { outcome } of ended) if (outcome !== null) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    group,
    jobs: views.length,
    open: views.length - ended.length,
    ended: ended.length,
    merged,
    successRate: ended.length === 0 ? null : good / ended.length,
    usd,
    usdPerMerged: usd === null || merged === 0 ? null : usd / merged,
    outcomes,
  };
}

/** A job with several labels counts in each of their groups. */
const groupings: Readonly<Record<string, (view: JobView) => readonly string[]>> = {
  project: (view) => [view.project],
  agent: (view) => [view.agent ?? 'none yet'],
  model: (view) => [view.model ?? 'none'],
  label: (view) => (view.issue.labels.length === 0 ? ['none'] : view.issue.labels),
};

function groupsOf(views: readonly JobView[], by: string): ReadonlyMap<string, readonly JobView[]> {
  const groups = new Map<string, JobView[]>();
  for (const view of views) {
    for (const group of groupings[by]?.(view) ?? []) groups.set(group, [...(groups.get(group) ?? []), view]);
  }
  return groups;
}

function row(each: Tally): readonly string[] {
  const money = (usd: number | null): string => formatMoney(usd === null ? null : usd * 1_000_000);
  const rate = each.successRate === null ? '–' : `${Math.round(each.successRate * 100)} %`;
  const outcomes = Object.entries(each.outcomes).map(([name, count]) => `${name} ${count}`);
  const counts = [each.jobs, each.open, each.merged].map(String);
  return [escapeLine(each.group), ...counts, rate, money(each.usd), money(each.usdPerMerged), outcomes.join(', ')];
}

/** `baton report [--by] [--since]`: outcomes, success rate and cost. */
export const report: Command = async (context, input) => {
  const { output, signal } = context;
  await using session = await openRecords(context);
  const { since, by } = input.options;
  const now = session.services.runtime.clock.now();
  const store = await session.store();
  const updated = typeof since === 'number' ? { updatedAfter: now - since } : {};
  const jobs: readonly Job[] = await Array.fromAsync(store.list(updated, { signal }));
  const views = jobs.map(viewJob);
  const name = typeof by === 'string' && Object.hasOwn(groupings, by) ? by : 'project';
  const tallies = [...groupsOf(views, name)].map(([group, members]) => tally(group, members));
  const all = tally('all', views);
  if (output.json !== null) {
    output.printJson({ schema: 'baton.report/v1', by: name, items: tallies, all });
  } else {
    const head = [name, 'jobs', 'open', 'merged', 'success', 'cost', 'per merged', 'outcomes'];
    const rows = [head, ...tallies.map(row), ...(tallies.length > 1 ? [row(all)] : [])];
    output.print(renderTable(rows, output.columns));
  }
  return exitCodes.ok;
};
