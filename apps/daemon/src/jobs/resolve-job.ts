import type { Job, JobStore } from '@baton/core';
import { escapeLine } from '../text/escape-control.js';
import { CommandError } from '../verb/command-error.js';
import type { Records } from '../wire/open-records.js';
import { matchReference } from './match-reference.js';
import { splitReference } from './split-reference.js';

const listedCandidates = 8;

function ambiguous(reference: string, jobs: readonly Job[]): CommandError {
  const shown = jobs.slice(0, listedCandidates).map((job) => `${job.id} (${escapeLine(job.issueKey)}, ${job.phase})`);
  const rest = jobs.length > listedCandidates ? ', …' : '';
  return new CommandError(`${escapeLine(reference)} could be ${shown.join(', ')}${rest}.`, {
    code: 'AMBIGUOUS',
    exit: 'notFound',
    fix: 'type more of the id',
  });
}

/** The latest job of each issue that is meant, as the store alone tells. */
async function newestByReference(store: JobStore, reference: string, signal: AbortSignal): Promise<readonly Job[]> {
  const isMeant = matchReference(reference);
  const newest = new Map<string, Job>();
  for await (const job of store.list({}, { signal })) {
    if (!newest.has(job.dedupeKey) && isMeant(job)) newest.set(job.dedupeKey, job);
  }
  return [...newest.values()];
}

async function newestByIssue(session: Records, issueKey: string, project: string | null, signal: AbortSignal) {
  const store = await session.store();
  const query = { issueKey, ...(project === null ? {} : { project }) };
  const byIssue = new Map<string, Job>();
  // Newest first: the first of an issue is its latest, whatever its project was called then.
  for await (const job of store.list(query, { signal }))
    if (!byIssue.has(job.dedupeKey)) byIssue.set(job.dedupeKey, job);
  return [...byIssue.values()];
}

/**
 * The job by its id, a unique prefix, or an issue reference (its latest job): by what the
 * store remembers, and where that knows none, by what the sources do. Null where there is none.
 */
export async function findJob(session: Records, reference: string, signal: AbortSignal): Promise<Job | null> {
  const store = await session.store();
  const exact = await store.get(reference, { signal });
  if (exact !== null) return exact;
  if (/^[a-z][a-z0-9]*$/.test(reference)) {
    const byPrefix = await Array.fromAsync(
      store.list({ idPrefix: reference, limit: listedCandidates + 1 }, { signal }),
    );
    const [first] = byPrefix;
    if (byPrefix.length > 1) throw ambiguous(reference, byPrefix);
    if (first !== undefined) return first;
  }
  let jobs: readonly Job[] = await newestByIssue(session, reference, null, signal);
  if (jobs.length === 0) jobs = await newestByReference(store, reference, signal);
  if (jobs.length === 0) {
    const { reference: issueReference, options } = splitReference(reference, session.config, undefined);
    for (const project of await session.projects()) {
      if (options.project !== undefined && options.project !== project.name) continue;
      const issue = await project.source.find(issueReference, { signal });
      if (issue !== null) jobs = [...jobs, ...(await newestByIssue(session, issue.key, project.name, signal))];
    }
  }
  if (jobs.length > 1) throw ambiguous(reference, jobs);
  return jobs[0] ?? null;
}

/** As `findJob`; exit 3 where there is none. */
export async function resolveJob(session: Records, reference: string | undefined, signal: AbortSignal): Promise<Job> {
  const job = reference === undefined ? null : await findJob(session, reference, signal);
  if (job !== null) return job;
  throw new CommandError(`No job is called ${escapeLine(reference ?? '')}, and no issue of that name has one.`, {
    code: 'NOT_FOUND',
    exit: 'notFound',
    fix: 'run baton list to see the jobs, or baton explain <issue> to see why an issue has none',
  });
}
