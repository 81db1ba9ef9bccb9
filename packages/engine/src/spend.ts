import type { Amount, Instant } from '@baton/core';
import type { FoldedJob } from './job-data.js';
import { limitsOf } from './limits-of.js';
import type { Project } from './project.js';

/** The scope under which a project's spend is counted. */
export function spendScope(project: string): string {
  return `project/${project}`;
}

/** The period of a day's budget, e.g. `2026-11-22`. */
export function utcDay(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** What a job may still spend in its next turn. Null: no limit of this kind. */
export function remaining(job: FoldedJob): { readonly tokens: number | null; readonly microUsd: number | null } {
  const limits = limitsOf(job);
  const { inputTokens, outputTokens, microUsd } = job.data.usage;
  const left = (cap: number | null, used: number): number | null => (cap === null ? null : Math.max(0, cap - used));
  return {
    tokens: left(limits.tokens, (inputTokens ?? 0) + (outputTokens ?? 0)),
    microUsd: left(limits.microUsd, microUsd ?? 0),
  };
}

/** Of a day's budget, what a turn may use whose job has no limit of its own. */
const shareOfDay = 5;

/** What a turn may cost where the job has no limit in money but the project's day has. Null: nothing is limited. */
export function turnShare(job: FoldedJob, project: Project): number | null {
  const perDay = project.budget.microUsdPerDay;
  if (perDay === null || remaining(job).microUsd !== null) return null;
  return Math.ceil(perDay / shareOfDay);
}

/**
 * What is set aside before a turn: all that it may spend, in the project's day and in the job. Empty where
 * nothing is limited in money.
 */
export function turnAmounts(job: FoldedJob, project: Project, at: Instant): readonly Amount[] {
  const perDay = project.budget.microUsdPerDay;
  const limits = limitsOf(job);
  const amount = remaining(job).microUsd ?? turnShare(job, project) ?? 0;
  const jobAmount: Amount[] =
    limits.microUsd === null
      ? []
      : [{ scope: `job/${job.id}`, period: 'all', unit: 'micro-usd', amount, cap: limits.microUsd }];
  const dayAmount: Amount[] =
    perDay === null
      ? []
      : [{ scope: spendScope(project.name), period: utcDay(at), unit: 'micro-usd', amount, cap: perDay }];
  return [...jobAmount, ...dayAmount];
}
