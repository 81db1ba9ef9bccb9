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

/** One way to look for the tests that are the same. */
interface Pass {
  readonly keyOf: (test: TestResult) => string;
  /** Whether one side may have them without what tells them apart on the other. */
  readonly bare: boolean;
  readonly masked: boolean;
}

const ownName = (test: TestResult): string => test.alikeAs ?? test.name;
const barestName = (test: TestResult): string => test.sharedName ?? ownName(test);

/** The narrowest first. A test that is found by one is not looked for by the next. */
const passes: readonly Pass[] = [
  { keyOf: ownName, bare: false, masked: false },
  // A test is told by its file once another takes its name; so on one side alone it may have the shorter one.
  { keyOf: barestName, bare: true, masked: false },
  { keyOf: (test) => maskName(ownName(test)), bare: false, masked: true },
  { keyOf: (test) => maskName(barestName(test)), bare: true, masked: true },
];

/**
 * Which tests of the base are which of the result's: by name; then by the name that several share, where one side
 * tells no more of them; then without what changes from run to run. A group of several are tests that can't be
 * told apart.
 */
export function matchTests(base: readonly TestResult[], result: readonly TestResult[]): readonly MatchedTests[] {
  const matched: MatchedTests[] = [];
  let left = { base, result };
  for (const { keyOf, bare, masked } of passes) {
    const before = Map.groupBy(left.base, keyOf);
    const found = new Set<string>();
    for (const [name, group] of Map.groupBy(left.result, keyOf)) {
      const old = before.get(name);
      // The red one of one file and the red one of another are two tests.
      if (old === undefined || (bare && !isBare(old) && !isBare(group))) continue;
      matched.push({ name, base: old, result: group, masked });
      found.add(name);
    }
    left = {
      base: left.base.filter((test) => !found.has(keyOf(test))),
      result: left.result.filter((test) => !found.has(keyOf(test))),
    };
  }
  const alone = Map.groupBy(left.result, ownName);
  const gone = Map.groupBy(left.base, ownName);
  return [
    ...matched,
    ...[...alone].map(([name, group]) => ({ name, base: [], result: group, masked: false })),
    ...[...gone].map(([name, group]) => ({ name, base: group, result: [], masked: false })),
  ];
}

function isBare(tests: readonly TestResult[]): boolean {
  return tests.every((test) => ownName(test) === barestName(test));
}
