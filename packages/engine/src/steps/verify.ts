import type { CallOptions, Change, CheckEvidence, Gate, GateResult, JobOutcome } from '@baton/core';
import { baselineOf } from '../baseline-of.js';
import { mapCheckFigures } from '../check-figures.js';
import type { EntryOf, JobEntry } from '../entry.js';
import type { FoldedJob } from '../job-data.js';
import { limitsOf } from '../limits-of.js';
import { narrowedProject } from '../narrowed-project.js';
import { askBeforePush, whyNotPushed } from '../not-published.js';
import { reduce } from '../reduce.js';
import type { Step, StepContext } from '../step.js';
import { openWorkspace, verifyCheckoutOf } from '../workspaces.js';

type Verified = EntryOf<'verified'>['data'];

/**
 * What the agent left is taken as a tree, loaded into a worktree that it never wrote to, and judged there.
 * Exactly this tree is committed later.
 */
export const verify: Step = {
  name: 'verify',
  find: async () => null,
  async act(context) {
    const { runtime, signal } = context;
    const startedAt = runtime.clock.monotonic();
    const narrowed = await narrowedProject(context, 'verifying');
    if (narrowed.kind === 'ask') return [narrowed.entry];
    const { gates } = narrowed.project;
    const workspace = await openWorkspace(context, 'work');
    const { tree, changes } = await workspace.snapshot({ signal });
    const job = context.job();
    const judged =
      tree === job.data.base?.tree || tree === job.data.publishedTree
        ? { verdict: 'no-changes' as const, reason: 'The agent changed nothing.', outcome: null, checks: [] }
        : await judgeTree(context, gates, { tree, changes, diff: await workspace.diff(tree, { signal }) });
    const verified: Verified = {
      ...judged,
      tree,
      checks: judged.checks.map(mapCheckFigures),
      changes: sumChanges(changes),
      durationMs: runtime.clock.monotonic() - startedAt,
    };
    return [{ type: 'verified', data: verified }, ...afterVerdict(context, verified)];
  },
};

interface Judgement {
  readonly verdict: Verified['verdict'];
  readonly reason: string;
  readonly outcome: JobOutcome | null;
  readonly checks: readonly CheckEvidence[];
}

async function judgeTree(
  context: StepContext,
  gates: readonly Gate[],
  subject: { readonly tree: string; readonly changes: readonly Change[]; readonly diff: string },
): Promise<Judgement> {
  const { signal } = context;
  const { brief, base } = context.job().data;
  if (brief === null || base === null) throw new Error('a tree to judge without a brief or a base');
  const baselines = new Map<string, readonly CheckEvidence[]>();
  for (const gate of gates) baselines.set(gate.id, await baselineOf(context, gate));
  const workspace = await openWorkspace(context, 'verify');
  const { tree } = subject;
  const input = {
    ...subject,
    brief,
    baseCommit: base.commit,
    readText: (path: string, options?: CallOptions) => workspace.textOf(tree, path, options),
    checkout: verifyCheckoutOf(context, workspace, tree),
  };
  const results: GateResult[] = [];
  for (const gate of gates) {
    const asked = { ...input, baseline: baselines.get(gate.id) ?? [] };
    const result = await context.refusals.during('check', () => gate.check(asked, { signal }));
    results.push(result);
    // What may not be published is not run either: the change policy comes before the checks.
    if (result.verdict === 'stop') break;
  }
  return combine(results);
}

/** The gravest verdict of all gates counts; every red gate's feedback reaches the agent. A gate that didn't run needs a person. */
function combine(results: readonly GateResult[]): Judgement {
  const checks = results.flatMap((result) => result.checks);
  const stop = results.find((result) => result.verdict === 'stop');
  if (stop) return { verdict: 'stop', reason: stop.reason, outcome: stop.outcome, checks };
  const feedback = results.flatMap((result) => (result.verdict === 'rework' ? [result.feedback] : []));
  if (feedback.length > 0) return { verdict: 'rework', reason: feedback.join('\n\n'), outcome: null, checks };
  const reasons = results.flatMap((result) =>
    result.verdict === 'hold' || result.verdict === 'not-run' ? [result.reason] : [],
  );
  if (reasons.length > 0) return { verdict: 'hold', reason: reasons.join(' '), outcome: null, checks };
  return { verdict: 'pass', reason: '', outcome: null, checks };
}

function sumChanges(changes: readonly Change[]): Verified['changes'] {
  const sum = (count: (change: Change) => number): number => changes.reduce((total, each) => total + count(each), 0);
  return { files: changes.length, added: sum((each) => each.added), deleted: sum((each) => each.deleted) };
}

/** What a verdict means for the job, where it is more than the next phase. */
function afterVerdict(context: StepContext, verified: Verified): readonly JobEntry[] {
  const before = context.job();
  const after = reduce(before, { type: 'verified', data: verified }, context.runtime.clock.now());
  const limits = limitsOf(before);
  const end = (outcome: JobOutcome, reason: string): readonly JobEntry[] => [
    { type: 'ending', data: { outcome, reason } },
  ];
  switch (verified.verdict) {
    case 'no-changes':
      return end('no-changes', verified.reason);
    case 'stop':
      return end(verified.outcome ?? 'refused', verified.reason);
    case 'rework':
      if (before.data.redTrees.includes(verified.tree)) {
        return end('checks-failed', 'The agent left the same tree as before, with the same checks red: no progress.');
      }
      if (after.round >= limits.rounds) {
        return end('checks-failed', `The checks are still red after ${after.round} of ${limits.rounds} rounds.`);
      }
      return [];
    case 'hold':
    case 'pass':
      return after.phase === 'working' ? [] : askIfNeeded(context, after, verified);
  }
}

/** One question for all that needs a person: what the gates hold it for, and what a push would start. */
function askIfNeeded(context: StepContext, after: FoldedJob, { verdict, reason }: Verified): readonly JobEntry[] {
  const held = verdict === 'hold' && after.phase !== 'publishing' ? reason : null;
  const unpushed = whyNotPushed(context, after);
  if (held === null && unpushed === null) return [];
  return [askBeforePush([held ?? 'The checks are green.', unpushed].filter((part) => part !== null).join(' '))];
}
