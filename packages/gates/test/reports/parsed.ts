import { parseJunit as parseJunitText } from '../../src/reports/parse-junit.js';
import { parseReport as parseReportBytes } from '../../src/reports/parse-report.js';
import { parseTap as parseTapText } from '../../src/reports/parse-tap.js';
import { createReadingPace, type ReadingPace } from '../../src/reports/reading-pace.js';
import { collectTests, type ParsedReport, type ReportProblem } from '../../src/reports/test-report.js';

type Parsed = Promise<ParsedReport | ReportProblem>;

/** One for each reading: files of tests share this module, and its time would run from the first of them on. */
const pace = (): ReadingPace => createReadingPace(60_000);
export const parseJunit = (text: string): Parsed => parseJunitText(text, pace());
export const parseTap = (text: string): Parsed => parseTapText(text, pace());
export const parseReport = (bytes: Uint8Array, mask: (text: string) => string): Parsed =>
  parseReportBytes(bytes, mask, pace());
export const asItIs = (text: string): string => text;

export function read(parsed: ParsedReport | ReportProblem): ParsedReport {
  if ('problem' in parsed) throw new Error(`It ${parsed.problem}.`);
  return parsed;
}

/** Names and statuses as the gate has them. */
export function told(parsed: ParsedReport | ReportProblem): Readonly<Record<string, string>> {
  const report = collectTests([read(parsed)], '/tree');
  if ('problem' in report) throw new Error(`It ${report.problem}.`);
  return Object.fromEntries(report.tests.map(({ name, status }) => [name, status]));
}
