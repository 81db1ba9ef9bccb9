import type { CheckRun, GateResult, Workspace } from '@baton/core';
import type { StepContext } from '../job/step-context.js';
import { listTests, sentenceOfNames } from '../render/describe-check.js';
import { codeSpan } from '../text/untrusted-text.js';
import { askGates, type Opinion, type Question, type Subject } from './ask-gates.js';

/** What was asked of a change as it is, and answered. */
export interface Asked extends Pick<Question, 'subject' | 'baselines'> {
  readonly opinions: readonly Opinion[];
}

/** Files of a change that may be all that makes it green, and how people are told of them. */
interface Restored {
  readonly pathsOf: (opinions: readonly Opinion[]) => readonly string[];
  /** Stands behind the name of each check: `with the base's settings`. */
  readonly title: string;
  readonly explanation: string;
  /** What of the change may be all that makes it green. */
  readonly blamed: string;
}

const steering = (opinions: readonly Opinion[]): readonly string[] =>
  opinions.flatMap(({ result }) => result.steers ?? []);

const settings: Restored = {
  pathsOf: steering,
  title: "with the base's settings",
  explanation: 'the same change, but for what it does to the files that steer checks',
  blamed: 'the files that steer checks',
};

const tests: Restored = {
  pathsOf: (opinions) => {
    const asked = new Set(steering(opinions));
    return opinions.flatMap(({ result }) => result.tests ?? []).filter((path) => !asked.has(path));
  },
  title: "with the base's tests",
  explanation: 'the same change, but for what it does to files of tests',
  blamed: 'tests',
};

/**
 * What gates with evidence say of a change once its settings are as the base has them, and once its tests are. So a
 * change that is made green by what judges it is told from one that makes the code right. Never worse than `hold`: the
 * change may be meant so. Empty where there is nothing of either kind, or nothing else in the change.
 */
export async function judgeWithBaseVersions(
  context: StepContext,
  workspace: Workspace,
  asked: Asked,
): Promise<readonly GateResult[]> {
  return [
    ...(await judgeRestored(context, workspace, asked, settings)),
    ...(await judgeRestored(context, workspace, asked, tests)),
  ];
}

async function judgeRestored(
  context: StepContext,
  workspace: Workspace,
  { subject, baselines, opinions }: Asked,
  restored: Restored,
): Promise<readonly GateResult[]> {
  const { base } = context.job().data;
  const paths = [...new Set(restored.pathsOf(opinions))];
  const measured = new Map(opinions.filter(hasRun).map(({ gate, result }) => [gate.id, result]));
  if (base === null || paths.length === 0 || measured.size === 0) return [];
  const { signal } = context;
  const tree = await workspace.compose({ tree: subject.tree, from: base.tree, paths }, { signal });
  if (tree === base.tree || tree === subject.tree) return [];
  const gates = opinions.map(({ gate }) => gate).filter(({ id }) => measured.has(id));
  const changed = { tree, changes: withoutPaths(subject, paths), diff: await workspace.diff(tree, { signal }) };
  const again = await askGates(context, workspace, { subject: changed, gates, baselines });
  return again.map(({ gate, result }, index) => ({
    ...weigh(result, measured.get(gate.id), restored),
    checks: result.checks.map((check) => ({
      ...check,
      name: `${check.name} (${restored.title})`,
      // What is red there is asked about, and goes back to nobody.
      ...(check.verdict === 'rework' && { verdict: 'hold' }),
    })),
    // Said once for all of them.
    ...(index === 0 ? { notes: [`"${restored.title}": ${restored.explanation}.`] } : {}),
  }));
}

/** What gave evidence runs again; what could not be run as it is can't be compared. */
function hasRun({ result }: Opinion): boolean {
  return result.checks.length > 0 && result.verdict !== 'not-run';
}

function withoutPaths({ changes }: Subject, paths: readonly string[]): Subject['changes'] {
  const without = new Set(paths);
  return changes.filter(({ path }) => !without.has(path));
}

type Weighed = { readonly verdict: 'pass' } | { readonly verdict: 'hold'; readonly reason: string };

/** What the second verdict adds to the first one, in words. */
function weigh(again: GateResult, first: GateResult | undefined, { title, blamed }: Restored): Weighed {
  switch (again.verdict) {
    case 'pass':
      return { verdict: 'pass' };
    case 'rework':
    case 'stop':
      return {
        verdict: 'hold',
        reason: `${namesOf(again, first)} is newly red ${title}, and isn't as the change has it: what it does to ${blamed} may be all that makes it green.`,
      };
    case 'hold':
    case 'not-run':
      // What is so either way was told with the first.
      if (first?.verdict === 'hold' && first.reason === again.reason) return { verdict: 'pass' };
      return { verdict: 'hold', reason: `W${title.slice(1)}: ${again.reason}` };
  }
}

/** The checks that differ, each with the tests that fail for it, or all of the gate's where their runs don't show it. */
function namesOf(again: GateResult, first: GateResult | undefined): string {
  const differing = again.checks.flatMap((check) => {
    const before = first?.checks.find(({ name }) => name === check.name)?.head ?? null;
    const known = new Set(failingIn(before));
    const failing = failingIn(check.head).filter((name) => !known.has(name));
    if (failing.length > 0)
      return [`\`${check.name}\` (${listTests(failing, failing.length, asCode, sentenceOfNames)})`];
    return isRed(check.head) && !isRed(before) ? [`\`${check.name}\``] : [];
  });
  return (differing.length > 0 ? differing : again.checks.map(({ name }) => `\`${name}\``)).join(', ');
}

const asCode = (name: string): string => `\`${codeSpan(name)}\``;

function failingIn(run: CheckRun | null): readonly string[] {
  return run?.tests?.flatMap(({ name, status }) => (status === 'failed' ? [name] : [])) ?? [];
}

function isRed(run: CheckRun | null): boolean {
  return run !== null && run.exitCode !== 0;
}
