import type { CheckRun } from '@baton/core';
import { listNames } from './clean-output.js';
import type { Comparison } from './compare-runs.js';

/**
 * A run that leaves tracked files other than the tree has them didn't measure the tree: what it found may be of
 * the files that it wrote. Nor did one whose builds overwrote what the setup made, its own runner among it. Where the
 * base's run alters the same ones (snapshots, generated code), so does the project by itself, and it counts.
 */
export function refuseAlteration(base: CheckRun | null, head: CheckRun, comparison: Comparison): Comparison {
  const usual = new Set(base?.altered);
  const altered = head.altered.filter((path) => !usual.has(path));
  if (altered.length === 0) return comparison;
  const reason = `It changed files that it was to be measured with while it ran: ${listNames(altered)}.`;
  return { ...comparison, verdict: 'rework', reason, notes: [...comparison.notes, reason], altered, mayBeFlaky: false };
}
