import { describe, expect, it } from 'vitest';
import { collectTests, type ParsedReport, type ReportProblem, type TestReport } from '../../src/reports/test-report.js';
import { parseJunit as parseJunitText, parseTap as parseTapText } from './parsed.js';

function collected(parsed: ParsedReport | ReportProblem, root: string): TestReport | null {
  const report = 'problem' in parsed ? parsed : collectTests([parsed], root);
  return 'problem' in report ? null : report;
}

const parseJunit = async (text: string, root: string): Promise<TestReport | null> =>
  collected(await parseJunitText(text), root);
const parseTap = async (text: string, root: string): Promise<TestReport | null> =>
  collected(await parseTapText(text), root);

function told(report: TestReport | null): Readonly<Record<string, string>> {
  return Object.fromEntries((report?.tests ?? []).map(({ name, status }) => [name, status]));
}

describe('JUnit, as it is written by', () => {
  it('vitest', async () => {
    const report = await parseJunit(
      `<?xml version="1.0" encoding="UTF-8" ?>
<testsuites name="vitest tests" tests="4" failures="1" errors="0" time="0.31">
    <testsuite name="test/cart.test.ts" timestamp="2026-01-01T00:00:00.000Z" hostname="host" tests="3" failures="1" errors="0" skipped="1" time="0.01">
        <testcase classname="test/cart.test.ts" name="cart &gt; adds &quot;a &amp; b&quot;" time="0.001">
        </testcase>
        <testcase classname="test/cart.test.ts" name="cart &gt; rounds" time="0.004">
            <failure message="expected 100 to be 90 // Object.is equality" type="AssertionError">
AssertionError: expected 100 to be 90 // Object.is equality
 ❯ test/cart.test.ts:88:21
            </failure>
        </testcase>
        <testcase classname="test/cart.test.ts" name="cart &gt; later" time="0">
            <skipped/>
        </testcase>
    </testsuite>
    <testsuite name="test/broken.test.ts" tests="1" failures="1" errors="0" skipped="0" time="0">
        <testcase classname="test/broken.test.ts" name="test/broken.test.ts" time="0">
            <error message="Failed to resolve import" type="Error"><![CDATA[Error: <none> & nothing]]></error>
        </testcase>
    </testsuite>
</testsuites>`,
      '/tree',
    );
    expect(told(report)).toEqual({
      'test/cart.test.ts > cart > adds "a & b"': 'passed',
      'test/cart.test.ts > cart > rounds': 'failed',
      'test/cart.test.ts > cart > later': 'skipped',
      'test/broken.test.ts': 'failed',
    });
    expect(report?.messages.get('test/cart.test.ts > cart > rounds')).toContain('test/cart.test.ts:88:21');
    expect(report?.messages.get('test/broken.test.ts')).toContain('Error: <none> & nothing');
  });

  it('jest-junit', async () => {
    const report = await parseJunit(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="jest tests" tests="2" failures="1" errors="0" time="0.9">
  <testsuite name="addition" errors="0" failures="1" skipped="0" timestamp="2026-01-01T00:00:00" time="0.5" tests="2">
    <testcase classname="addition positive numbers should add up" name="addition positive numbers should add up" time="0.004">
    </testcase>
    <testcase classname="addition of none" name="addition of none" time="0.004">
      <failure>Error: expect(received).toBe(expected)
    at Object.&lt;anonymous&gt; (/tree/sum.test.js:5:17)</failure>
    </testcase>
  </testsuite>
</testsuites>`,
      '/tree',
    );
    expect(told(report)).toEqual({ 'addition positive numbers should add up': 'passed', 'addition of none': 'failed' });
    expect(report?.messages.get('addition of none')).toContain('Object.<anonymous>');
  });

  it('mocha-junit-reporter', async () => {
    const report = await parseJunit(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="Mocha Tests" time="0.0100" tests="2" failures="1">
  <testsuite name="Root Suite" timestamp="2026-01-01T00:00:00" tests="0" time="0.0000" failures="0">
  </testsuite>
  <testsuite name="cart" timestamp="2026-01-01T00:00:00" tests="2" file="/tree/test/cart.js" time="0.0030" failures="1">
    <testcase name="cart adds" time="0.0000" classname="adds">
    </testcase>
    <testcase name="cart rounds" time="0.0010" classname="rounds">
      <failure message="90 == 100" type="AssertionError"><![CDATA[AssertionError [ERR_ASSERTION]: 90 == 100]]></failure>
    </testcase>
  </testsuite>
</testsuites>`,
      '/tree',
    );
    expect(told(report)).toEqual({ 'cart adds': 'passed', 'cart rounds': 'failed' });
  });

  it('pytest', async () => {
    const report = await parseJunit(
      `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1" skipped="2" tests="5" time="0.05" timestamp="2026-01-01T00:00:00+00:00" hostname="host"><testcase classname="tests.test_cart.TestCart" name="test_adds[1-2]" time="0.001" /><testcase classname="tests.test_cart" name="test_rounds" time="0.001"><failure message="assert 100 == 90">def test_rounds():
&gt;       assert 100 == 90
E       assert 100 == 90</failure></testcase><testcase classname="tests.test_cart" name="test_later" time="0.0"><skipped type="pytest.skip" message="later">tests/test_cart.py:9: later</skipped></testcase><testcase classname="tests.test_cart" name="test_expected" time="0.0"><skipped type="pytest.xfail" message="" /></testcase><testcase classname="" name="tests.test_broken" time="0.0"><error message="collection failure">ImportError</error></testcase></testsuite></testsuites>`,
      '/tree',
    );
    expect(told(report)).toEqual({
      'tests.test_cart.TestCart > test_adds[1-2]': 'passed',
      'tests.test_cart > test_rounds': 'failed',
      'tests.test_cart > test_later': 'skipped',
      'tests.test_cart > test_expected': 'skipped',
      'tests.test_broken': 'failed',
    });
  });

  it('node:test, nested, with one that is to do', async () => {
    const report = await parseJunit(
      `<?xml version="1.0" encoding="utf-8"?>
<testsuites>
	<testcase name="top" time="0.001" classname="test" file="/tree/a.test.js"/>
	<testcase name="todo fails" time="0.0002" classname="test" file="/tree/a.test.js" failure="x">
		<skipped type="todo" message="true"/>
		<failure type="testCodeFailure" message="x">x</failure>
	</testcase>
	<testsuite name="group" time="0.002" tests="1" failures="0" skipped="0" hostname="host">
		<testsuite name="deep" time="0.0007" tests="1" failures="0" skipped="0" hostname="host">
			<testcase name="inner" time="0.0003" classname="group.deep" file="/tree/a.test.js"/>
		</testsuite>
	</testsuite>
	<!-- tests 3 -->
</testsuites>`,
      '/tree',
    );
    expect(told(report)).toEqual({ top: 'passed', 'todo fails': 'skipped', 'group > deep > inner': 'passed' });
  });

  it('nobody: text, pages, cut-off files and documents with entities of their own are no report', async () => {
    const bomb = `<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><testsuites><testcase name="&b;"/></testsuites>`;
    const deep = `${'<testsuite>'.repeat(5_000)}${'</testsuite>'.repeat(5_000)}`;
    for (const text of ['', 'all is well', '<html></html>', '<testsuites><testsuite name="a">', bomb, deep]) {
      expect(await parseJunit(text, '/tree')).toBeNull();
    }
    expect((await parseJunit('<testsuites/>', '/tree'))?.tests).toEqual([]);
  });
});

describe('names', () => {
  const suite = (tests: string): string => `<testsuite name="s">${tests}</testsuite>`;

  it('of several tests are numbered by status, so that the order of files is no difference', async () => {
    const red = '<testcase name="a"><failure message="why"/></testcase>';
    const green = '<testcase name="a"/>';
    const one = await parseJunit(suite(`${red}${green}${green}`), '/tree');
    expect(told(one)).toEqual({ 's > a': 'passed', 's > a (2)': 'passed', 's > a (3)': 'failed' });
    expect(await parseJunit(suite(`${green}${red}${green}`), '/tree')).toEqual(one);
    expect([...(one?.messages ?? [])]).toEqual([['s > a (3)', 'why']]);
  });

  it('are not taken by a test that is called so already', async () => {
    const report = await parseJunit(suite('<testcase name="a (2)"/><testcase name="a"/><testcase name="a"/>'), '/tree');
    expect(Object.keys(told(report)).sort()).toEqual(['s > a', 's > a (2)', 's > a (3)']);
  });

  it('hold neither the directory of the checkout nor characters that a terminal would obey', async () => {
    const report = await parseJunit(
      suite('<testcase name="/tree/a.test.js &#27;[31mred&#10;line &#8238;back"/>'),
      '/tree',
    );
    expect(Object.keys(told(report))).toEqual(['s > a.test.js red line \\u{202e}back']);
  });
});

describe('TAP', () => {
  it('tells nested tests by their path, a suite only where it alone is red', async () => {
    const report = await parseTap(
      `> shop@1.0.0 test
> node --test

TAP version 13
# Subtest: cart
    # Subtest: adds
    ok 1 - adds
      ---
      duration_ms: 0.2
      ...
    # Subtest: rounds
    not ok 2 - rounds
      ---
      error: '90 == 100'
      stack: |-
        at cart.test.js:88
      ...
    1..2
not ok 1 - cart
# Subtest: hook
    # Subtest: x
    ok 1 - x
    1..1
not ok 2 - hook
  ---
  error: 'hook failed'
  ...
ok 3 - group # SKIP
1..3
`,
      '/tree',
    );
    expect(told(report)).toEqual({
      'cart > adds': 'passed',
      'cart > rounds': 'failed',
      'hook > x': 'passed',
      hook: 'failed',
      group: 'skipped',
    });
    expect(report?.messages.get('cart > rounds')).toContain('90 == 100');
  });

  it('is not what has no test and no plan', async () => {
    expect(await parseTap('Build finished.\n', '/tree')).toBeNull();
    expect(await parseTap('', '/tree')).toBeNull();
    expect((await parseTap('TAP version 14\n1..0 # nothing here\n', '/tree'))?.tests).toEqual([]);
  });
});
