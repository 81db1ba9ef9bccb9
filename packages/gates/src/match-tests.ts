import type { TestResult } from '@baton/core';
import { maskName } from './mask-name.js';

/** The tests of one name, on the base and on the result. */
export interface MatchedTests {
  /** As people are told of them. */
  readonly name: string;
  readonly base: readonly TestResult[];
  readonly result: readonly TestResult[];
  /** Whether only what stays the same of their names was compared. */
  readonly masked: boolean;
}

/** Names to look for, the narrowest first. A test that is found by one is not looked for by the next. */
const keys: readonly ((test: TestResult) => string)[] = [
  (test) => test.alikeAs ?? test.name,
  // A test is told by its file once another takes its name; so on one side alone it may have the shorter one.
  (test) => test.sharedName ?? test.alikeAs ?? test.name,
  (test) => maskName(test.alikeAs ?? test.name),
  (test) => maskName(test.sharedName ?? test.alikeAs ?? test.name),
];

/**
 * Which tests of the base are which of the result's: by name; then by the name that several share; then without
 * what changes from run to run. A group of several are tests that can't be told apart.
 */
export function matchTests(base: readonly TestResult[], result: readonly TestResult[]): readonly MatchedTests[] {
  const matched: MatchedTests[] = [];
  let left = { base, result };
  for (const [index, keyOf] of keys.entries()) {
    const before = Map.groupBy(left.base, keyOf);
    const now = Map.groupBy(left.result, keyOf);
    for (const [name, group] of now) {
      const old = before.get(name);
      if (old !== undefined) matched.push({ name, base: old, result: group, masked: index >= 2 });
    }
    left = {
      base: left.base.filter((test) => !now.has(keyOf(test))),
      result: left.result.filter((test) => !before.has(keyOf(test))),
    };
  }
  const alone = Map.groupBy(left.result, (test) => test.alikeAs ?? test.name);
  const gone = Map.groupBy(left.base, (test) => test.alikeAs ?? test.name);
  return [
    ...matched,
    ...[...alone].map(([name, group]) => ({ name, base: [], result: group, masked: false })),
    ...[...gone].map(([name, group]) => ({ name, base: group, result: [], masked: false })),
  ];
}
