import type { Amount, Instant } from '@baton/core';
import type { FoldedJob } from './job-data.js';
import { defaultLimits, type Project } from './project.js';

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
  const limits = job.data.limits ?? defaultLimits;
  const { inputTokens, outputTokens, microUsd } = job.data.usage;
  const left = (cap: number | null, used: number): number | null => (cap === null ? null : Math.max(0, cap - used));
  return {
    tokens: left(limits.tokens, (inputTokens ?? 0) + (outputTokens ?? 0)),
    microUsd: left(limits.microUsd, microUsd ?? 0),
  };
}

/**
 * What is set aside before a turn: all that the job may still spend, in the project's day and in the job.
 * Empty where nothing is limited in money.
 */
export function turnAmounts(job: FoldedJob, project: Project, at: Instant): readonly Amount[] {
  const perDay = project.budget.microUsdPerDay;
  const limits = job.data.limits ?? defaultLimits;
  const amount = remaining(job).microUsd ?? 0;
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
