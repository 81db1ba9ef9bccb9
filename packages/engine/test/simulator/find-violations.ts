import { isEnded, type Job, type JobStore } from '@baton/core';
import { defaultLimits, viewJob } from '../../src/index.js';
import type { ProjectWorld } from '../memory-world.js';

/** What was noted while the run went on. */
export interface Handled {
  readonly overCap: string[];
  readonly staleRecords: string[];
  /** The engine went on and on without ever waiting. */
  readonly endless: string[];
  /** Words of people without permission that reached an agent. */
  readonly strangers: string[];
}

/** What is looked through after a run. */
export interface Aftermath {
  readonly store: JobStore;
  readonly worlds: readonly ProjectWorld[];
  readonly handled: Handled;
  readonly temperOf: ReadonlyMap<string, string>;
}

/** Every broken promise, in words. */
export async function findViolations(aftermath: Aftermath): Promise<readonly string[]> {
  const { store, worlds, handled } = aftermath;
  const found: string[] = [...handled.overCap, ...handled.staleRecords, ...handled.endless, ...handled.strangers];
  const jobs = await Array.fromAsync(store.list({}));
  for (const world of worlds) {
    found.push(
      ...(await inspectIssues(
        world,
        jobs.filter((job) => job.project === world.project.name),
      )),
    );
  }
  for (const job of jobs) {
    const world = worlds.find((each) => each.project.name === job.project);
    if (world) found.push(...(await inspectJob(job, store, world)));
  }
  const known = new Set(jobs.map((job) => `${job.project}/${job.issueKey}`));
  for (const issue of aftermath.temperOf.keys()) if (!known.has(issue)) found.push(`${issue} was never taken in`);
  return found;
}

async function inspectIssues({ source, forge }: ProjectWorld, jobs: readonly Job[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const job of jobs) {
    const pulls = forge.pulls().filter((pull) => pull.body.includes(`Closes ${job.issueKey}\n`));
    if (pulls.length > 1) found.push(`${job.issueKey} has ${pulls.length} pull requests`);
    const issue = await source.find(job.issueKey);
    // A closed issue is nobody's to claim: what a replaced worker wrote there late stays.
    const claimed = issue?.state.unified === 'open' && issue.labels.includes('baton:working');
    if (isEnded(job.phase) && claimed) found.push(`the claim of ${job.issueKey} leaks (G1)`);
    const comments = source.comments(issue?.id ?? '').filter((comment) => comment.author.kind === 'self');
    if (comments.length > 1) found.push(`${job.issueKey} has ${comments.length} comments of ours (G25)`);
    const merged = pulls.some((pull) => pull.pullRequest.state.unified === 'merged');
    if (merged !== (job.outcome === 'merged')) found.push(`${job.issueKey} ended ${job.outcome}, merged: ${merged}`);
  }
  const keys = jobs.map((job) => job.issueKey);
  if (new Set(keys).size !== keys.length) found.push(`more than one job for an issue: ${keys.join(', ')}`);
  return found;
}

async function inspectJob(job: Job, store: JobStore, world: ProjectWorld): Promise<readonly string[]> {
  if (!isEnded(job.phase)) return [`job ${job.id} never ended: ${job.phase}, ${job.wait}, ${viewJob(job).reason}`];
  const found: string[] = [];
  if (job.outcome === null || viewJob(job).reason === null)
    found.push(`job ${job.id} ended without an outcome or a reason`);
  if (job.outcome === 'conflict') found.push(`job ${job.id} took its own branch for somebody else's`);
  const journal = await Array.fromAsync(store.journal(job.id, 0));
  const rounds = journal.filter((entry) => entry.type === 'verified' && hasChanged(entry.data)).length;
  if (rounds > defaultLimits.rounds) found.push(`job ${job.id} ran ${rounds} rounds (G8)`);
  if (job.attempt > defaultLimits.attempts) found.push(`job ${job.id} ran ${job.attempt} attempts`);
  found.push(...inspectWork(job, journal, world));
  return found;
}

/** Work that was judged stands in the pull request, or under a rescue ref. */
function inspectWork(
  job: Job,
  journal: readonly { readonly type: string; readonly data: unknown }[],
  world: ProjectWorld,
): readonly string[] {
  const judged = journal.findLast((entry) => entry.type === 'verified')?.data;
  const tree = hasTree(judged) && judged.verdict !== 'no-changes' ? judged.tree : null;
  if (tree === null) return [];
  const view = viewJob(job);
  const head = world.remote.commits.get(view.head ?? '');
  if (head?.tree === tree) return [];
  const files = JSON.stringify([...(world.remote.trees.get(tree) ?? [])]);
  const kept = view.rescued.map((ref) => world.workspaces.filesOf(world.workspaces.rescued.get(ref) ?? ''));
  const wanted = files === '[]' ? null : files;
  const isKept = kept.some((each) => each !== null && (wanted === null || JSON.stringify([...each]) === wanted));
  return isKept ? [] : [`the work of job ${job.id} (${job.outcome}) is lost`];
}

function hasChanged(data: unknown): boolean {
  return hasTree(data) && data.verdict !== 'no-changes';
}

function hasTree(data: unknown): data is { readonly tree: string; readonly verdict: string } {
  return typeof data === 'object' && data !== null && 'tree' in data && 'verdict' in data;
}
