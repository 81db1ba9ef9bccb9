import type { TestResult } from '@baton/core';
import { cleanName } from './clean-output.js';

/** What a command's report tells, test by test. */
export interface TestReport {
  readonly tests: readonly TestResult[];
  /** Why a test failed, by its name. Raw: whoever shows it cleans it. */
  readonly messages: ReadonlyMap<string, string>;
}

/** One test as it stands in a report, before names are made unique. */
export interface ReportedTest {
  /** From the outside in: suites, then the test. */
  readonly path: readonly string[];
  readonly status: TestResult['status'];
  readonly message: string | null;
}

/** More tests than this are no report but an attack on the store. */
export const maxReportedTests = 20_000;

const order: Readonly<Record<TestResult['status'], number>> = { passed: 0, skipped: 1, failed: 2 };

/**
 * Makes names unique. Runners put files that ran side by side in any order, so that of several tests with one
 * name nobody can say which is which: they are numbered by status, passed ones first, and the same numbers of
 * each status on base and head are then no difference. `root` is taken out of names, for base and head may
 * stand in different directories.
 */
export function collectTests(reported: readonly ReportedTest[], root: string): TestReport {
  const byName = Map.groupBy(reported, ({ path }) => nameOf(path, root));
  const tests: TestResult[] = [];
  const messages = new Map<string, string>();
  const taken = new Set<string>(byName.keys());
  for (const [name, group] of byName) {
    let number = 0;
    for (const each of group.toSorted((left, right) => order[left.status] - order[right.status])) {
      let unique: string;
      do {
        number += 1;
        unique = number === 1 ? name : `${name} (${number})`;
      } while (number > 1 && taken.has(unique));
      taken.add(unique);
      tests.push({ name: unique, status: each.status });
      if (each.message !== null && each.status === 'failed') messages.set(unique, each.message);
    }
  }
  return { tests, messages };
}

function nameOf(path: readonly string[], root: string): string {
  const parts = path.map((part) => cleanName(part.replaceAll(`${root}/`, ''))).filter((part) => part !== '');
  return parts.length === 0 ? '(unnamed)' : parts.join(' > ');
}
