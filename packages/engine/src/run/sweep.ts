import { type CallOptions, type Issue, isEnded, type JobStore } from '@baton/core';
import { dedupeKey } from '../intake/intake.js';
import { freeClaim, labelName } from '../job/labels.js';
import type { Project } from '../project/project.js';

/** What a sweep took away. */
export interface SweepReport {
  readonly workspaces: number;
  readonly claims: number;
}

/** What a sweep goes by. */
export interface SweepSettings {
  readonly labelPrefix: string;
  /** Whether checkouts in which agents worked stay. */
  readonly keepWorkspaces: boolean;
}

/**
 * Takes away what a crash left: checkouts of jobs that have ended (what was not pushed is rescued first), and
 * the working label on issues that no job works.
 */
export async function sweepProject(
  project: Project,
  store: JobStore,
  settings: SweepSettings,
  options: CallOptions = {},
): Promise<SweepReport> {
  return {
    workspaces: await sweepWorkspaces(project, store, settings, options),
    claims: await sweepClaims(project, store, settings.labelPrefix, options),
  };
}

async function sweepWorkspaces(
  project: Project,
  store: JobStore,
  { keepWorkspaces }: SweepSettings,
  options: CallOptions,
): Promise<number> {
  let removed = 0;
  for await (const { key } of project.workspaces.list(options)) {
    if (keepWorkspaces && key.role === 'work') continue;
    const job = await store.get(key.job, options);
    // One that this store knows nothing of may be another daemon's.
    if (job === null || !isEnded(job.phase)) continue;
    await project.workspaces.remove(key, options);
    removed += 1;
  }
  return removed;
}

async function sweepClaims(
  project: Project,
  store: JobStore,
  labelPrefix: string,
  options: CallOptions,
): Promise<number> {
  const working = labelName(labelPrefix, 'working');
  const query = { ...project.query, labels: [...project.query.labels, working] };
  const page = await project.source.poll(query, null, options);
  if (page.kind === 'unchanged') return 0;
  let freed = 0;
  for (const issue of page.issues) {
    if (await isWorked(project, store, issue, options)) continue;
    await freeClaim({ source: project.source, issueId: issue.id, labelPrefix }, options);
    freed += 1;
  }
  return freed;
}

/** An issue without any job is another daemon's, or of a store that was lost: dispatch takes it up again either way. */
async function isWorked(project: Project, store: JobStore, issue: Issue, options: CallOptions): Promise<boolean> {
  for await (const job of store.list({ dedupeKey: dedupeKey(project, issue), limit: 1 }, options)) {
    return !isEnded(job.phase);
  }
  return true;
}
