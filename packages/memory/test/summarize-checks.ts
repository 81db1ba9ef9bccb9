import type { HostedCheck } from '@baton/conformance';
import type { MemoryChecks } from '../src/index.js';

/** Sums up what the checks of a host came to. */
export type SummarizeChecks = (checks: readonly HostedCheck[]) => MemoryChecks;

/** As the contract has it; `wrong` makes one mistake of it. */
export function summarizeChecks(
  checks: readonly HostedCheck[],
  wrong: { readonly oldest?: boolean; readonly red?: readonly HostedCheck['result'][] } = {},
): MemoryChecks {
  const { oldest = false, red = ['failed'] } = wrong;
  const order = oldest ? checks.toReversed() : checks;
  const newest = [...new Map(order.map((each) => [each.name, each])).values()];
  const of = (...results: readonly HostedCheck['result'][]): readonly HostedCheck[] =>
    newest.filter(({ result }) => results.includes(result));
  const failures = of(...red).map(({ name }) => ({ name, url: null, excerpt: '1 failed' }));
  const notes = of('cancelled', 'skipped', 'waiting').map(({ name, result }) => ({ name, what: result }));
  const goesOn = of('running', 'waiting').length > 0;
  const state = failures.length > 0 ? 'failed' : goesOn ? 'pending' : of('passed').length > 0 ? 'passed' : 'none';
  return { state, failures, notes };
}
