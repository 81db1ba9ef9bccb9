import { describe, expect, it } from 'vitest';
import { parseReport as parseReportBytes } from '../../src/reports/parse-report.js';
import { charactersAtOnce, createReadingPace, ReadTooLong } from '../../src/reports/reading-pace.js';
import { collectTests, maxReportedTests, type ParsedReport } from '../../src/reports/test-report.js';

import { asItIs, parseJunit, parseReport, parseTap, read, told } from './parsed.js';

describe('a failure that a report hides', () => {
  it.each<[string, string, string]>([
    ['behind a skip, as pytest tells of a teardown', '<skipped type="pytest.skip"/><error message="leaks"/>', 'failed'],
    ['behind a skip, as a failure', '<skipped/><failure/>', 'failed'],
    ['of a test that is to do is none', '<skipped type="todo" message="true"/><failure/>', 'skipped'],
  ])('%s', async (_name, inside, status) => {
    expect(told(await parseJunit(`<testsuite><testcase name="a">${inside}</testcase></testsuite>`))).toEqual({
      a: status,
    });
  });

  it.each([
    ['in an attribute alone', '<testsuite><testcase name="a" status="fail"/></testsuite>', { a: 'failed' }],
    [
      'beside the tests',
      '<testsuite name="cart.js"><error message="no such module"/></testsuite>',
      { 'cart.js': 'failed' },
    ],
  ])('%s', async (_name, text, expected) => {
    expect(told(await parseJunit(text))).toEqual(expected);
  });

  it('by a count that no test explains', async () => {
    const text = '<testsuites><testsuite name="s" failures="2" errors="1"><testcase name="a"><failure/></testcase>';
    expect(read(await parseJunit(`${text}</testsuite></testsuites>`)).incomplete).toContain(
      'counts 3 failures and errors',
    );
    const whole = '<testsuites failures="1"><testsuite failures="1"><testcase name="a"><failure/></testcase>';
    expect(read(await parseJunit(`${whole}</testsuite></testsuites>`)).incomplete).toBeNull();
  });
});

describe('tests of one name', () => {
  it.each([
    [
      'in two files',
      '<testsuites><testcase name="a" file="/tree/x.js"/><testcase name="a" file="/tree/y.js"/></testsuites>',
      '<testsuites><testcase name="a" file="/tree/y.js"/><testcase name="a" file="/tree/x.js"/></testsuites>',
      ['x.js > a', 'y.js > a'],
    ],
    [
      'in two browsers',
      '<testsuites><testsuite name="s" hostname="chromium"><testcase name="a"/></testsuite><testsuite name="s" hostname="webkit"><testcase name="a"/></testsuite></testsuites>',
      '<testsuites><testsuite name="s" hostname="webkit"><testcase name="a"/></testsuite><testsuite name="s" hostname="chromium"><testcase name="a"/></testsuite></testsuites>',
      ['chromium > s > a', 'webkit > s > a'],
    ],
    [
      'in two classes whose names the path leaves out',
      '<testsuite name="s"><testcase name="a b" classname="a"/><testcase name="a b" classname="b"/></testsuite>',
      '<testsuite name="s"><testcase name="a b" classname="b"/><testcase name="a b" classname="a"/></testsuite>',
      ['a > s > a b', 'b > s > a b'],
    ],
  ])('%s are told apart, in whatever order they come', async (_name, one, other, names) => {
    const wrapped = async (text: string): Promise<string[]> =>
      Object.keys(
        told(
          await parseJunit(
            text
              .replace('<testsuites><testcase', '<testsuites><testsuite><testcase')
              .replace(/(<testcase[^>]*file[^>]*\/>)<\/testsuites>/, '$1</testsuite></testsuites>'),
          ),
        ),
      ).sort();
    expect(await wrapped(one)).toEqual(names);
    expect(await wrapped(other)).toEqual(names);
  });

  it('of which only the red ones tell their file are not told apart by it', async () => {
    const tap = "ok 1 - same\nnot ok 2 - same\n  ---\n  location: '/tree/cart.test.js:1:1'\n  ...\n1..2\n";
    expect(collectTests([read(await parseTap(tap))], '/tree')).toMatchObject({
      tests: [{ alikeAs: 'same' }, { alikeAs: 'same' }],
    });
  });

  it('that nothing tells apart are marked so', async () => {
    const text = '<testsuite name="s"><testcase name="a"/><testcase name="a"><failure/></testcase></testsuite>';
    const report = collectTests([read(await parseJunit(text))], '/tree');
    expect(report).toMatchObject({
      tests: [
        { name: 's > a', status: 'passed', sharedName: 's > a', alikeAs: 's > a' },
        { name: 's > a (2)', status: 'failed', sharedName: 's > a', alikeAs: 's > a' },
      ],
    });
  });
});

describe('what is no report says why', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  it.each<[string, Uint8Array, string]>([
    ['nothing', bytes(' \n'), 'is empty'],
    ['text', bytes('Build finished.\n'), 'is neither JUnit nor TAP'],
    ['a page', bytes('<html></html>'), 'is not JUnit'],
    ['a report cut off', bytes('<testsuite>\n<testcase name="a">'), 'is cut off or no XML'],
    ['entities of its own', bytes('<!DOCTYPE x [<!ENTITY e "v">]><testsuite/>'), 'brings a document type'],
    [
      'attributes without end',
      bytes(`<testsuite ${Array.from({ length: 1_001 }, (_each, at) => `a${at}=""`).join(' ')}/>`),
      'more than 1000 attributes',
    ],
    [
      'elements without end',
      bytes(`<testsuite>${'<testsuite/>'.repeat(400_001)}</testsuite>`),
      'more than 400000 elements',
    ],
    ['tests of TAP without end', bytes('ok\n'.repeat(100_010)), 'has more than 100000 tests'],
    [
      'a sign that takes what follows for a name',
      bytes('<testsuite><testcase name="a & b"><failure/></testcase><testcase name="c;"/></testsuite>'),
      'no XML',
    ],
    ['two roots', bytes('<testsuite/><testsuite/>'), 'no XML'],
    ['nesting', bytes(`${'<testsuite>'.repeat(5_000)}${'</testsuite>'.repeat(5_000)}`), 'nests too deep'],
    ['an encoding of its own', bytes('<?xml version="1.0" encoding="klingon"?><testsuite/>'), 'encoding klingon'],
  ])('%s', async (_name, report, words) => {
    expect(await parseReport(report, asItIs)).toMatchObject({ problem: expect.stringContaining(words) });
  });

  it('messages that are looked for in what stands below them', async () => {
    const begun = process.cpuUsage();
    const half = 'a'.repeat(30_000);
    const failure = `<failure message="${half}b${half}">${'a'.repeat(1_900_000)}</failure>`;
    expect(told(await parseJunit(`<testsuite><testcase name="a">${failure}</testcase></testsuite>`))).toEqual({
      a: 'failed',
    });
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1e6).toBeLessThan(4);
  });

  it('names that are far longer than what they are made of', () => {
    const suites = Array.from({ length: 90 }, (_each, depth) => `${depth}`.padEnd(300, 'x'));
    const reported = Array.from({ length: 2_000 }, (_each, at) => ({
      ...{ path: [...suites, `${at}`], status: 'passed', message: null, places: [] },
    })) satisfies ParsedReport['reported'];
    expect(collectTests([{ reported, incomplete: null }], '/tree')).toEqual({
      problem: 'has names of more than 16777216 characters',
    });
  });

  it('more tests than are read, by its own words; 25,000 are read', async () => {
    const many = (count: number): ParsedReport => ({
      reported: Array.from({ length: count }, (_each, index) => ({
        path: [`${index}`],
        status: 'passed',
        message: null,
        places: [],
      })),
      incomplete: null,
    });
    expect(collectTests([many(25_002)], '/tree')).toMatchObject({ tests: { length: 25_002 } });
    expect(collectTests([many(maxReportedTests), many(1)], '/tree')).toEqual({
      problem: 'has 100001 tests; 100000 are read',
    });
  });

  it('25,002 cases of a real file are no problem', async () => {
    const cases = Array.from({ length: 25_002 }, (_each, index) => `<testcase classname="t${index}" name="works"/>`);
    const report = await parseReport(
      bytes(`<testsuites><testsuite name="pytest">${cases.join('')}</testsuite></testsuites>`),
      asItIs,
    );
    expect(read(report).reported).toHaveLength(25_002);
  });
});

describe('the encoding of a report', () => {
  const text = '<testsuite><testcase name="größer"/></testsuite>';
  it.each<[string, Uint8Array]>([
    ['UTF-8', new TextEncoder().encode(text)],
    ['UTF-8 with a mark', new TextEncoder().encode(`\uFEFF${text}`)],
    ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['what its declaration says', Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${text}`, 'latin1')],
  ])('may be %s', async (_name, bytes) => {
    expect(told(await parseReport(bytes, asItIs))).toEqual({ größer: 'passed' });
  });
});

describe('a long report', () => {
  const xml = `<testsuite>${'<testcase name="a"/>'.repeat(5_000)}</testsuite>`;
  const tap = `TAP version 13\n${'ok - a\n'.repeat(10_000)}`;
  it.each([
    ['JUnit', xml],
    ['TAP', tap],
    ['TAP that never begins', 'x\n'.repeat(50_000)],
  ])('as %s is read in pieces, between which others have their turn', async (_name, text) => {
    let turns = 0;
    await parseReportBytes(new TextEncoder().encode(text), asItIs, async () => {
      turns += 1;
    });
    expect(turns).toBeGreaterThanOrEqual(Math.floor(text.length / charactersAtOnce));
  });

  it.each([
    ['JUnit', xml],
    ['TAP', tap],
  ])('as %s is given up once it took as long as it may, or nobody wants it any more', async (_name, text) => {
    const bytes = new TextEncoder().encode(text);
    await expect(parseReportBytes(bytes, asItIs, createReadingPace(-1))).rejects.toThrow(ReadTooLong);
    const gone = createReadingPace(60_000, AbortSignal.abort(new Error('let go')));
    await expect(parseReportBytes(bytes, asItIs, gone)).rejects.toThrow('let go');
  });
});

describe('what no XML may hold and runners write all the same', () => {
  it('is read: control characters, colours, and names of entities', async () => {
    const text =
      '\n<?xml version="1.0"?><testsuite><testcase name="a\u0001&nbsp;"><failure>&#27;[31m\u001b ]]></failure>';
    expect(told(await parseJunit(`${text}</testcase></testsuite>`))).toEqual({ 'a\\u{1}&nbsp;': 'failed' });
  });
});
