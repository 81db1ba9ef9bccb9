import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import { collectTests, maxReportedTests, type ReportedTest, type TestReport } from './test-report.js';

const repeated: ReadonlySet<string> = new Set(['testsuites', 'testsuite', 'testcase', 'failure', 'error', 'skipped']);

// An empty element is an empty string, one with text alone that text.
const attributes = z.record(z.string(), z.string()).optional();
const told = z.array(z.union([z.string(), z.looseObject({ attributes, text: z.string().optional() })])).optional();
const testCase = z.union([z.string(), z.looseObject({ attributes, failure: told, error: told, skipped: told })]);
const suite = z.looseObject({
  attributes,
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

/** Names of suites that say only which runner it was. */
const hollow: ReadonlySet<string> = new Set(['pytest', 'Root Suite', 'Mocha Tests', 'jest tests']);
/** What frameworks write of a test that did not run, beside or instead of `<skipped>`. */
const notRun: ReadonlySet<string> = new Set(['notrun', 'skipped', 'suppressed', 'disabled', 'ignored', 'pending']);

/**
 * Reads the report that is called JUnit's, as vitest, jest-junit, mocha-junit-reporter, node:test and pytest
 * write it (there is no standard; https://github.com/testmoapp/junitxml lists what is in use). A test is
 * named by its suites, its class where that adds something, and itself. Null where the text is not such a
 * report, is cut off, or brings a document type of its own: entities are never expanded.
 */
export function parseJunit(text: string, root: string): TestReport | null {
  const rootAt = text.search(/<[A-Za-z]/);
  if (rootAt < 0 || /<!DOCTYPE/i.test(text.slice(0, rootAt))) return null;
  const parsed = parseXml(text);
  if (parsed === null) return null;
  const reported: ReportedTest[] = [];
  for (const each of parsed.testsuites ?? []) if (typeof each !== 'string') collect(each, [], reported);
  for (const each of parsed.testsuite ?? []) if (typeof each !== 'string') collectNamed(each, [], reported);
  return reported.length > maxReportedTests ? null : collectTests(reported, root);
}

function parseXml(text: string): z.infer<typeof report> | null {
  try {
    if (XMLValidator.validate(text) !== true) return null;
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
    if (!parsed.success) return null;
    return parsed.data.testsuites === undefined && parsed.data.testsuite === undefined ? null : parsed.data;
  } catch {
    // Too deep, a reserved name, a broken entity: a hostile or broken file is no report.
    return null;
  }
}

function collectNamed(each: Suite, suites: readonly string[], reported: ReportedTest[]): void {
  const name = decode(each.attributes?.['name'] ?? '');
  collect(each, name === '' || hollow.has(name) ? suites : [...suites, name], reported);
}

function collect(each: Suite, suites: readonly string[], reported: ReportedTest[]): void {
  for (const test of each.testcase ?? []) if (typeof test !== 'string') reported.push(mapTestCase(test, suites));
  for (const inner of each.testsuite ?? []) if (typeof inner !== 'string') collectNamed(inner, suites, reported);
}

function mapTestCase(test: TestCase, suites: readonly string[]): ReportedTest {
  const name = decode(test.attributes?.['name'] ?? '');
  const className = decode(test.attributes?.['classname'] ?? '');
  const outer = suites.filter((each) => name !== each && !name.startsWith(`${each} `));
  return {
    path: addsNothing(className, name, suites) ? [...outer, name] : [...outer, className, name],
    status: statusOf(test),
    message: messageOf(test.failure ?? test.error),
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
  // First, for node:test writes a failing test that is marked as to do with both.
  if (test.skipped !== undefined) return 'skipped';
  if (test.failure !== undefined || test.error !== undefined) return 'failed';
  const words = [test.attributes?.['status'], test.attributes?.['result']];
  return words.some((word) => word !== undefined && notRun.has(word.toLowerCase())) ? 'skipped' : 'passed';
}

function messageOf(failures: z.infer<typeof told>): string | null {
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
