import type { Job } from '@baton/core';
import { foldedJob } from './job-data.js';
import type { JobView } from './job-view.js';

/** A job as people and programs are told of it. Pure: reads the stored state only. */
export function viewJob(job: Job): JobView {
  const { data } = foldedJob(job);
  const { id, project, phase, outcome, wait, attempt, round, branch, createdAt, updatedAt, wakeAt } = job;
  const { inputTokens, outputTokens, microUsd, basis } = data.usage;
  return {
    id,
    project,
    issue: { key: data.issue.key, title: data.issue.title, url: data.issue.url, labels: data.issue.labels ?? [] },
    phase,
    outcome,
    wait,
    reason: data.reason,
    attempt,
    round,
    agent: data.agent?.id ?? null,
    model: data.agent?.model ?? null,
    branch,
    base: data.base && { branch: data.base.branch, commit: data.base.commit },
    head: data.commit,
    checks: data.judged?.checks ?? data.baseChecks,
    changes: data.judged?.changes ?? null,
    usage: { inputTokens, outputTokens },
    cost: { microUsd, basis },
    pullRequest: data.pullRequest && {
      number: data.pullRequest.number,
      url: data.pullRequest.url,
      draft: data.pullRequest.draft,
      state: data.pullRequest.state,
    },
    sandbox: data.sandbox,
    summary: data.summary,
    rescued: data.rescued,
    createdAt,
    updatedAt,
    wakeAt,
  };
}
