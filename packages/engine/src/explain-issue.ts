import type { CallOptions, Issue } from '@baton/core';
import { branchFor } from './branch-name.js';
import { judge } from './eligibility.js';
import type { Explanation } from './explain.js';
import { dedupeKey, newestJob } from './intake.js';
import { foldedJob } from './job-data.js';
import { type FactSources, readFacts } from './read-facts.js';

/** What dispatch would decide about an issue now, and why. Reads only. */
export async function explainIssue(
  sources: FactSources,
  issue: Issue,
  options: CallOptions = {},
): Promise<Explanation> {
  const { project, store } = sources;
  const job = await newestJob(store, dedupeKey(project, issue), options);
  const subject = {
    job: job && { id: job.id, isBegun: foldedJob(job).data.brief !== null },
    issueId: issue.id,
    branch: job?.branch ?? branchFor(project, issue.key, 0),
    approvedText: job && foldedJob(job).data.approvedText,
  };
  const verdict = judge(await readFacts({ ...sources, store }, subject, options), project);
  return { project: project.name, issue, job, verdict };
}

/** Every issue of a project that matches now, explained. Reads only. */
export async function explainProject(sources: FactSources, options: CallOptions = {}): Promise<readonly Explanation[]> {
  const { source, query } = sources.project;
  const explained: Explanation[] = [];
  for (let cursor: string | null = null, more = true; more; ) {
    const page = await source.poll(query, cursor, options);
    more = page.kind === 'changed' && page.more;
    cursor = page.cursor;
    if (page.kind === 'changed') {
      for (const issue of page.issues) explained.push(await explainIssue(sources, issue, options));
    }
  }
  return explained;
}
