import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import { cleanName } from './clean-output.js';
import type { ParsedReport, ReportedTest, ReportProblem } from './test-report.js';

const repeated: ReadonlySet<string> = new Set(['testsuites', 'testsuite', 'testcase', 'failure', 'error', 'skipped']);

// An empty element is an empty string, one with text alone that text.
const attributes = z.record(z.string(), z.string()).optional();
const told = z.array(z.union([z.string(), z.looseObject({ attributes, text: z.string().optional() })])).optional();
const testCase = z.union([z.string(), z.looseObject({ attributes, failure: told, error: told, skipped: told })]);
const suite = z.looseObject({
  attributes,
  failure: told,
  error: told,
  testcase: z.array(testCase).optional(),
  get testsuite() {
    return z.array(z.union([z.string(), suite])).optional();
  },
});
const report = z.looseObject({
  testsuites: z.array(z.union([z.string(), suite])).optional(),
  testsuite: z.array(z.union([z.string(), suite])).optional(),
});

type Suite = z.infer<typeof suite>;
type TestCase = Exclude<z.infer<typeof testCase>, string>;
type Attributes = z.infer<typeof attributes>;
type Told = z.infer<typeof told>;

/** Names of suites that say only which runner it was. */
const hollow: ReadonlySet<string> = new Set(['pytest', 'Root Suite', 'Mocha Tests', 'jest tests']);
/** What frameworks write of a test that did not run, beside or instead of `<skipped>`. */
const notRun: ReadonlySet<string> = new Set(['notrun', 'skipped', 'suppressed', 'disabled', 'ignored', 'pending']);
/** What frameworks write of a test that failed, beside or instead of `<failure>`. */
const red: ReadonlySet<string> = new Set(['fail', 'failed', 'failure', 'error', 'errored', 'broken']);

/** Where a test stands, and what was found so far. */
interface Place {
  readonly suites: readonly string[];
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
export function parseJunit(text: string): ParsedReport | ReportProblem {
  const rootAt = text.search(/<[A-Za-z]/);
  if (rootAt < 0) return { problem: text.trim() === '' ? 'is empty' : 'is not JUnit' };
  if (/<!DOCTYPE/i.test(text.slice(0, rootAt)))
    return { problem: 'brings a document type of its own, so it is not read' };
  const parsed = parseXml(text);
  if ('problem' in parsed) return parsed;
  const found: Found = { reported: [], hidden: [] };
  const outside: Place = { suites: [], file: '', host: '', found };
  for (const each of suitesIn(parsed.root.testsuites)) collect(each, outside);
  for (const each of suitesIn(parsed.root.testsuite)) collectNamed(each, outside);
  return { reported: found.reported, incomplete: found.hidden[0] ?? null };
}

function parseXml(text: string): { readonly root: z.infer<typeof report> } | ReportProblem {
  try {
    const valid = XMLValidator.validate(text);
    if (valid !== true) return { problem: `is cut off or no XML (line ${valid.err.line})` };
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributesGroupName: 'attributes',
      attributeNamePrefix: '',
      textNodeName: 'text',
      processEntities: false,
      parseTagValue: false,
      parseAttributeValue: false,
      isArray: (name, _path, _leaf, isAttribute) => !isAttribute && repeated.has(name),
    });
    const parsed = report.safeParse(parser.parse(text));
    if (!parsed.success) return { problem: 'is not JUnit' };
    if (parsed.data.testsuites === undefined && parsed.data.testsuite === undefined) return { problem: 'is not JUnit' };
    return { root: parsed.data };
  } catch {
    return { problem: 'nests too deep, or uses names that are not safe to read' };
  }
}

/** How many failures and errors stand in it and below it. */
function collectNamed(each: Suite, place: Place): number {
  const name = decode(each.attributes?.['name'] ?? '');
  return collect(each, place, name);
}

function collect(each: Suite, outer: Place, name = ''): number {
  const place: Place = {
    ...outer,
    suites: name === '' || hollow.has(name) ? outer.suites : [...outer.suites, name],
    file: fileOf(each.attributes) || outer.file,
    host: decode(each.attributes?.['hostname'] ?? '') || outer.host,
  };
  const { reported, hidden } = outer.found;
  let failures = countOf(each);
  // What no test of the suite is to blame for: it did not load, or a hook of it failed.
  if (failures > 0) reported.push({ ...placed(place, ''), path: place.suites, ...failedWith(each) });
  for (const test of each.testcase ?? []) {
    if (typeof test === 'string') continue;
    reported.push(mapTestCase(test, place));
    failures += countOf(test);
  }
  for (const inner of suitesIn(each.testsuite)) failures += collectNamed(inner, place);
  const counted = numberIn(each.attributes?.['failures']) + numberIn(each.attributes?.['errors']);
  if (counted > failures) {
    const where = name === '' ? 'A report' : `The suite \`${cleanName(name, 80)}\` of its report`;
    hidden.push(`${where} counts ${counted} failures and errors and tells of ${failures}.`);
  }
  return failures;
}

function countOf(element: { readonly failure?: Told; readonly error?: Told }): number {
  return (element.failure?.length ?? 0) + (element.error?.length ?? 0);
}

function suitesIn(elements: readonly (string | Suite)[] | undefined): readonly Suite[] {
  return (elements ?? []).filter((each) => typeof each !== 'string');
}

function numberIn(text: string | undefined): number {
  return /^\d{1,9}$/.test(text ?? '') ? Number(text) : 0;
}

function fileOf(told: Attributes): string {
  return decode(told?.['file'] ?? told?.['filepath'] ?? '');
}

function placed({ suites, file, host }: Place, className: string): Pick<ReportedTest, 'places'> {
  return { places: [host, file, suites.join(' > '), className] };
}

function failedWith(element: {
  readonly failure?: Told;
  readonly error?: Told;
}): Pick<ReportedTest, 'status' | 'message'> {
  return { status: 'failed', message: messageOf(element.failure ?? element.error) };
}

function mapTestCase(test: TestCase, place: Place): ReportedTest {
  const name = decode(test.attributes?.['name'] ?? '');
  const className = decode(test.attributes?.['classname'] ?? '');
  const { suites } = place;
  const outer = suites.filter((each) => name !== each && !name.startsWith(`${each} `));
  const file = fileOf(test.attributes) || place.file;
  return {
    path: addsNothing(className, name, suites) ? [...outer, name] : [...outer, className, name],
    status: statusOf(test),
    message: messageOf(test.failure ?? test.error),
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

function statusOf(test: TestCase): ReportedTest['status'] {
  // Such a one may fail: node:test writes it with both.
  const isToDo = test.skipped?.some((each) => typeof each !== 'string' && each.attributes?.['type'] === 'todo');
  if (isToDo === true) return 'skipped';
  // Before `<skipped>`, which pytest writes of a skipped test whose module then fails to be torn down.
  if (test.failure !== undefined || test.error !== undefined) return 'failed';
  if (test.skipped !== undefined) return 'skipped';
  const words = [test.attributes?.['status'], test.attributes?.['result']].map((word) => word?.toLowerCase() ?? '');
  if (words.some((word) => red.has(word))) return 'failed';
  return words.some((word) => notRun.has(word)) ? 'skipped' : 'passed';
}

function messageOf(failures: Told): string | null {
  const first = failures?.[0];
  if (first === undefined) return null;
  if (typeof first === 'string') return decode(first);
  const message = decode(first.attributes?.['message'] ?? '').trim();
  const body = decode(first.text ?? '').trim();
  return body.includes(message) ? body : [message, body].filter((part) => part !== '').join('\n');
}

const predefined: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The five entities that XML itself defines, and character references; nothing that a document could define. */
function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return predefined[String(name).toLowerCase()] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal, 10);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
