import { stripVTControlCharacters } from 'node:util';
import type { OutputSummary } from '@baton/core';
import { charactersAtOnce, type ReadingPace } from '../reports/reading-pace.js';
import { linesOf } from '../text/lines-of.js';
import { type SummaryForm, summaryForms } from './summary-forms.js';

/** What a command printed, as its result has it. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** Whether something was dropped from it. */
  readonly truncated: boolean;
}

/** In one line: its digits may go on for ever, and what they add up to is kept as a number. */
const mostFailures = 1_000_000_000;

/** No runner sums up in a longer one. */
const longestLine = 2_000;

/**
 * What stands before a line of one of several programs whose output is put together: `web:test: ` (Turborepo),
 * `packages/web test: ` (pnpm), `[0] ` (concurrently), `[ERROR] ` (Maven), `web-1  | ` (Docker Compose).
 */
const label =
  /^(?:\[[\w@./:-]{1,80}\]:? |[\w@./-]{1,80}(?::[\w.-]{1,40}){0,4}(?: [\w.-]{1,40}(?::[\w.-]{1,40}){0,4})?(?:: | {1,8}\| ))/;

/** Most lines are of no form: one look tells. */
const anyForm = new RegExp(summaryForms.map(({ line }) => `(?:${line.source})`).join('|'), 'i');

/**
 * Adds up what the test runners of one command sum up in its output, as far as `summaryForms` knows them. One summary
 * takes nothing of another back. Null: it was read to its end and nothing is summed up in it.
 */
export async function readSummaries(output: Output, pace: ReadingPace): Promise<OutputSummary | null> {
  const told = new Map<SummaryForm, number>();
  let unread = 0;
  for (const text of [output.stdout, output.stderr]) {
    for (const line of linesOf(text)) {
      unread += line.length + 1;
      if (line !== '' && line.length <= longestLine) readLine(cleanLine(line), told);
      if (unread < charactersAtOnce) continue;
      await pace(unread);
      unread = 0;
    }
  }
  const byRunner = Map.groupBy(told, ([{ runner }]) => runner);
  const failed = [...byRunner.values()].reduce(
    (sum, forms) => sum + Math.max(0, ...forms.map(([, count]) => count)),
    0,
  );
  const runners = [...byRunner].filter(([, forms]) => forms.some(([{ always }]) => always)).map(([runner]) => runner);
  if (failed === 0 && runners.length === 0 && !output.truncated) return null;
  return { failed, runners: runners.sort(), ...(output.truncated ? { cut: true } : {}) };
}

/** Without colours, and as it stood there at last where it was drawn over. */
function cleanLine(line: string): string {
  const plain = line.includes('\u001B') ? stripVTControlCharacters(line) : line;
  return plain.slice(plain.lastIndexOf('\r') + 1).trimEnd();
}

function readLine(line: string, told: Map<SummaryForm, number>): void {
  const unlabelled = line.slice(label.exec(line)?.[0].length ?? 0);
  for (const text of new Set([line, unlabelled])) {
    if (text === '' || !anyForm.test(text)) continue;
    for (const form of summaryForms) {
      const match = form.line.exec(text);
      if (match === null) continue;
      told.set(form, (told.get(form) ?? 0) + Math.max(-mostFailures, Math.min(mostFailures, form.failed(match))));
      return;
    }
  }
}
