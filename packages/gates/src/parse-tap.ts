import { Parser, type Result } from 'tap-parser';
import { collectTests, maxReportedTests, type ReportedTest, type TestReport } from './test-report.js';

/**
 * Reads the Test Anything Protocol (https://testanything.org/tap-version-14-specification.html), subtests
 * included. A failing test marked as to do counts as skipped: it can't make a run red. Null where the text
 * holds no test at all, or more than anybody writes.
 */
export function parseTap(text: string, root: string): TestReport | null {
  const reported: ReportedTest[] = [];
  const parser = new Parser();
  listen(parser, [], reported);
  parser.end(text);
  const isTap = reported.length > 0 || (parser.planEnd >= 0 && !parser.syntheticPlan);
  if (!isTap || reported.length > maxReportedTests) return null;
  return collectTests(reported, root);
}

function listen(parser: Parser, suites: readonly string[], reported: ReportedTest[]): void {
  let childFailed = false;
  parser.on('child', (child: Parser) => {
    childFailed = false;
    child.on('assert', (result: Result) => {
      childFailed ||= isRed(result);
    });
    listen(child, [...suites, child.name], reported);
  });
  parser.on('assert', (result: Result) => {
    // A suite that is red though none of its tests is: a hook failed.
    if (result.closingTestPoint && (!isRed(result) || childFailed)) return;
    reported.push({
      path: [...suites, result.name],
      status: statusOf(result),
      message: result.diag === null || result.diag === undefined ? null : describe(result.diag),
    });
  });
}

function isRed(result: Result): boolean {
  return !result.ok && !result.todo && !result.skip;
}

function statusOf(result: Result): ReportedTest['status'] {
  if (result.skip || result.todo) return 'skipped';
  return result.ok ? 'passed' : 'failed';
}

function describe(diagnosis: unknown): string {
  if (typeof diagnosis !== 'object' || diagnosis === null) return String(diagnosis);
  const told: Readonly<Record<string, unknown>> = { ...diagnosis };
  const lines = ['error', 'message', 'expected', 'actual', 'location', 'at', 'stack'].flatMap((key) => {
    const value = told[key];
    if (value === undefined || value === null || value === '') return [];
    return [`${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`];
  });
  return lines.length > 0 ? lines.join('\n') : JSON.stringify(diagnosis);
}
