import type { Change, CheckProof, Workspace } from '@baton/core';
import { mapProofFigures, type ProofFigures, proveNothing } from '../job/proof-figures.js';
import type { StepContext } from '../job/step-context.js';
import { verifyCheckoutOf } from '../workspaces/workspaces.js';
import { checkProofs } from './gate-answer.js';
import type { Asked } from './with-base-versions.js';

/**
 * Whether the tests of a change show what it is for: they are laid over the base, and what fails there and passes on the
 * result shows it. Null: no gate of the project can tell.
 */
export async function proveChange(
  context: StepContext,
  workspace: Workspace,
  { subject, opinions }: Pick<Asked, 'subject' | 'opinions'>,
): Promise<ProofFigures | null> {
  const { base } = context.job().data;
  const able = opinions.filter(({ gate, result }) => gate.prove !== undefined && result.checks.length > 0);
  if (base === null || able.length === 0) return null;
  // What a change takes away stays: the old code may read it, and no test of the change fails for that.
  const gone = goneWith(subject.changes);
  const tests = pathsOf(opinions.map(({ result }) => result.tests)).filter((path) => !gone.has(path));
  if (tests.length === 0) return proveNothing('The change brings no test.');
  const { signal } = context;
  const compose = (tree: string, from: string, paths: readonly string[]): Promise<string> =>
    workspace.compose({ tree, from, paths }, { signal });
  const tree = await compose(base.tree, subject.tree, tests);
  if (tree === base.tree) return proveNothing('The change brings no test.');
  if (tree === subject.tree) return proveNothing('The change is made of tests alone.');
  const recordings = pathsOf(opinions.map(({ result }) => result.recordings));
  const bare = recordings.length === 0 ? null : await compose(subject.tree, base.tree, recordings);
  const input = {
    checkout: verifyCheckoutOf(context, workspace, tree),
    unrecorded: bare === null ? null : verifyCheckoutOf(context, workspace, bare),
    result: verifyCheckoutOf(context, workspace, subject.tree),
  };
  const proofs: CheckProof[] = [];
  for (const { gate, result } of able) {
    const { checks } = result;
    const prove = async (): Promise<readonly CheckProof[]> =>
      (await gate.prove?.({ ...input, checks }, { signal })) ?? [];
    proofs.push(...checkProofs(gate, await context.refusals.during('check', prove)));
  }
  return mapProofFigures(proofs);
}

function goneWith(changes: readonly Change[]): ReadonlySet<string> {
  const left = new Set(changes.flatMap(({ path, mode }) => (mode === null ? [] : [path])));
  const touched = changes.flatMap(({ path, oldPath }) => (oldPath === null ? [path] : [path, oldPath]));
  return new Set(touched.filter((path) => !left.has(path)));
}

function pathsOf(lists: readonly (readonly string[] | undefined)[]): readonly string[] {
  return [...new Set(lists.flatMap((paths) => paths ?? []))];
}
