import type { Change, Gate } from '@baton/core';
import { type FileDiff, parseChangeDiff } from '../diff/change-diff.js';
import { listNames } from '../text/clean-output.js';
import { isTestBehindLink } from './test-behind-link.js';
import { type TestLanguage, testLanguages } from './test-conventions.js';
import { createTestPaths, type TestPaths } from './test-paths.js';

/**
 * Makes the gate that holds a change which takes tests away: for checks that tell an exit code and no tests, where
 * a suite without its tests is as green as one with them. Deleted and renamed test files hold, data of tests among
 * them, and so do test files that have fewer test cases or more skips than they had, and new ones that keep others
 * from running. It runs nothing, and knows lines, and files where `tests` (patterns of picomatch) doesn't say which are
 * tests', by the conventions of each language alone.
 */
export function createTestLossGate(tests?: readonly string[]): Gate {
  const matchers = createTestPaths(tests);
  return {
    spec: 'gate/1',
    id: 'test-loss',
    async check({ changes, diff }, call) {
      call?.signal?.throwIfAborted();
      const files = new Map(parseChangeDiff(diff)?.map((file) => [file.path ?? file.oldPath ?? '', file]));
      const found: Record<Loss, string[]> = {
        deleted: [],
        renamed: [],
        replaced: [],
        inert: [],
        cases: [],
        skips: [],
        alone: [],
        unread: [],
      };
      for (const change of changes) {
        for (const loss of lossesOf(change, files.get(change.path), matchers)) {
          found[loss].push(change.oldPath === null ? change.path : `${change.oldPath} → ${change.path}`);
        }
      }
      const reasons = losses.flatMap((loss) =>
        found[loss].length === 0 ? [] : [`${lossWords[loss]}: ${listNames(found[loss])}.`],
      );
      if (reasons.length === 0) return { verdict: 'pass', checks: [] };
      return { verdict: 'hold', reason: `${reasons.join(' ')} ${noReport}`, checks: [] };
    },
  };
}

type Loss = 'deleted' | 'renamed' | 'replaced' | 'inert' | 'cases' | 'skips' | 'alone' | 'unread';

const lossWords: Readonly<Record<Loss, string>> = {
  deleted: 'It deletes test files',
  renamed: 'It renames test files, which a runner may then not find',
  replaced: 'It makes test files something else',
  inert: 'It makes test files such that they can not be run',
  cases: 'It takes test cases out of',
  skips: 'It has tests skipped in',
  alone: 'It keeps other tests from running, by one that runs alone or by the end of their process, in',
  unread: 'It changes test files in a way that the diff does not show',
};
const losses: readonly Loss[] = ['deleted', 'renamed', 'replaced', 'inert', 'cases', 'skips', 'alone', 'unread'];

const noReport = 'Not every check here tells its tests, so green ones do not show whether all of them still run.';

function lossesOf(change: Change, diff: FileDiff | undefined, matchers: TestPaths): readonly Loss[] {
  const { kind, path } = change;
  // A runner that goes through a link finds tests by the names that they have there.
  const isTest = (each: string): boolean => matchers.isTest(each) || isTestBehindLink(change, matchers.isTest);
  const isOfTests = (each: string): boolean => matchers.isOfTests(each) || isTestBehindLink(change, matchers.isOfTests);
  const before = kind === 'added' ? null : (change.oldPath ?? path);
  const wasOfTests = before !== null && isOfTests(before);
  if (wasOfTests && kind === 'deleted') return ['deleted'];
  if (wasOfTests && kind === 'type-changed') return ['replaced'];
  return [
    ...(wasOfTests && kind === 'renamed' ? (['renamed'] as const) : []),
    ...(wasOfTests && change.oldMode === '100755' && change.mode === '100644' ? (['inert'] as const) : []),
    ...lossesInside(change, diff, { was: before !== null && isTest(before), is: isTest(path) }),
  ];
}

function lossesInside(
  { kind, path, oldPath, added, deleted, binary }: Change,
  diff: FileDiff | undefined,
  test: { readonly was: boolean; readonly is: boolean },
): readonly Loss[] {
  if (binary) return test.was ? ['unread'] : [];
  const language = languageOf(oldPath ?? path);
  if (language === null || added + deleted === 0) return [];
  const mayHaveLost = test.was || (language.inline && kind !== 'added');
  if (!mayHaveLost && !test.is) return [];
  if (diff === undefined) return ['unread'];
  const more = (pattern: RegExp): boolean =>
    count(pattern, diff.addedLines, language) > count(pattern, diff.deletedLines, language);
  const isFewer = count(language.cases, diff.deletedLines, language) > count(language.cases, diff.addedLines, language);
  return [
    ...(mayHaveLost && isFewer ? (['cases'] as const) : []),
    ...(mayHaveLost && more(language.skips) ? (['skips'] as const) : []),
    ...(test.is && language.alone !== null && more(language.alone) ? (['alone'] as const) : []),
  ];
}

function count(pattern: RegExp, lines: readonly string[], { comments }: TestLanguage): number {
  return lines.filter((line) => pattern.test(line) && !comments.test(line)).length;
}

function languageOf(path: string): TestLanguage | null {
  const ending = path.slice(path.lastIndexOf('.') + 1);
  return testLanguages.find(({ endings }) => endings.includes(ending)) ?? null;
}
