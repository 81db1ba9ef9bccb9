import { type CheckRun, formatBytes } from '@baton/core';
import { maxReportBytes } from '../reports/read-report.js';
import type { Comparison } from './compare-runs.js';
import { type Doubt, doubts, noWitness, verdictsWithDoubts } from './decide-check.js';

/**
 * A report is a file, and an exit code the last that a process says: code that ran inside it can write both anew when
 * the runner is done. What the runner printed by then is out. A person is asked where it says otherwise, or says
 * nothing any more. Where the base's run contradicts itself likewise, its output is no witness: a suite that tests a
 * test runner prints what that one sums up. See `Doubt`.
 */
export function heedOutput(base: CheckRun | null, result: CheckRun, comparison: Comparison): Comparison {
  const raised = doubtsOf(base, result).map((doubt) => describe(doubt, base, result));
  const unheeded = base !== null && contradictsItself(base) && contradictsItself(result) ? [noWitness] : [];
  const told = { ...comparison, notes: [...comparison.notes, ...raised, ...unheeded] };
  if (raised.length === 0) return told;
  const verdict = verdictsWithDoubts[comparison.verdict];
  if (verdict !== 'hold') return told;
  const reason = [...(comparison.verdict === 'hold' ? [comparison.reason] : []), ...raised].join(' ');
  return { ...told, verdict, reason, mayBeFlaky: false };
}

function doubtsOf(base: CheckRun | null, result: CheckRun): readonly Doubt[] {
  if (result.timedOut) return [];
  const holds: Readonly<Record<Doubt, boolean>> = {
    'tells-failures': contradictsItself(result) && !(base !== null && contradictsItself(base)),
    'falls-silent': silentRunners(base, result).length > 0,
    'was-cut': result.summary?.cut === true && base?.summary?.cut !== true && runnersOf(base).length > 0,
  };
  // Their order is that of the record, whose keys are those of the type.
  return (Object.keys(holds) as Doubt[]).filter((doubt) => holds[doubt]);
}

function contradictsItself(run: CheckRun): boolean {
  const told = run.summary?.failed ?? 0;
  if (hasReport(run)) return told > failedIn(run);
  return told > 0 && run.exitCode === 0;
}

function silentRunners(base: CheckRun | null, result: CheckRun): readonly string[] {
  const here = runnersOf(result);
  return runnersOf(base).filter((runner) => !here.includes(runner));
}

function runnersOf(run: CheckRun | null): readonly string[] {
  return run?.summary?.runners ?? [];
}

function hasReport({ tests }: CheckRun): boolean {
  return tests !== null && tests.length > 0;
}

function failedIn({ tests }: CheckRun): number {
  return tests?.filter(({ status }) => status === 'failed').length ?? 0;
}

function describe(doubt: Doubt, base: CheckRun | null, result: CheckRun): string {
  const put: Readonly<Record<string, string>> = {
    Report: describeReport(result),
    failed: String(result.summary?.failed ?? 0),
    runners: (doubt === 'falls-silent' ? silentRunners(base, result) : runnersOf(base)).join(', '),
    kept: formatBytes(maxReportBytes),
  };
  return doubts[doubt].replace(/\{(\w+)\}/g, (whole, key: string) => put[key] ?? whole);
}

function describeReport(run: CheckRun): string {
  if (!hasReport(run)) return 'Exit code 0';
  const passed = run.tests?.filter(({ status }) => status === 'passed').length ?? 0;
  return `The report says that ${passed} passed and ${failedIn(run) || 'none'} failed`;
}
