import type { CallOptions, Change, CheckEvidence, Gate, GateResult, Workspace } from '@baton/core';
import type { StepContext } from '../job/step-context.js';
import { verifyCheckoutOf } from '../workspaces/workspaces.js';
import { checkAnswer } from './gate-answer.js';

/** A tree that is to be judged, and how it differs from the base. */
export interface Subject {
  readonly tree: string;
  readonly changes: readonly Change[];
  readonly diff: string;
}

/** What one gate said. */
export interface Opinion {
  readonly gate: Gate;
  readonly result: GateResult;
}

/** What gates are asked about, and what they found on the base, by their ids. */
export interface Question {
  readonly subject: Subject;
  readonly gates: readonly Gate[];
  readonly baselines: ReadonlyMap<string, readonly CheckEvidence[]>;
}

/** Asks gates about a tree one after another, in a checkout of the role `verify`, up to one that stops. */
export async function askGates(
  context: StepContext,
  workspace: Workspace,
  { subject, gates, baselines }: Question,
): Promise<readonly Opinion[]> {
  const { signal } = context;
  const { brief, base } = context.job().data;
  if (brief === null || base === null) throw new Error('a tree to judge without a brief or a base');
  const { tree } = subject;
  const input = {
    ...subject,
    brief,
    baseCommit: base.commit,
    readText: (path: string, options?: CallOptions) => workspace.textOf(tree, path, options),
    listPaths: (options?: CallOptions) => workspace.pathsOf(tree, options),
    checkout: verifyCheckoutOf(context, workspace, tree),
  };
  const opinions: Opinion[] = [];
  for (const gate of gates) {
    const baseline = baselines.get(gate.id) ?? [];
    const answer = await context.refusals.during('check', () => gate.check({ ...input, baseline }, { signal }));
    const result = checkAnswer(gate, answer);
    opinions.push({ gate, result });
    // What may not be published is not run either: the change policy comes before the checks.
    if (result.verdict === 'stop') break;
  }
  return opinions;
}
