import { cleanName } from '../text/clean-output.js';
import { type JunitElement, readJunitElements } from './junit-elements.js';
import type { ReadingPace } from './reading-pace.js';
import type { ParsedReport, ReportedTest, ReportProblem } from './test-report.js';

/** Names of suites that say only which runner it was. */
const hollow: ReadonlySet<string> = new Set(['pytest', 'Root Suite', 'Mocha Tests', 'jest tests']);
/** What frameworks write of a test that did not run, beside or instead of `<skipped>`. */
const notRun: ReadonlySet<string> = new Set(['notrun', 'skipped', 'suppressed', 'disabled', 'ignored', 'pending']);
/** What frameworks write of a test that failed, beside or instead of `<failure>`. */
const red: ReadonlySet<string> = new Set(['fail', 'failed', 'failure', 'error', 'errored', 'broken']);

/** Where a test stands, and what was found so far. */
interface Place {
  readonly suites: readonly string[];
  /** `suites` in one. */
  readonly within: string;
  readonly file: string;
  readonly host: string;
  readonly found: Found;
}

interface Found {
  readonly reported: ReportedTest[];
  readonly hidden: string[];
}

/**
 * Reads the report that is called JUnit's, as vitest, jest-junit, mocha-junit-reporter, node:test and pytest
 * write it (there is no standard; https://github.com/testmoapp/junitxml lists what is in use). A test is
 * named by its suites, its class where that adds something, and itself. Entities are never expanded, and a
 * document type of its own makes it no report. One that counts more failures than it tells is not whole.
 */
export async function parseJunit(text: string, pace: ReadingPace): Promise<ParsedReport | ReportProblem> {
  const rootAt = text.search(/<[A-Za-z]/);
  if (rootAt < 0) return { problem: text.trim() === '' ? 'is empty' : 'is not JUnit' };
  if (/<!DOCTYPE/i.test(text.slice(0, rootAt)))
    return { problem: 'brings a document type of its own, so it is not read' };
  const document = await readJunitElements(text.trimStart(), pace);
  if ('problem' in document) return document;
  const [root] = document.children;
  if (root === undefined) return { problem: 'is not JUnit' };
  const found: Found = { reported: [], hidden: [] };
  const outside: Place = { suites: [], within: '', file: '', host: '', found };
  if (root.kind === 'testsuites') collect(root, outside);
  else collectNamed(root, outside);
  return { reported: found.reported, incomplete: found.hidden[0] ?? null };
}

/** How many failures and errors stand in it and below it. */
function collectNamed(suite: JunitElement, place: Place): number {
  return collect(suite, place, attribute(suite, 'name'));
}

function collect(suite: JunitElement, outer: Place, name = ''): number {
  const suites = name === '' || hollow.has(name) ? outer.suites : [...outer.suites, name];
  const place: Place = {
    ...outer,
    suites,
    within: suites.join(' > '),
    file: fileOf(suite) || outer.file,
    host: attribute(suite, 'hostname') || outer.host,
  };
  const { reported, hidden } = outer.found;
  let failures = failuresIn(suite).length;
  // What no test of the suite is to blame for: it did not load, or a hook of it failed.
  if (failures > 0) {
    reported.push({ ...placed(place, ''), path: place.suites, status: 'failed', message: messageOf(suite) });
  }
  for (const each of suite.children) {
    if (each.kind === 'testcase') {
      reported.push(mapTestCase(each, place));
      failures += failuresIn(each).length;
    } else if (each.kind === 'testsuite') failures += collectNamed(each, place);
  }
  const counted = numberIn(attribute(suite, 'failures')) + numberIn(attribute(suite, 'errors'));
  if (counted > failures) {
    const where = name === '' ? 'A report' : `The suite \`${cleanName(name, 80)}\` of its report`;
    hidden.push(`${where} counts ${counted} failures and errors and tells of ${failures}.`);
  }
  return failures;
}

function attribute({ attributes }: JunitElement, name: string): string {
  return attributes[name] ?? '';
}

/** Failures before errors, as they stand in it itself. */
function failuresIn({ children }: JunitElement): readonly JunitElement[] {
  return [...children.filter(({ kind }) => kind === 'failure'), ...children.filter(({ kind }) => kind === 'error')];
}

function numberIn(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

function fileOf(element: JunitElement): string {
  return element.attributes['file'] ?? attribute(element, 'filepath');
}

function placed({ within, file, host }: Place, className: string): Pick<ReportedTest, 'places'> {
  return { places: [host, file, within, className] };
}

function mapTestCase(test: JunitElement, place: Place): ReportedTest {
  const name = attribute(test, 'name');
  const className = attribute(test, 'classname');
  const { suites } = place;
  const outer = suites.filter((each) => name !== each && !name.startsWith(`${each} `));
  const file = fileOf(test) || place.file;
  return {
    path: addsNothing(className, name, suites) ? [...outer, name] : [...outer, className, name],
    status: statusOf(test),
    message: messageOf(test),
    ...placed({ ...place, file }, className),
  };
}

function addsNothing(className: string, name: string, suites: readonly string[]): boolean {
  return (
    className === '' ||
    // What node:test writes of every test outside a suite.
    className === 'test' ||
    suites.includes(className) ||
    suites.join('.') === className ||
    name === className ||
    name.startsWith(`${className} `) ||
    name.endsWith(` ${className}`)
  );
}

function statusOf(test: JunitElement): ReportedTest['status'] {
  const skipped = test.children.filter(({ kind }) => kind === 'skipped');
  // Such a one may fail: node:test writes it with both.
  if (skipped.some((each) => attribute(each, 'type') === 'todo')) return 'skipped';
  // Before `<skipped>`, which pytest writes of a skipped test whose module then fails to be torn down.
  if (failuresIn(test).length > 0) return 'failed';
  if (skipped.length > 0) return 'skipped';
  const words = [attribute(test, 'status'), attribute(test, 'result')].map((word) => word.toLowerCase());
  if (words.some((word) => red.has(word))) return 'failed';
  return words.some((word) => notRun.has(word)) ? 'skipped' : 'passed';
}

/** Of what is looked for: a search takes the product of both lengths for some, and others wait meanwhile. */
const longestSought = 500;

/** What the first failure in it says. */
function messageOf(element: JunitElement): string | null {
  const [first] = failuresIn(element);
  if (first === undefined) return null;
  const message = attribute(first, 'message').trim();
  const body = first.text.trim();
  return body.includes(message.slice(0, longestSought))
    ? body
    : [message, body].filter((part) => part !== '').join('\n');
}
