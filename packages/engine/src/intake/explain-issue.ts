import { BatonError, type CallOptions, type Instant, type Issue } from '@baton/core';
import { branchFor } from '../branches/branch-name.js';
import { whyEndedBefore } from '../branches/earlier-life.js';
import { afterFailure } from '../decide/after-failure.js';
import { type Facts, judge, type Verdict } from '../eligibility/eligibility.js';
import { readFacts } from '../eligibility/read-facts.js';
import { createJobData, type FoldedJob, foldedJob } from '../job/job-data.js';
import type { Explanation } from './explain.js';
import { countFirstBranches, dedupeKey, type IntakePorts, newestJob } from './intake.js';

/** What dispatch would decide about an issue now, and why. Reads only. */
export async function explainIssue(ports: IntakePorts, issue: Issue, options: CallOptions = {}): Promise<Explanation> {
  const { project, store } = ports;
  const job = await newestJob(store, dedupeKey(project, issue), options);
  const { data } = job === null ? { data: createJobData(issue) } : foldedJob(job);
  let branch = job?.branch ?? branchFor(project, issue.key, 0);
  try {
    if (job === null) branch = branchFor(project, issue.key, await countFirstBranches(ports, issue, options));
    const subject = {
      job: job && { id: job.id, isBegun: data.brief !== null },
      issueId: issue.id,
      branch,
      approvedText: data.approvedText,
    };
    const facts = await readFacts(ports, subject, options);
    const judged = judge(facts, project);
    const ended = job === null && judged.kind !== 'end' ? judgeEarlierEnd(ports, facts) : null;
    const verdict = ended === null ? judged : { ...ended, checks: [...judged.checks, ...ended.checks] };
    return { project: project.name, issue, job, branch, verdict };
  } catch (error) {
    // What Baton itself remembers decides about every issue.
    if (options.signal?.aborted || BatonError.is(error, 'STORE_UNREADABLE')) throw error;
    const verdict = judgeFailure({ data }, error, ports.runtime.clock.now());
    return { project: project.name, issue, job, branch, verdict };
  }
}

/** How the first job of this store ends on what Baton came to in another one. Null where it isn't kept from work by that. */
function judgeEarlierEnd({ project, labelPrefix }: IntakePorts, { issue, pullRequests }: Facts): Verdict | null {
  if (issue === null || pullRequests.some(({ state }) => state.unified === 'open')) return null;
  const reason = whyEndedBefore(project, labelPrefix, issue);
  if (reason === null) return null;
  const check = { check: 'earlier-end', ok: false, detail: reason, wouldRunIf: 'a person asks: baton retry' };
  return { kind: 'end', outcome: 'refused', reason, checks: [check] };
}

/** What a look-up that fails would come to at dispatch. */
function judgeFailure(job: Pick<FoldedJob, 'data'>, error: unknown, now: Instant): Verdict {
  const wouldRunIf = (BatonError.is(error) ? error.fix : undefined) ?? 'the look-up comes to an answer';
  const check = (detail: string): Verdict['checks'] => [{ check: 'look-up', ok: false, detail, wouldRunIf }];
  for (const { type, data } of afterFailure(job, 'claim', error, { now, random: 0, durationMs: 0 })) {
    if (type === 'ending') {
      const { outcome, reason } = data;
      return { kind: 'end', outcome, reason, checks: check(reason) };
    }
    if (type === 'waiting') {
      const until = BatonError.is(error, 'RATE_LIMITED') ? data.until : null;
      return { kind: 'wait', wait: data.wait, until, reason: data.reason, checks: check(data.reason) };
    }
  }
  throw error;
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
