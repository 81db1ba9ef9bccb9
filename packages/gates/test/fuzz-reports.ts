import { fuzzed, mutatedText } from '@baton/conformance/fuzz';
import fc from 'fast-check';
import { expect } from 'vitest';
import { parseReport } from '../src/reports/parse-report.js';
import { createReadingPace } from '../src/reports/reading-pace.js';
import { collectTests } from '../src/reports/test-report.js';

const junit = [
  `<?xml version="1.0" encoding="UTF-8" ?>
<testsuites name="vitest tests" tests="4" failures="1" errors="0" time="0.31">
  <testsuite name="test/cart.test.ts" hostname="host" tests="3" failures="1" errors="0" skipped="1">
    <testcase classname="test/cart.test.ts" name="cart &gt; adds &quot;a &amp; b&quot;" time="0.001">
    </testcase>
    <testcase classname="test/cart.test.ts" name="cart &gt; rounds" time="0.004">
      <failure message="expected 100 to be 90" type="AssertionError">
AssertionError: expected 100 to be 90 &#128;&#x1F600;
      </failure>
    </testcase>
    <testcase classname="test/cart.test.ts" name="cart &gt; later" time="0">
      <skipped/>
    </testcase>
  </testsuite>
  <testsuite name="test/broken.test.ts" file="/tree/test/broken.test.ts" tests="1" failures="0" errors="2">
    <error message="Failed to resolve import" type="Error"><![CDATA[Error: <none> & nothing]]></error>
    <testcase classname="" name="once"><skipped type="todo" message="true"/><failure/></testcase>
  </testsuite>
</testsuites>`,
  `<testsuite name="pytest" errors="0" failures="1" tests="3" timestamp="2026-01-01T00:00:00" hostname="h">
<testcase classname="tests.test_cart" name="test_cart" time="0.1" status="fail"/>
<testcase classname="test" name="test_more" result="notrun" filepath="a.py"/>
<testsuite name="Root Suite"><testcase name="cart adds" classname="adds"><failure>Error: expect</failure></testcase>
<testcase name="cart adds" classname="cart"><error/><system-out>x</system-out></testcase></testsuite>
</testsuite>`,
  `<testsuite name="s" hostname="a"><testcase name="a"/><testcase name="a"/><testcase name="a (2)"/>
<testsuite name="t" hostname="b"><testcase name="a"><failure message="x">x</failure></testcase></testsuite>
<testsuite name="t" hostname="c"><testcase name="a"><skipped>why</skipped></testcase></testsuite></testsuite>`,
  '<testsuites>\n<testcase name="a" file="/tree/x.js"/>\n<testcase name="a" file="/tree/y.js"/>\n</testsuites>',
];
const tap = [
  `TAP version 13
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
      location: '/tree/cart.test.js:88:3'
      expected: { a: [1] }
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
  message: 'hook failed'
  file: a.js
  ...
ok 3 - group # SKIP
not ok 4 - later # TODO
1..4
`,
  '> @acme/a@1.0.0 test\n1..2\nok 1 - a\nok\n> b@1.0.0 test\nTAP version 14\n1..3\nok 1 - a\nBail out! no room\n',
  'TAP version 14\n1..0 # nothing here\n',
  '1..1\nnot ok 1\n  ---\n  &a [1, *a]\n  ...\n1..2\nok 1 - a {\n  1..1\n  ok\n}\n',
];
const xmlPieces = [
  ...['<testsuite>', '</testsuite>', '<testcase name="a">', '</testcase>', '<failure/>', '<error message="', '"', '<'],
  ...[
    '>',
    '&',
    '&lt;',
    '&#x110000;',
    '&#0;',
    '&#55296;',
    '<![CDATA[',
    ']]>',
    '<!-- ',
    ' -->',
    '<!DOCTYPE x [<!ENTITY a "b">]>',
  ],
  ...['<?xml version="1.0" encoding="koi8-r"?>', '<?xml encoding="nonsense"?>', ' __proto__="x"', '<__proto__/>'],
  ...[' name=""', ' status="failed"', ' failures="9"', '<constructor>', '</constructor>', '\u001b[31m', '\u202e'],
];
const tapPieces = [
  ...[
    'TAP version 14\n',
    '1..2\n',
    '1..0 # skip\n',
    'ok\n',
    'not ok 2 - b\n',
    '    ok\n',
    '  ---\n',
    '  ...\n',
    '# Subtest: a\n',
  ],
  ...[
    'Bail out!\n',
    'Bail out! why\n',
    ' # TODO',
    ' # SKIP',
    'pragma +strict\n',
    '    1..1\n',
    '\t',
    '{\n',
    '}\n',
    '  - a\n',
  ],
  ...[
    '  !!js/function x\n',
    '  <<: *a\n',
    '  a: &a [*a]\n',
    '  __proto__: 1\n',
    '  at: !re /(a+)+$/\n',
    '> x@1 y\n',
    '  x: .inf\n',
  ],
];
/** What is beyond a bound of how much is read, or counts more than it tells. */
const beyond = [
  '<testsuites errors="9"><testsuite name="s" failures="9"><testcase name="a"/></testsuite></testsuites>',
  `<testsuite ${Array.from({ length: 1_001 }, (_each, at) => `a${at}=""`).join(' ')}/>`,
  '<testsuite>'.repeat(101) + '</testsuite>'.repeat(101),
  `${`<testsuite name="${'x'.repeat(300)}">`.repeat(90)}${'<testcase name="a"/>'.repeat(700)}${'</testsuite>'.repeat(90)}`,
];
const text = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...beyond) },
  { weight: 5, arbitrary: mutatedText(junit, xmlPieces) },
  { weight: 5, arbitrary: mutatedText(tap, tapPieces) },
  fc.constantFrom('', ' \n', 'no report', '<?xml encoding="nonsense"?><testsuite/>', `ok 1 - ${'x'.repeat(20_000)}`),
);
const encodings = {
  utf8: (each: string) => Buffer.from(each),
  utf16le: (each: string) => Buffer.from(`\ufeff${each}`, 'utf16le'),
  utf16be: (each: string) => Buffer.from(`\ufeff${each}`, 'utf16le').swap16(),
};
const encoding = fc.constantFrom('utf8', 'utf8', 'utf8', 'utf8', 'utf8', 'utf8', 'utf16le', 'utf16be');

const mask = (known: string): string => known.replaceAll('rounds', '[SECRET]');

export const reports = fuzzed(
  'a report is read into tests of names of their own, or told why not',
  fc.record({ text, encoding, other: fc.oneof(fc.constant(''), text) }),
  async ({ text: each, encoding: written, other }) => {
    const pace = createReadingPace(60_000);
    const parsed = await parseReport(encodings[written](each), mask, pace);
    if ('problem' in parsed) {
      expect(parsed.problem).toMatch(/^[a-z][^\n]{5,200}$/);
      return;
    }
    const parsedToo = await parseReport(Buffer.from(other), mask, pace);
    const all = 'problem' in parsedToo ? [parsed] : [parsed, parsedToo];
    const report = collectTests(all, '/tree');
    if ('problem' in report) {
      expect(report.problem).toMatch(/^has (?:\d+ tests|names of more)/);
      return;
    }
    expect(new Set(report.tests.map(({ name }) => name)).size).toBe(report.tests.length);
    expect(report.tests).toHaveLength(all.flatMap(({ reported }) => reported).length);
    for (const { name, status } of report.tests) {
      expect(name).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}]+$/u);
      expect(['passed', 'failed', 'skipped']).toContain(status);
    }
    expect(JSON.stringify([...report.messages.values(), report.incomplete])).not.toContain('rounds');
  },
);
