import type { CallOptions, Issue, JobStore } from '@baton/core';
import { endJob } from '../job/entries.js';
import type { JobEntry } from '../job/entry.js';
import { bearsLabel, labelName, type StatusLabel } from '../job/labels.js';
import type { StepContext } from '../job/step-context.js';
import type { Project } from '../project/project.js';
import { branchFor } from './branch-name.js';
import { describeOtherRequest, findOtherRequest } from './other-request.js';

/** Issues that are so much younger than the store have no life before it: the host's clock and ours may differ. */
const skewMs = 24 * 60 * 60_000;
const mostBranches = 20;
/** A job that came to nothing has left its number out. */
const mostLeftOut = 2;

/**
 * After how many branches of an issue the first job of this store is to be counted: the one whose pull request is open
 * is gone on with, and one that was merged or closed is not done again. A store that was lost, or that another daemon
 * has, left them.
 */
export async function countEarlierBranches(
  project: Project,
  issue: Issue,
  bornAt: number,
  options: CallOptions = {},
): Promise<number> {
  if (isYounger(issue, bornAt)) return 0;
  let last: number | null = null;
  for (let earlier = 0; earlier < mostBranches && earlier - (last ?? -1) <= mostLeftOut; earlier += 1) {
    const found = await project.forge.findPullRequests({ head: branchFor(project, issue.key, earlier) }, options);
    if (found.some(({ state }) => state.unified === 'open')) return earlier;
    if (found.length > 0) last = earlier;
  }
  return last ?? 0;
}

function isYounger({ createdAt }: Issue, bornAt: number): boolean {
  return createdAt > bornAt + skewMs;
}

/** Whether another life, or a daemon on another store, may have pushed work for the issue that this store knows nothing of. */
export async function mayHaveEarlierLife({ store, job, signal }: StepContext): Promise<boolean> {
  return isFirst(store, job(), { signal });
}

/** How a job ends whose issue Baton has ended on in a life that this store knows nothing of. Null where it hasn't. */
export async function endOfEarlierLife(
  { project, store, settings, job, signal }: StepContext,
  issue: Issue,
): Promise<JobEntry | null> {
  const reason = whyEndedBefore(project, settings.labelPrefix, issue);
  if (reason === null || !(await isFirst(store, job(), { signal }))) return null;
  return endJob('refused', reason);
}

/**
 * How a job ends whose claim was over while it waited, or while no daemon of its store ran: another daemon may have
 * worked its issue meanwhile, and have ended on it. Null where none has, and where a pull request of the job's stands,
 * which is looked after whatever anybody else came to.
 */
export async function endOfLapsedClaim(context: StepContext): Promise<JobEntry | null> {
  const { project, settings, job, signal } = context;
  const { pullRequest, mirrored, issue: known } = job().data;
  if (pullRequest !== null) return null;
  const other = await findOtherRequest(context);
  if (other) return endJob('refused', describeOtherRequest(other));
  // A label that was never shown may be that of an earlier job of this store.
  if (mirrored === '') return null;
  const issue = await project.source.get(known.id, { signal });
  const reason = issue && whyEndedBefore(project, settings.labelPrefix, issue);
  return reason === null ? null : endJob('refused', reason);
}

const endLabels = ['failed', 'done'] as const satisfies readonly StatusLabel[];

/** Why an issue is not worked of whose end this store knows nothing: Baton has come to one before. Null where it hasn't. */
export function whyEndedBefore({ query }: Project, labelPrefix: string, issue: Issue): string | null {
  const found = endLabels.find((each) => bearsLabel(issue, labelPrefix, each));
  if (found === undefined) return null;
  const ended = labelName(labelPrefix, found);
  const label = query.labels[0];
  const again = label === undefined ? `${ended} is taken off` : `the label ${label} is set again`;
  return `It bears ${ended}: Baton has ended on it before, in a store that this one knows nothing of. It is worked once ${again}, or by baton retry.`;
}

async function isFirst(
  store: JobStore,
  { id, dedupeKey }: { readonly id: string; readonly dedupeKey: string },
  options: CallOptions,
): Promise<boolean> {
  for await (const job of store.list({ dedupeKey, limit: 2 }, options)) if (job.id !== id) return false;
  return true;
}
