import type { CheckEvidence, Gate, GateResult, JobOutcome } from '@baton/core';
import type { Judged } from '../job/job-data.js';
import type { ProofFigures } from '../job/proof-figures.js';
import type { StepContext } from '../job/step-context.js';
import { describeUnshown } from '../render/describe-proof.js';
import { codeSpan, oneLine } from '../text/untrusted-text.js';
import { openWorkspace } from '../workspaces/workspaces.js';
import { askGates, type Subject } from './ask-gates.js';
import { baselineOf } from './baseline-of.js';
import { proveChange } from './prove-change.js';
import { judgeWithBaseVersions } from './with-base-versions.js';

/** What all gates together say of a tree. */
export interface Judgement {
  readonly verdict: Judged['verdict'];
  readonly reason: string;
  readonly outcome: JobOutcome | null;
  readonly checks: readonly CheckEvidence[];
  readonly notes: readonly string[];
  /** What its tests show. Null: nobody measured it. */
  readonly proof: ProofFigures | null;
}

/** Has gates judge a tree, in a checkout that no agent wrote to. */
export async function judgeTree(context: StepContext, gates: readonly Gate[], subject: Subject): Promise<Judgement> {
  const baselines = new Map<string, readonly CheckEvidence[]>();
  for (const gate of gates) baselines.set(gate.id, await baselineOf(context, gate));
  const workspace = await openWorkspace(context, 'verify');
  const opinions = await askGates(context, workspace, { subject, gates, baselines });
  const results = opinions.map(({ result }) => result);
  const first = combine(results);
  if (first.verdict === 'rework' || first.verdict === 'stop') return { ...first, proof: null };
  const rule = proofRuleOf(context);
  const proof = rule === 'off' ? null : await proveChange(context, workspace, { subject, opinions });
  const unproven = rule === 'required' ? whyUnproven(proof) : null;
  const again = await judgeWithBaseVersions(context, workspace, { subject, opinions, baselines });
  return { ...combine([...results, ...again, ...(unproven === null ? [] : [unproven])]), proof };
}

/** What a change to the issue has to show. */
function proofRuleOf(context: StepContext): 'report' | 'required' | 'off' {
  const { proof = 'report' } = context.project;
  if (typeof proof === 'string') return proof;
  const labels = (context.job().data.issue.labels ?? []).map((label) => label.toLowerCase());
  return proof.requiredFor.some((label) => labels.includes(label.toLowerCase())) ? 'required' : 'report';
}

function whyUnproven(proof: ProofFigures | null): GateResult | null {
  if (proof !== null && proof.verdict !== 'not-shown') return null;
  const why = proof === null ? ['No check here can tell.'] : describeUnshown(proof, (name) => `\`${codeSpan(name)}\``);
  const reason = `Nothing shows that the change does what it is for, which this project requires. ${why.join(' ')}`;
  return { verdict: 'hold', reason, checks: [] };
}

const mostNotes = 50;
const longestNote = 1_000;

/** The gravest verdict of all gates counts; every red gate's feedback reaches the agent. A gate that didn't run needs a person. */
function combine(results: readonly GateResult[]): Omit<Judgement, 'proof'> {
  const checks = results.flatMap((result) => result.checks);
  const notes = results.flatMap((result) => (result.notes ?? []).map((note) => oneLine(note, longestNote)));
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
