import type { Change, Gate } from '@baton/core';
import picomatch from 'picomatch';
import { type FileDiff, parseChangeDiff } from './change-diff.js';
import { listNames } from './clean-output.js';
import { type TestLanguage, testFilePatterns, testLanguages } from './test-conventions.js';

/**
 * Makes the gate that holds a change which takes tests away: for checks that tell an exit code and no tests, where
 * a suite without its tests is as green as one with them. Deleted and renamed test files hold, and test files
 * that have fewer test cases or more skips than they had. It runs nothing, and knows files and lines by the
 * conventions of each language alone.
 */
export function createTestLossGate(): Gate {
  let compiled: ((path: string) => boolean) | null = null;
  const isTest = (path: string): boolean => {
    compiled ??= picomatch([...testFilePatterns], { dot: true });
    // Else a line break in its name would hide a file: `**` becomes a regular expression's dot, which stops there.
    return compiled(path.replace(/[\n\r\u2028\u2029]/g, '_'));
  };
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
        cases: [],
        skips: [],
        unread: [],
      };
      for (const change of changes) {
        for (const loss of lossesOf(change, files.get(change.path), isTest)) {
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

type Loss = 'deleted' | 'renamed' | 'replaced' | 'cases' | 'skips' | 'unread';

const lossWords: Readonly<Record<Loss, string>> = {
  deleted: 'It deletes test files',
  renamed: 'It renames test files, which a runner may then not find',
  replaced: 'It makes test files something else',
  cases: 'It takes test cases out of',
  skips: 'It has tests skipped in',
  unread: 'It changes test files in a way that the diff does not show',
};
const losses: readonly Loss[] = ['deleted', 'renamed', 'replaced', 'cases', 'skips', 'unread'];

const noReport = 'No check here tells its tests, so a green one does not show whether they still run.';

function lossesOf(change: Change, diff: FileDiff | undefined, isTest: (path: string) => boolean): readonly Loss[] {
  const { kind } = change;
  if (kind === 'added') return [];
  const language = languageOf(change.oldPath ?? change.path);
  const wasTest = isTest(change.oldPath ?? change.path);
  if (wasTest && kind === 'deleted') return ['deleted'];
  if (wasTest && kind === 'type-changed') return ['replaced'];
  const moved: readonly Loss[] = wasTest && kind === 'renamed' ? ['renamed'] : [];
  if (language === null || !(wasTest || language.inline) || change.added + change.deleted === 0) {
    return wasTest && change.binary ? [...moved, 'unread'] : moved;
  }
  if (diff === undefined) return [...moved, 'unread'];
  const lost = count(language.cases, diff.deletedLines, language) > count(language.cases, diff.addedLines, language);
  const skips = count(language.skips, diff.addedLines, language) > count(language.skips, diff.deletedLines, language);
  return [...moved, ...(lost ? (['cases'] as const) : []), ...(skips ? (['skips'] as const) : [])];
}

function count(pattern: RegExp, lines: readonly string[], { comments }: TestLanguage): number {
  return lines.filter((line) => pattern.test(line) && !comments.test(line)).length;
}

function languageOf(path: string): TestLanguage | null {
  const ending = path.slice(path.lastIndexOf('.') + 1);
  return testLanguages.find(({ endings }) => endings.includes(ending)) ?? null;
}
