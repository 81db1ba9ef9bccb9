import { type CallOptions, type Issue, isEnded, type JobStore, type Runtime } from '@baton/core';
import { freeWorkingLabel } from '../branches/working-label.js';
import { dedupeKey } from '../intake/intake.js';
import { labelName } from '../job/labels.js';
import type { Project } from '../project/project.js';

/** What a sweep took away. */
export interface SweepReport {
  readonly workspaces: number;
  readonly claims: number;
}

/** Where a sweep looks. */
export interface SweepPorts {
  readonly store: JobStore;
  readonly runtime: Pick<Runtime, 'clock'>;
}

/** What a sweep goes by. */
export interface SweepSettings {
  readonly labelPrefix: string;
  /** By what other daemons know this one. */
  readonly owner: string;
  /** Whether checkouts in which agents worked stay. */
  readonly keepWorkspaces: boolean;
}

/**
 * Takes away what a crash left: checkouts of jobs that have ended (what was not pushed is rescued first), and
 * the working label on issues that no job works.
 */
export async function sweepProject(
  project: Project,
  { store, runtime }: SweepPorts,
  settings: SweepSettings,
  options: CallOptions = {},
): Promise<SweepReport> {
  return {
    workspaces: await sweepWorkspaces(project, store, settings, options),
    claims: await sweepClaims(project, { store, runtime }, settings, options),
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
  { store, runtime }: SweepPorts,
  { labelPrefix, owner }: SweepSettings,
  options: CallOptions,
): Promise<number> {
  const working = labelName(labelPrefix, 'working');
  const query = { ...project.query, labels: [...project.query.labels, working] };
  const page = await project.source.poll(query, null, options);
  if (page.kind === 'unchanged') return 0;
  let freed = 0;
  for (const issue of page.issues) {
    if (await isWorked(project, store, issue, options)) continue;
    const ports = { project, runtime, labelPrefix, owner };
    if (await freeWorkingLabel(ports, issue, dedupeKey(project, issue), options)) freed += 1;
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
