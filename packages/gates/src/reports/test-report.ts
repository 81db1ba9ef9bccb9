import type { TestResult } from '@baton/core';
import { cleanName } from '../text/clean-output.js';

/** What a command's reports tell, test by test. */
export interface TestReport {
  readonly tests: readonly TestResult[];
  /** Why a test failed, by its name. Raw: whoever shows it cleans it. */
  readonly messages: ReadonlyMap<string, string>;
  /** Why these are not all the tests, as a sentence; null where nothing says so. */
  readonly incomplete: string | null;
}

/** One test as it stands in a report, before names are made unique. */
export interface ReportedTest {
  /** From the outside in: suites, then the test. */
  readonly path: readonly string[];
  readonly status: TestResult['status'];
  readonly message: string | null;
  /** What else tells it from a test of the same path, each kind at its place in every test of a report: its file, say. */
  readonly places: readonly string[];
}

/** What stands in one report. */
export interface ParsedReport {
  readonly reported: readonly ReportedTest[];
  /** Why these are not all the tests, as a sentence; null where nothing says so. */
  readonly incomplete: string | null;
}

/** Why a text is no report, to stand behind its name: `is cut off`. */
export interface ReportProblem {
  readonly problem: string;
}

/** More tests than these are not kept: they are stored with the base. */
export const maxReportedTests = 100_000;

/** Of all names together. A suite's stands in the name of each of its tests, so they can be far longer than the report. */
const maxNameCharacters = 16 * 1024 * 1024;

const order: Readonly<Record<TestResult['status'], number>> = { passed: 0, skipped: 1, failed: 2 };

/**
 * Makes names unique. Where several tests have one, what else is told of them joins it: file, class, host. Those
 * that are still alike are numbered by status, passed ones first, because runners put files that ran side by side
 * in any order. `root` is taken out of names, for base and result may stand in different directories.
 */
export function collectTests(reports: readonly ParsedReport[], root: string): TestReport | ReportProblem {
  const reported = reports.flatMap((report) => report.reported);
  if (reported.length > maxReportedTests) {
    return { problem: `has ${reported.length} tests; ${maxReportedTests} are read` };
  }
  const clean = createCleaning(root);
  const byName = new Map<string, ReportedTest[]>();
  let characters = 0;
  for (const each of reported) {
    const name = nameOf(each.path, clean);
    characters += name.length;
    if (characters > maxNameCharacters) return { problem: `has names of more than ${maxNameCharacters} characters` };
    const alike = byName.get(name);
    if (alike === undefined) byName.set(name, [each]);
    else alike.push(each);
  }
  const tests: TestResult[] = [];
  const messages = new Map<string, string>();
  const taken = new Set<string>(byName.keys());
  const add = (name: string, each: ReportedTest, shared: Pick<TestResult, 'sharedName' | 'alikeAs'>): void => {
    taken.add(name);
    tests.push({ name, status: each.status, ...shared });
    if (each.message !== null && each.status === 'failed') messages.set(name, each.message);
  };
  for (const [sharedName, group] of byName) {
    const [only, another] = group;
    if (only !== undefined && another === undefined) add(sharedName, only, {});
    else {
      for (const [name, alike] of tellApart(sharedName, group, clean)) {
        const [single, second] = alike;
        if (single !== undefined && second === undefined && !taken.has(name)) add(name, single, { sharedName });
        else {
          let number = 0;
          for (const each of alike.toSorted((left, right) => order[left.status] - order[right.status])) {
            let unique: string;
            do {
              number += 1;
              unique = number === 1 ? name : `${name} (${number})`;
              // The name without more was put among the taken ones as that of the whole group.
            } while (taken.has(unique) && unique !== sharedName);
            add(unique, each, { sharedName, alikeAs: name });
          }
        }
      }
    }
  }
  const incomplete = reports.flatMap((report) => (report.incomplete === null ? [] : [report.incomplete]));
  return {
    tests,
    messages,
    incomplete: incomplete.length === 0 ? null : [...new Set(incomplete)].slice(0, 3).join(' '),
  };
}

/** Tests of one name by the longer one that each has: with the places that all of them tell and that differ. */
function tellApart(
  name: string,
  group: readonly ReportedTest[],
  clean: Cleaning,
): ReadonlyMap<string, readonly ReportedTest[]> {
  const kinds = Math.max(...group.map(({ places }) => places.length));
  const differing = Array.from({ length: kinds }, (_each, kind) => kind).filter((kind) => {
    const told = new Set(group.map(({ places }) => places[kind] ?? ''));
    // Where it is told of some alone, it tells none apart: node:test's TAP has the file of those that fail.
    return told.size > 1 && !told.has('');
  });
  return Map.groupBy(group, ({ places }) => {
    const told = differing.map((kind) => places[kind] ?? '');
    return told.length === 0 ? name : nameOf([...told, name], clean);
  });
}

/** Makes a part of a name fit to be shown. */
type Cleaning = (part: string) => string;

/** Suites stand in the name of each of their tests. */
function createCleaning(root: string): Cleaning {
  const known = new Map<string, string>();
  return (part) => {
    const found = known.get(part) ?? cleanName(part.replaceAll(`${root}/`, ''));
    known.set(part, found);
    return found;
  };
}

function nameOf(path: readonly string[], clean: Cleaning): string {
  const parts = path.map(clean).filter((part) => part !== '');
  return parts.length === 0 ? '(unnamed)' : parts.join(' > ');
}
