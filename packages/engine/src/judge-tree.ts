import type { CallOptions, Change, CheckEvidence, Gate, GateResult, JobOutcome, Workspace } from '@baton/core';
import { baselineOf } from './baseline-of.js';
import type { Judged } from './job-data.js';
import type { StepContext } from './step.js';
import { clip } from './untrusted-text.js';
import { openWorkspace, verifyCheckoutOf } from './workspaces.js';

/** A tree that is to be judged, and how it differs from the base. */
export interface Subject {
  readonly tree: string;
  readonly changes: readonly Change[];
  readonly diff: string;
}

/** What all gates together say of a tree. */
export interface Judgement {
  readonly verdict: Judged['verdict'];
  readonly reason: string;
  readonly outcome: JobOutcome | null;
  readonly checks: readonly CheckEvidence[];
  readonly notes: readonly string[];
}

/** What one gate said. */
interface Opinion {
  readonly gate: Gate;
  readonly result: GateResult;
}

/** Has gates judge a tree, in a checkout that no agent wrote to. */
export async function judgeTree(context: StepContext, gates: readonly Gate[], subject: Subject): Promise<Judgement> {
  const baselines = new Map<string, readonly CheckEvidence[]>();
  for (const gate of gates) baselines.set(gate.id, await baselineOf(context, gate));
  const workspace = await openWorkspace(context, 'verify');
  const opinions = await askGates(context, workspace, { subject, gates, baselines });
  return combine(opinions.map(({ result }) => result));
}

async function askGates(
  context: StepContext,
  workspace: Workspace,
  asked: {
    readonly subject: Subject;
    readonly gates: readonly Gate[];
    readonly baselines: ReadonlyMap<string, readonly CheckEvidence[]>;
  },
): Promise<readonly Opinion[]> {
  const { subject, gates, baselines } = asked;
  const { signal } = context;
  const { brief, base } = context.job().data;
  if (brief === null || base === null) throw new Error('a tree to judge without a brief or a base');
  const { tree } = subject;
  const input = {
    ...subject,
    brief,
    baseCommit: base.commit,
    readText: (path: string, options?: CallOptions) => workspace.textOf(tree, path, options),
    checkout: verifyCheckoutOf(context, workspace, tree),
  };
  const opinions: Opinion[] = [];
  for (const gate of gates) {
    const baseline = baselines.get(gate.id) ?? [];
    const result = await context.refusals.during('check', () => gate.check({ ...input, baseline }, { signal }));
    opinions.push({ gate, result });
    // What may not be published is not run either: the change policy comes before the checks.
    if (result.verdict === 'stop') break;
  }
  return opinions;
}

const mostNotes = 50;
const longestNote = 1_000;

/** The gravest verdict of all gates counts; every red gate's feedback reaches the agent. A gate that didn't run needs a person. */
function combine(results: readonly GateResult[]): Judgement {
  const checks = results.flatMap((result) => result.checks);
  const notes = results.flatMap((result) => (result.notes ?? []).map((note) => clip(note, longestNote).text));
  const told = { checks, notes: notes.slice(0, mostNotes) };
  const stop = results.find((result) => result.verdict === 'stop');
  if (stop) return { verdict: 'stop', reason: stop.reason, outcome: stop.outcome, ...told };
  const feedback = results.flatMap((result) => (result.verdict === 'rework' ? [result.feedback] : []));
  if (feedback.length > 0) return { verdict: 'rework', reason: feedback.join('\n\n'), outcome: null, ...told };
  const reasons = results.flatMap((result) =>
    result.verdict === 'hold' || result.verdict === 'not-run' ? [result.reason] : [],
  );
  if (reasons.length > 0) return { verdict: 'hold', reason: reasons.join(' '), outcome: null, ...told };
  return { verdict: 'pass', reason: '', outcome: null, ...told };
}
