import type { Job } from '@baton/core';
import { isHeldForPolicy } from '../decide/held-for-policy.js';
import { whatIsWanted } from '../decide/persons-word.js';
import { toldReason } from '../decide/told-reason.js';
import { knownCost } from '../job/agent-usage.js';
import { never } from '../job/backoff.js';
import { whatIsAsked } from '../job/fold/apply-signal.js';
import { type FoldedJob, foldedJob } from '../job/job-data.js';
import { asksPerson } from '../job/wait-reasons.js';
import type { JobView } from './job-view.js';

/** A job as people and programs are told of it. Pure: reads the stored state only. */
export function viewJob(job: Job): JobView {
  const folded = foldedJob(job);
  const { data } = folded;
  const { id, project, phase, outcome, wait, attempt, round, branch, createdAt, updatedAt, wakeAt } = job;
  const { inputTokens, outputTokens, microUsd, basis } = data.usage;
  return {
    id,
    project,
    issue: { key: data.issue.key, title: data.issue.title, url: data.issue.url, labels: data.issue.labels ?? [] },
    phase,
    outcome,
    wait,
    reason: toldReason(folded),
    attempt,
    round,
    agent: data.agent?.id ?? null,
    model: data.agent?.model ?? null,
    branch,
    base: data.base && { branch: data.base.branch, commit: data.base.commit },
    policy: data.policy && { path: data.policy.path, hash: data.policy.hash, summary: data.policy.summary },
    heldForPolicy: isHeldForPolicy(folded),
    wants: whatIsWanted(folded),
    head: data.commit ?? data.pushed?.commit ?? null,
    askedTree: asksPerson(job) && data.resume === 'publishing' ? (data.judged?.tree ?? null) : null,
    judged: data.judged && { tree: data.judged.tree, pushed: data.judged.tree === data.publishedTree },
    checks: data.judged?.checks ?? data.baseChecks,
    notes: data.judged?.notes ?? [],
    proof: data.judged?.proof ?? null,
    changes: data.judged?.changes ?? null,
    usage: { inputTokens, outputTokens },
    cost: { microUsd: knownCost({ microUsd, basis }), basis },
    pullRequest: data.pullRequest && {
      number: data.pullRequest.number,
      url: data.pullRequest.url,
      draft: data.pullRequest.draft,
      state: data.pullRequest.state,
    },
    sandbox: data.sandbox,
    asked: viewAsked(folded),
    editedText: viewEditedText(folded),
    refusals: data.refusals,
    summary: data.summary,
    rescued: data.rescued,
    createdAt,
    updatedAt,
    wakeAt,
    waitUntil: wait === null || data.waitUntil === never ? null : data.waitUntil,
  };
}

function viewAsked(job: FoldedJob): JobView['asked'] {
  const seen = whatIsAsked(job);
  return seen === null ? null : { kind: job.data.askedText === null ? 'change' : 'text', seen };
}

function viewEditedText({ data: { askedText, approvedText, brief } }: FoldedJob): JobView['editedText'] {
  if (askedText !== null) {
    const { hash, title, body, comments } = askedText;
    return { state: 'asked', hash, title, body, comments };
  }
  if (approvedText === null || brief === null) return null;
  const { title, body, comments } = brief;
  return { state: 'approved', hash: approvedText, title, body, comments };
}
