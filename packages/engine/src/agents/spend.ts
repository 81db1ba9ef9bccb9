import type { CallOptions, Instant, JobStore } from '@baton/core';
import type { FoldedJob } from '../job/job-data.js';
import { limitsOf } from '../job/limits-of.js';
import type { Reserved } from '../job/reservation.js';
import { least } from '../project/limits.js';
import type { Project } from '../project/project.js';

/** The scope under which a project's spend is counted. */
export function spendScope(project: string): string {
  return `project/${project}`;
}

/** The period of a day's budget, e.g. `2026-11-22`. */
export function utcDay(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The beginning of the next day, in UTC. */
export function nextUtcDay(at: Instant): Instant {
  const dayMs = 24 * 60 * 60_000;
  return (Math.floor(at / dayMs) + 1) * dayMs;
}

/** How many tokens a job may still use. Null: no limit. */
export function tokensLeft(job: FoldedJob): number | null {
  const { tokens } = limitsOf(job);
  const { inputTokens, outputTokens } = job.data.usage;
  return tokens === null ? null : Math.max(0, tokens - (inputTokens ?? 0) - (outputTokens ?? 0));
}

/** Micro-dollars that may still be set aside, by the ledger. Null: no limit. */
export interface MoneyLeft {
  readonly job: number | null;
  readonly day: number | null;
}

const jobScope = (job: FoldedJob) => ({ scope: `job/${job.id}`, period: 'all', unit: 'micro-usd' }) as const;
const dayScope = (project: Project, at: Instant) =>
  ({ scope: spendScope(project.name), period: utcDay(at), unit: 'micro-usd' }) as const;

/** Asks the ledger what a job and its project's day have left. */
export async function readMoneyLeft(
  { store, project }: { readonly store: JobStore; readonly project: Project },
  job: FoldedJob,
  at: Instant,
  options: CallOptions = {},
): Promise<MoneyLeft> {
  const left = async (cap: number | null, query: ReturnType<typeof jobScope | typeof dayScope>) =>
    cap === null ? null : Math.max(0, cap - (await store.spent(query, options)));
  return {
    job: await left(limitsOf(job).microUsd, jobScope(job)),
    day: await left(project.budget.microUsdPerDay, dayScope(project, at)),
  };
}

/** Of a day's budget, what a turn may use whose job has no limit of its own. */
const shareOfDay = 5;

/**
 * What is set aside before a turn: all that is left of the job's limit, or a share of the day where it has none, as
 * far as the day has room for it. Null where nothing is limited in money.
 */
export function planReservation(job: FoldedJob, project: Project, left: MoneyLeft, at: Instant): Reserved | null {
  const caps = { job: limitsOf(job).microUsd, day: project.budget.microUsdPerDay };
  const wanted = left.job ?? (caps.day === null ? null : Math.ceil(caps.day / shareOfDay));
  const amount = least(wanted, left.day);
  if (wanted === null || amount === null) return null;
  return {
    id: `${job.id}/${job.data.reservations + 1}`,
    boundBy: amount < wanted ? 'day' : 'job',
    amounts: [
      ...(caps.job === null ? [] : [{ ...jobScope(job), amount, cap: caps.job }]),
      ...(caps.day === null ? [] : [{ ...dayScope(project, at), amount, cap: caps.day }]),
    ],
  };
}
