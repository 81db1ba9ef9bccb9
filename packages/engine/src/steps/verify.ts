import { type Change, plural } from '@baton/core';
import { askBeforePush, whyNotPushed } from '../decide/await-approval.js';
import { type CheckFigures, mapCheckFigures } from '../job/check-figures.js';
import { endJob } from '../job/entries.js';
import type { EntryOf, JobEntry } from '../job/entry.js';
import { reduce } from '../job/fold/reduce.js';
import type { FoldedJob } from '../job/job-data.js';
import { limitsOf } from '../job/limits-of.js';
import type { Step, StepContext } from '../job/step-context.js';
import { narrowedProject } from '../policy/narrowed-project.js';
import { describeNew, isRed, listTests, sentenceOfNames, verdictOf } from '../render/describe-check.js';
import { oneLine } from '../text/untrusted-text.js';
import { judgeTree } from '../verify/judge-tree.js';
import { openWorkspace } from '../workspaces/workspaces.js';

type Verified = EntryOf<'verified'>['data'];

/**
 * What the agent left is taken as a tree, loaded into a worktree that it never wrote to, and judged there.
 * Exactly this tree is committed later.
 */
export const verify: Step = {
  name: 'verify',
  async act(context) {
    const { signal } = context;
    const narrowed = await narrowedProject(context, 'verifying');
    if (narrowed.kind === 'ask') return [narrowed.entry];
    const { gates } = narrowed.project;
    const workspace = await openWorkspace(context, 'work');
    const { tree, changes } = await workspace.snapshot({ signal });
    const job = context.job();
    const judged =
      tree === job.data.base?.tree || tree === job.data.publishedTree
        ? {
            verdict: 'no-changes' as const,
            reason: 'The agent changed nothing.',
            outcome: null,
            checks: [],
            notes: [],
            proof: null,
          }
        : await judgeTree(context, gates, { tree, changes, diff: await workspace.diff(tree, { signal }) });
    const verified: Verified = {
      ...judged,
      tree,
      checks: judged.checks.map(mapCheckFigures),
      changes: sumChanges(changes),
      durationMs: context.elapsedMs(),
    };
    return [{ type: 'verified', data: verified }, ...afterVerdict(context, verified)];
  },
};

function sumChanges(changes: readonly Change[]): Verified['changes'] {
  const sum = (count: (change: Change) => number): number => changes.reduce((total, each) => total + count(each), 0);
  return { files: changes.length, added: sum((each) => each.added), deleted: sum((each) => each.deleted) };
}

/** What a verdict means for the job, where it is more than the next phase. */
function afterVerdict(context: StepContext, verified: Verified): readonly JobEntry[] {
  const before = context.job();
  const after = reduce(before, { type: 'verified', data: verified }, context.runtime.clock.now());
  const limits = limitsOf(before);
  switch (verified.verdict) {
    case 'no-changes':
      return [endJob('no-changes', verified.reason)];
    case 'stop':
      return [endJob(verified.outcome ?? 'refused', verified.reason)];
    case 'rework':
      if (before.data.redTrees.includes(verified.tree)) {
        const reason = 'The agent left the same tree as before, with the same checks red: no progress.';
        return [endJob('checks-failed', reason)];
      }
      if (after.round >= limits.rounds) {
        return [endJob('checks-failed', whyStillRed(verified, after.round, limits.rounds))];
      }
      return [];
    case 'hold':
    case 'pass':
      return after.phase === 'working' ? [] : askIfNeeded(context, after, verified);
  }
}

const longestWish = 400;

/** By name where checks are what is red; a gate without any, such as the change policy, has its own words. */
function whyStillRed({ checks, reason }: Verified, round: number, rounds: number): string {
  const red = checks.filter((check) => verdictOf(check) === 'rework');
  const after = `after ${round} of ${rounds} rounds`;
  if (red.length === 0) return `The change is still not as it should be ${after}: ${oneLine(reason, longestWish)}`;
  const names = red.map(({ name }) => name);
  const told = red.map(tellRed).filter((each) => each !== '');
  const which = `${plural(red.length, 'check')} of ${checks.length}: ${listTests(names, red.length, (name) => name)}`;
  return [`Still red ${after}: ${which}.`, ...told].join(' ');
}

/** Its newly red tests, or its notes where no exit code tells it from the base. Empty where its name says it. */
function tellRed(check: CheckFigures): string {
  const newly = describeNew(check, (name) => name, sentenceOfNames);
  if (newly !== '') return `${newly}.`;
  const byExitCode = isRed(check.head) && !isRed(check.base);
  return byExitCode || check.notes.length === 0 ? '' : oneLine(`${check.name}: ${check.notes.join(' ')}`, longestWish);
}

/** One question for all that needs a person: what the gates hold it for, and what a push would start. */
function askIfNeeded(context: StepContext, after: FoldedJob, { verdict, reason }: Verified): readonly JobEntry[] {
  const held = verdict === 'hold' && after.phase !== 'publishing' ? reason : null;
  const unpushed = whyNotPushed(context, after);
  if (held === null && unpushed === null) return [];
  return [askBeforePush([held ?? 'The checks are green.', unpushed].filter((part) => part !== null).join(' '))];
}
