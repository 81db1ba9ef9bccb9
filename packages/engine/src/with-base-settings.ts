import type { CheckEvidence, GateResult, Workspace } from '@baton/core';
import { askGates, type Opinion, type Question, type Subject } from './ask-gates.js';
import type { StepContext } from './step.js';

/** What was asked of a change as it is, and answered. */
export interface Asked extends Pick<Question, 'subject' | 'baselines'> {
  readonly opinions: readonly Opinion[];
}

/**
 * Where a change touches what steers checks: what gates with evidence say of it once these files are as the base has
 * them. So a change that makes a check green by its settings is told from one that makes the code right. Never worse
 * than `hold`: the change may be meant so. Empty where there is nothing of the kind, or nothing else in the change.
 */
export async function judgeWithBaseSettings(
  context: StepContext,
  workspace: Workspace,
  { subject, baselines, opinions }: Asked,
): Promise<readonly GateResult[]> {
  const { base } = context.job().data;
  const paths = [...new Set(opinions.flatMap(({ result }) => result.steers ?? []))];
  const measured = new Map(opinions.filter(hasRun).map(({ gate, result }) => [gate.id, result]));
  if (base === null || paths.length === 0 || measured.size === 0) return [];
  const { signal } = context;
  const tree = await workspace.compose({ tree: subject.tree, from: base.tree, paths }, { signal });
  if (tree === base.tree || tree === subject.tree) return [];
  const gates = opinions.map(({ gate }) => gate).filter(({ id }) => measured.has(id));
  const restored = { tree, changes: withoutPaths(subject, paths), diff: await workspace.diff(tree, { signal }) };
  const again = await askGates(context, workspace, { subject: restored, gates, baselines });
  return again.map(({ gate, result }, index) => ({
    ...weigh(result, measured.get(gate.id)),
    checks: result.checks.map((check) => ({ ...check, name: `${check.name} (${withBase})` })),
    // Said once for all of them.
    ...(index === 0 ? { notes: [explanation] } : {}),
  }));
}

const withBase = "with the base's settings";
const explanation = `"${withBase}": the same change, but for what it does to the files that steer checks.`;

/** What gave evidence runs again; what could not be run as it is can't be compared. */
function hasRun({ result }: Opinion): boolean {
  return result.checks.length > 0 && result.verdict !== 'not-run';
}

function withoutPaths({ changes }: Subject, paths: readonly string[]): Subject['changes'] {
  return changes.filter(({ path }) => !paths.includes(path));
}

type Weighed = { readonly verdict: 'pass' } | { readonly verdict: 'hold'; readonly reason: string };

/** What the second verdict adds to the first one, in words. */
function weigh(again: GateResult, first: GateResult | undefined): Weighed {
  switch (again.verdict) {
    case 'pass':
      return { verdict: 'pass' };
    case 'rework':
    case 'stop':
      return {
        verdict: 'hold',
        reason: `${namesOf(again, first)} is newly red ${withBase}, and isn't as the change has it: what it does to the files that steer checks may be all that makes it green.`,
      };
    case 'hold':
    case 'not-run':
      // What is so either way was told with the first.
      if (first?.verdict === 'hold' && first.reason === again.reason) return { verdict: 'pass' };
      return { verdict: 'hold', reason: `W${withBase.slice(1)}: ${again.reason}` };
  }
}

/** The checks that differ, or all of the gate's where their runs don't show it. */
function namesOf(again: GateResult, first: GateResult | undefined): string {
  const isRed = (check: CheckEvidence | undefined): boolean => check?.head != null && check.head.exitCode !== 0;
  const named = (check: CheckEvidence): CheckEvidence | undefined =>
    first?.checks.find(({ name }) => name === check.name);
  const differing = again.checks.filter((check) => isRed(check) && !isRed(named(check)));
  return (differing.length > 0 ? differing : again.checks).map(({ name }) => `\`${name}\``).join(', ');
}
