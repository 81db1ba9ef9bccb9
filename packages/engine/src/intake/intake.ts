import {
  BatonError,
  type CallOptions,
  type Cursor,
  type Instant,
  type Issue,
  isEnded,
  type Job,
  type JobStore,
  messageOf,
  type Runtime,
} from '@baton/core';
import { branchFor } from '../branches/branch-name.js';
import { countEarlierBranches } from '../branches/earlier-life.js';
import { countPastTaken, type StandingBranches } from '../branches/free-branch.js';
import { freeWorkingLabel } from '../branches/working-label.js';
import { findAskedAgain } from '../eligibility/asked-again.js';
import { createJobData, foldedJob, toStored } from '../job/job-data.js';
import { outcomes } from '../job/outcomes.js';
import { hashRequest } from '../job/request-hash.js';
import { waitReasons } from '../job/wait-reasons.js';
import type { Project } from '../project/project.js';
import { placeOf } from '../project/project-place.js';
import { type Fact, readFact, writeFact } from '../store/fact.js';
import { facts } from '../store/facts.js';
import { contentHash } from '../text/content-hash.js';

/** Where intake reads and stores. */
export interface IntakePorts {
  readonly project: Project;
  readonly store: JobStore;
  readonly runtime: Runtime;
  readonly labelPrefix: string;
  /** By what other daemons know this one. Null: it has no name yet, and no claim is its own. */
  readonly owner: string | null;
  /** When this store began: nothing is looked for from a time before it of what is younger. */
  readonly bornAt: Instant;
  readonly standing: StandingBranches;
}

/** What a poll came to. */
export interface IntakeReport {
  readonly found: number;
  readonly enqueued: readonly Job[];
  /** Issues that could not be stored, each with why. They are tried again at the next poll. */
  readonly failed: readonly { readonly issueKey: string; readonly message: string }[];
}

/** What is polled: whoever polls by the same name and query goes on from the same cursor. */
export function pollKey({ name, query }: Project): string {
  return `${name}/${contentHash(JSON.stringify(query)).slice(0, 16)}`;
}

/** The identity of an issue's jobs. */
export function dedupeKey(project: Project, issue: Issue): string {
  return `${placeOf(project)} > ${issue.key}`;
}

/**
 * Stores every issue that matches, since the last time. Whether one may run is decided at dispatch, so a
 * look-up that fails there, a full budget or a blocker that closes later loses nothing.
 */
export async function pollProject(ports: IntakePorts, options: CallOptions = {}): Promise<IntakeReport> {
  const { project, store } = ports;
  const fact = facts.cursor(pollKey(project));
  const enqueued: Job[] = [];
  const failed: { issueKey: string; message: string }[] = [];
  let found = 0;
  let { value: cursor } = await readFact(store, fact, options);
  for (let more = true; more; ) {
    const page = await project.source.poll(project.query, cursor, options);
    more = page.kind === 'changed' && page.more;
    if (page.kind === 'changed') {
      found += page.issues.length;
      for (const issue of page.issues) {
        try {
          const job = await takeIn(ports, issue, options);
          if (job) enqueued.push(job);
        } catch (error) {
          // What concerns all ends the poll; one issue's failure is its own.
          if (concernsAll(error) || options.signal?.aborted) throw error;
          failed.push({ issueKey: issue.key, message: messageOf(error) });
        }
      }
    }
    // Past an issue that failed nothing is remembered: the next poll brings it again.
    if (failed.length === 0 && page.cursor !== cursor) await writeCursor(store, fact, page.cursor, options);
    cursor = page.cursor;
  }
  return { found, enqueued, failed };
}

const everybodys: ReadonlySet<string> = new Set([
  'UNAVAILABLE',
  'RATE_LIMITED',
  'TIMEOUT',
  'AUTH_FAILED',
  'DISK_FULL',
  'STORE_UNREADABLE',
]);

function concernsAll(error: unknown): boolean {
  return BatonError.is(error) && everybodys.has(error.code);
}

/** Losing a race to another daemon costs a page read twice. */
async function writeCursor(store: JobStore, fact: Fact<Cursor>, cursor: Cursor, options: CallOptions): Promise<void> {
  const { version } = await readFact(store, fact, options);
  await writeFact(store, fact, { value: cursor, version }, options);
}

/** Enqueues an issue where that is called for. The new job, or null. */
export async function takeIn(ports: IntakePorts, issue: Issue, options: CallOptions = {}): Promise<Job | null> {
  const { store, project } = ports;
  const isKnown = (await newestJob(store, dedupeKey(project, issue), options)) !== null;
  const earlier = isKnown ? 0 : await countFirstBranches(ports, issue, options);
  const { job, created } = await store.enqueue({ ...newJob(ports, issue, earlier), supersedes: null }, options);
  if (created) return job;
  if (!isEnded(job.phase)) {
    // A person may have answered by what they did to the issue.
    if (job.wait !== null && waitReasons[job.wait].isEndedByIssue) await wakeJob(store, job, options);
    return null;
  }
  // A worker that was replaced may have set the label after the job had ended. Polls bring the issue by.
  await freeWorkingLabel(ports, issue, job.dedupeKey, options);
  const again = await findAskedAgain(foldedJob(job), ports, options);
  return again && follow(ports, again, job, options);
}

/** After how many branches the first job of an issue in this store is to be counted. */
export async function countFirstBranches(
  { project, bornAt, standing }: Pick<IntakePorts, 'project' | 'bornAt' | 'standing'>,
  issue: Issue,
  options: CallOptions = {},
): Promise<number> {
  const earlier = await countEarlierBranches(project, issue, bornAt, options);
  return countPastTaken(project, issue.key, { earlier, isFirst: true, standing }, options);
}

/** Null: there is none. */
export async function newestJob(store: JobStore, dedupeKey: string, options: CallOptions = {}): Promise<Job | null> {
  for await (const job of store.list({ dedupeKey, limit: 1 }, options)) return job;
  return null;
}

/** A job after an ended one: because a person changed what was asked for, or asked again. */
export async function follow(
  ports: IntakePorts,
  issue: Issue,
  ended: Job,
  options: CallOptions & { readonly fresh?: boolean } = {},
): Promise<Job | null> {
  const { store, project, standing } = ports;
  const earlier = await Array.fromAsync(store.list({ dedupeKey: ended.dedupeKey }, options));
  const pushed = earlier
    .filter(
      (job) => foldedJob(job).data.mayHavePushed || (job.outcome !== null && outcomes[job.outcome].isPullRequests),
    )
    .map((job) => job.branch);
  // A pull request that the ended job left open is gone on with: there is never a second one.
  const leftOpen = options.fresh !== true && (await leftPullRequest(ports, ended, options));
  const counted = { earlier: new Set(pushed).size, isFirst: false, standing };
  const past = leftOpen ? 0 : await countPastTaken(project, issue.key, counted, options);
  const fresh = newJob(ports, issue, past);
  const request = { ...fresh, branch: leftOpen ? ended.branch : fresh.branch, supersedes: ended.id };
  const { job, created } = await store.enqueue(request, options);
  return created ? job : null;
}

/** Also one that was opened, and whose job ended on the odd answer to that. */
async function leftPullRequest({ project }: IntakePorts, ended: Job, options: CallOptions): Promise<boolean> {
  const { data } = foldedJob(ended);
  if (data.pullRequest !== null || !data.mayHavePushed) return data.pullRequest?.state === 'open';
  const found = await project.forge.findPullRequests({ head: ended.branch }, options);
  return found.some(({ state }) => state.unified === 'open');
}

function newJob({ project, runtime }: IntakePorts, issue: Issue, branches: number) {
  const { id, key, title, url, visibility, labels, createdAt } = issue;
  return {
    id: runtime.id('job'),
    dedupeKey: dedupeKey(project, issue),
    requestHash: hashRequest(issue),
    project: project.name,
    issueKey: key,
    issueCreatedAt: createdAt,
    branch: branchFor(project, key, branches),
    priority: issue.priority,
    data: toStored(createJobData({ id, key, title, url, visibility, labels, place: placeOf(project) })),
  };
}

async function wakeJob(store: JobStore, job: Job, options: CallOptions): Promise<void> {
  try {
    await store.signal(job.id, { type: 'wake', data: null }, options);
  } catch (error) {
    // It ended in the meantime: nothing left to wake.
    if (!BatonError.is(error, 'CONFLICT')) throw error;
  }
}
