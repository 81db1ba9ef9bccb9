import type { CallOptions, Issue } from '@baton/core';
import { branchFor } from '../branches/branch-name.js';
import { judge } from '../eligibility/eligibility.js';
import { readFacts } from '../eligibility/read-facts.js';
import { foldedJob } from '../job/job-data.js';
import type { Explanation } from './explain.js';
import { countFirstBranches, dedupeKey, type IntakePorts, newestJob } from './intake.js';

/** What dispatch would decide about an issue now, and why. Reads only. */
export async function explainIssue(ports: IntakePorts, issue: Issue, options: CallOptions = {}): Promise<Explanation> {
  const { project, store } = ports;
  const job = await newestJob(store, dedupeKey(project, issue), options);
  const branch = job?.branch ?? branchFor(project, issue.key, await countFirstBranches(ports, issue, options));
  const subject = {
    job: job && { id: job.id, isBegun: foldedJob(job).data.brief !== null },
    issueId: issue.id,
    branch,
    approvedText: job && foldedJob(job).data.approvedText,
  };
  const verdict = judge(await readFacts(ports, subject, options), project);
  return { project: project.name, issue, job, branch, verdict };
}

/** Every issue of a project that matches now, explained. Reads only. */
export async function explainProject(ports: IntakePorts, options: CallOptions = {}): Promise<readonly Explanation[]> {
  const { source, query } = ports.project;
  const explained: Explanation[] = [];
  for (let cursor: string | null = null, more = true; more; ) {
    const page = await source.poll(query, cursor, options);
    more = page.kind === 'changed' && page.more;
    cursor = page.cursor;
    if (page.kind === 'changed') {
      for (const issue of page.issues) explained.push(await explainIssue(ports, issue, options));
    }
  }
  return explained;
}
