import { type JobView, verdictOf } from '@baton/engine';

/** What `--json` prints of a job: `baton.job/v1`. Unknown numbers are null. */
export type JobJson = Readonly<Record<string, unknown>> & { readonly id: string };

type Check = JobView['checks'][number];

const mapRun = (run: Check['head']): unknown =>
  run === null
    ? null
    : { exitCode: run.exitCode, durationMs: run.durationMs, timedOut: run.timedOut, tests: run.tests };

const instant = (at: number): string => new Date(at).toISOString();

const mapComment = ({ author, body, at }: NonNullable<JobView['editedText']>['comments'][number]): unknown => ({
  author: author?.login ?? null,
  body,
  at: instant(at),
});

/** A job as programs are told of it. Instants are ISO 8601, money is US dollars. */
export function mapJobJson(view: JobView): JobJson {
  return {
    id: view.id,
    project: view.project,
    issue: view.issue,
    phase: view.phase,
    outcome: view.outcome,
    wait: view.wait,
    reason: view.reason,
    attempt: view.attempt,
    round: view.round,
    agent: view.agent,
    model: view.model,
    branch: view.branch,
    base: view.base,
    head: view.head,
    askedTree: view.askedTree,
    policy: view.policy,
    heldForPolicy: view.heldForPolicy,
    wants: view.wants,
    judged: view.judged,
    checks: view.checks.map((check) => ({
      name: check.name,
      verdict: verdictOf(check),
      newFailures: check.newFailures ?? null,
      basis: check.basis,
      base: mapRun(check.base),
      head: mapRun(check.head),
      knownFailures: check.knownFailures,
      notes: check.notes,
    })),
    notes: view.notes,
    proof: view.proof,
    changes: view.changes,
    usage: view.usage,
    cost: { usd: view.cost.microUsd === null ? null : view.cost.microUsd / 1_000_000, basis: view.cost.basis },
    pullRequest: view.pullRequest,
    sandbox: view.sandbox,
    asked: view.asked,
    editedText: view.editedText && { ...view.editedText, comments: view.editedText.comments.map(mapComment) },
    refusals: view.refusals,
    summary: view.summary,
    rescued: view.rescued,
    createdAt: instant(view.createdAt),
    updatedAt: instant(view.updatedAt),
    wakeAt: instant(view.wakeAt),
    waitUntil: view.waitUntil === null ? null : instant(view.waitUntil),
  };
}
