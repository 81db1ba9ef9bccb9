import type { CheckRun, OutdatedCopy } from '@baton/core';
import { listNames } from '../text/clean-output.js';
import type { Comparison } from './compare-runs.js';

/**
 * A run that leaves tracked files other than the tree has them didn't measure the tree: what it found may be of
 * the files that it wrote. Nor did one whose builds overwrote what the setup made, its own runner among it. One that
 * wrote tracked files and put them back may have measured what stood there between, and one whose builds made files
 * that steer it may have run something else: a person is asked. Where the base's run does so to the same ones
 * (snapshots, generated code), so does the project by itself, and it counts. A person is asked too where the setup keeps
 * copies of files as they were before the change, and where it ran on the change, whose code may have made what the run
 * was measured with.
 */
export function refuseAlteration(base: CheckRun | null, head: CheckRun, comparison: Comparison): Comparison {
  const usual = new Set([...(base?.altered ?? []), ...(base?.restored ?? [])]);
  const altered = head.altered.filter((path) => !usual.has(path));
  const restored = head.restored?.filter((path) => !usual.has(path)) ?? [];
  const known = new Set(base?.made);
  const made = head.made?.filter((path) => !known.has(path)) ?? [];
  const doubts = [
    ...describeRestored(restored),
    ...describeMade(made),
    ...describeOutdated(head.outdated ?? []),
    ...describeSetup(head),
  ];
  const told = { ...comparison, notes: [...comparison.notes, ...doubts] };
  if (altered.length > 0) {
    const reason = `It changed files that it was to be measured with while it ran: ${listNames(altered)}.`;
    return { ...told, verdict: 'rework', reason, notes: [...told.notes, reason], altered, mayBeFlaky: false };
  }
  if (doubts.length === 0 || comparison.verdict === 'rework') return told;
  const reason = [...(comparison.verdict === 'hold' ? [comparison.reason] : []), ...doubts].join(' ');
  return { ...told, verdict: 'hold', reason, mayBeFlaky: false };
}

function describeRestored(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return [];
  return [
    `It wrote files of the repository while it ran and put them back, so what ran may not be what stands there: ${listNames(paths)}.`,
  ];
}

function describeMade(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return [];
  return [
    `What it needs built made files by which it is steered, and does not on the base, so they may have decided what ran: ${listNames(paths)}.`,
  ];
}

function describeSetup({ setupOfChange }: CheckRun): readonly string[] {
  if (setupOfChange !== true) return [];
  return [
    'The change touches what the setup reads or names, such as a list of dependencies, so the setup ran on it: code of the change may have run there, and have made what this was measured with.',
  ];
}

function describeOutdated(copies: readonly OutdatedCopy[]): readonly string[] {
  if (copies.length === 0) return [];
  const which = copies.map(({ path, of }) => `${path} (of ${of})`);
  return [
    `The setup keeps copies of what the change changes, as the base has it, and what ran may have read these: ${listNames(which)}. Let the setup install links to the sources, or build in a check that others name by \`after\`.`,
  ];
}
