import { inspect } from 'node:util';
import { Parser, type Result } from 'tap-parser';
import { cleanName } from '../text/clean-output.js';
import { charactersAtOnce, type ReadingPace } from './reading-pace.js';
import { splitTap } from './split-tap.js';
import { maxReportedTests, type ParsedReport, type ReportedTest, type ReportProblem } from './test-report.js';

/** The problem of what is another kind of text. */
export const noTap = 'is not TAP';

/** What a document is read into. */
interface Found {
  readonly reported: ReportedTest[];
  readonly incomplete: string[];
  readonly label: string;
}

/**
 * Reads the Test Anything Protocol (https://testanything.org/tap-version-14-specification.html), subtests
 * included, of one producer or of several one after another. A failing test marked as to do counts as skipped: it
 * can't make a run red. One that bails out, or tells fewer tests than it planned, is not whole.
 */
export async function parseTap(text: string, pace: ReadingPace): Promise<ParsedReport | ReportProblem> {
  const reported: ReportedTest[] = [];
  const incomplete: string[] = [];
  let isTap = false;
  let parser: Parser | null = null;
  for (const piece of splitTap(text)) {
    parser ??= begin({ reported, incomplete, label: piece.label });
    try {
      if (piece.text !== '') parser.write(piece.text);
      if (piece.isLast) {
        parser.end();
        isTap ||= parser.planEnd >= 0 && !parser.syntheticPlan;
        parser = null;
      }
    } catch {
      return { problem: 'holds a diagnosis that can not be read' };
    }
    if (reported.length > maxReportedTests) return { problem: `has more than ${maxReportedTests} tests` };
    await pace(charactersAtOnce);
  }
  if (!isTap && reported.length === 0 && incomplete.length === 0) return { problem: noTap };
  return { reported, incomplete: incomplete[0] ?? null };
}

function begin(found: Found): Parser {
  const parser = new Parser();
  listen(parser, [], found);
  return parser;
}

function listen(parser: Parser, suites: readonly string[], found: Found): void {
  let childFailed = false;
  parser.on('child', (child: Parser) => {
    childFailed = false;
    child.on('assert', (result: Result) => {
      childFailed ||= isRed(result);
    });
    listen(child, [...suites, child.name], found);
  });
  parser.on('assert', (result: Result) => {
    // A suite that is red though none of its tests is: a hook failed.
    if (result.closingTestPoint && (!isRed(result) || childFailed)) return;
    const diagnosis: unknown = result.diag;
    found.reported.push({
      path: [...suites, result.name === '' ? `(test ${result.id})` : result.name],
      status: statusOf(result),
      message: diagnosis === null || diagnosis === undefined ? null : describe(diagnosis),
      places: [found.label, fileIn(diagnosis)],
    });
  });
  parser.on('bailout', (reason: string) => {
    if (parser.level === 0) found.incomplete.push(`It bailed out${reason ? `: ${cleanName(reason, 160)}` : ''}.`);
  });
  parser.on('complete', () => {
    const planned = parser.planEnd - parser.planStart + 1;
    // Of a child that never began, the parser makes up a plan of none.
    if (parser.bailedOut !== false || parser.syntheticPlan || parser.planStart < 0 || parser.count >= planned) return;
    const where = suites.length === 0 ? 'It' : `\`${cleanName(suites.join(' > '), 160)}\``;
    found.incomplete.push(`${where} planned ${planned} tests and told ${parser.count}.`);
  });
}

function isRed(result: Result): boolean {
  return !result.ok && !result.todo && !result.skip;
}

function statusOf(result: Result): ReportedTest['status'] {
  if (result.skip || result.todo) return 'skipped';
  return result.ok ? 'passed' : 'failed';
}

/** `location` is node:test's word, `file` that of others. Without its line, which moves when the file is edited. */
function fileIn(diagnosis: unknown): string {
  if (typeof diagnosis !== 'object' || diagnosis === null) return '';
  const { location, file }: Readonly<Record<string, unknown>> = { ...diagnosis };
  const place = typeof location === 'string' ? location : typeof file === 'string' ? file : '';
  return place.slice(0, endOfPath(place));
}

/** Where `:1:2` at the end begins. No pattern: it would be tried anew at each colon of a long row of them. */
function endOfPath(place: string): number {
  let end = place.length;
  for (let at = end - 1; at >= 0; at -= 1) {
    const sign = place.charAt(at);
    if (sign === ':' && at + 1 < end) end = at;
    else if (sign < '0' || sign > '9') break;
  }
  return end;
}

function describe(diagnosis: unknown): string {
  if (typeof diagnosis !== 'object' || diagnosis === null) return String(diagnosis);
  const told: Readonly<Record<string, unknown>> = { ...diagnosis };
  const lines = ['error', 'message', 'expected', 'actual', 'location', 'at', 'stack'].flatMap((key) => {
    const value = told[key];
    if (value === undefined || value === null || value === '') return [];
    return [`${key}: ${typeof value === 'string' ? value : show(value)}`];
  });
  return lines.length > 0 ? lines.join('\n') : show(diagnosis);
}

/** YAML can hold what JSON can't: itself, and numbers without end. */
function show(value: unknown): string {
  return inspect(value, { depth: 4, maxArrayLength: 20, maxStringLength: 2_000, breakLength: 100 });
}
