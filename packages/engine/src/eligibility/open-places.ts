import { type CallOptions, type JobPhase, type JobStore, openPhases } from '@baton/core';
import { foldedJob } from '../job/job-data.js';
import { phases } from '../job/phases.js';
import type { Project } from '../project/project.js';
import { type FactUpdate, updateFact } from '../store/fact.js';
import { facts } from '../store/facts.js';

const underWay: readonly JobPhase[] = openPhases.filter((phase) => phases[phase].takesPlace);

/** Ids of a project's jobs that have a pull request open or are on the way to one. */
export async function listTaken(
  store: JobStore,
  project: string,
  options: CallOptions = {},
): Promise<readonly string[]> {
  const taken: string[] = [];
  for await (const job of store.list({ project, phases: underWay }, options)) {
    const { limits, pullRequest } = foldedJob(job).data;
    if (limits !== null || pullRequest !== null) taken.push(job.id);
  }
  return taken;
}

/**
 * Takes one of a project's places for open pull requests, in the same step as the look whether there is one: jobs
 * that begin at once, in this daemon or in another, never take more than there are. False where all are taken.
 */
export async function takePlace(
  store: JobStore,
  { name, budget }: Pick<Project, 'name' | 'budget'>,
  job: string,
  options: CallOptions = {},
): Promise<boolean> {
  const { openPullRequests: most } = budget;
  if (most === null) return true;
  const decide = async (ids: readonly string[] | null): Promise<FactUpdate<readonly string[], boolean>> => {
    const beginning = await listBeginning(store, ids ?? [], options);
    const taken = new Set([...(await listTaken(store, name, options)), ...beginning]);
    taken.delete(job);
    if (taken.size >= most) return { answer: false };
    return { answer: true, write: [...beginning.filter((each) => each !== job), job] };
  };
  return updateFact(store, facts.places(name), decide, options);
}

/** Of jobs that took a place, those that are still about to be begun: the others count by what they are, or have let it go. */
async function listBeginning(
  store: JobStore,
  ids: readonly string[],
  options: CallOptions,
): Promise<readonly string[]> {
  const jobs = await Promise.all(ids.map((id) => store.get(id, options)));
  return jobs.flatMap((job) => (job !== null && phases[job.phase].step === 'claim' ? [job.id] : []));
}
