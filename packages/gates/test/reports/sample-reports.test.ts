import { expect, it } from 'vitest';
import { parseReport } from '../../src/reports/parse-report.js';
import { createReadingPace } from '../../src/reports/reading-pace.js';
import { collectTests, type ReportedTest } from '../../src/reports/test-report.js';

type Expected = Readonly<Record<string, ReportedTest['status']>>;

/** Reports as the documentation of runners shows them that can't be run in every place. */
const samples: readonly (readonly [string, string, Expected])[] = [
  [
    'gotestsum: a test with subtests, a skip, and a package that does not compile',
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="5" failures="3" errors="0" time="0.3">
	<testsuite tests="4" failures="2" time="0.002" name="example.org/shop" timestamp="2026-01-01T00:00:00Z">
		<properties><property name="go.version" value="go1.24 linux/amd64"></property></properties>
		<testcase classname="example.org/shop" name="TestPay" time="0.001"><failure message="Failed" type="">=== RUN   TestPay</failure></testcase>
		<testcase classname="example.org/shop" name="TestPay/by_card" time="0.001"><failure message="Failed" type="">boom</failure></testcase>
		<testcase classname="example.org/shop" name="TestPay/in_cash" time="0.001"></testcase>
		<testcase classname="example.org/shop" name="TestLater" time="0.000"><skipped message="later"></skipped></testcase>
	</testsuite>
	<testsuite tests="1" failures="1" time="0.000" name="example.org/shop/broken">
		<testcase classname="" name="TestMain" time="0.000"><failure message="Failed" type="">broken [build failed]</failure></testcase>
	</testsuite>
</testsuites>`,
    {
      'example.org/shop > TestPay': 'failed',
      'example.org/shop > TestPay/by_card': 'failed',
      'example.org/shop > TestPay/in_cash': 'passed',
      'example.org/shop > TestLater': 'skipped',
      'example.org/shop/broken > TestMain': 'failed',
    },
  ],
  [
    'Maven Surefire: an error, a skip, and one that passed when it was run again',
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0" name="com.acme.PayTest" time="0.05" tests="4" errors="1" skipped="1" failures="0">
  <testcase name="pays" classname="com.acme.PayTest" time="0.01"/>
  <testcase name="refunds" classname="com.acme.PayTest" time="0.01"><error message="boom" type="java.lang.IllegalStateException"><![CDATA[java.lang.IllegalStateException: boom]]></error></testcase>
  <testcase name="later" classname="com.acme.PayTest" time="0"><skipped message="later"/></testcase>
  <testcase name="retried" classname="com.acme.PayTest" time="0.01"><flakyFailure message="once" type="AssertionError"><stackTrace>x</stackTrace></flakyFailure></testcase>
</testsuite>`,
    {
      'com.acme.PayTest > pays': 'passed',
      'com.acme.PayTest > refunds': 'failed',
      'com.acme.PayTest > later': 'skipped',
      'com.acme.PayTest > retried': 'passed',
    },
  ],
  [
    'Gradle: names with parentheses and output beside them',
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="com.acme.PayTest" tests="2" skipped="0" failures="1" errors="0" timestamp="2026-01-01T00:00:00" hostname="host" time="0.02">
  <properties/>
  <testcase name="pays()" classname="com.acme.PayTest" time="0.01"/>
  <testcase name="[1] 3, EUR" classname="com.acme.PayTest" time="0.01"><failure message="org.opentest4j.AssertionFailedError: expected: &lt;3&gt; but was: &lt;4&gt;" type="org.opentest4j.AssertionFailedError">stack</failure></testcase>
  <system-out><![CDATA[<testcase name="not a test"/>]]></system-out>
  <system-err><![CDATA[]]></system-err>
</testsuite>`,
    { 'com.acme.PayTest > pays()': 'passed', 'com.acme.PayTest > [1] 3, EUR': 'failed' },
  ],
  [
    'PHPUnit: suites of suites, and data sets',
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="default" tests="3" assertions="3" errors="0" failures="1" skipped="1" time="0.01">
    <testsuite name="Acme\\PayTest" file="/tree/tests/PayTest.php" tests="3" assertions="3" errors="0" failures="1" skipped="1" time="0.01">
      <testsuite name="Acme\\PayTest::testPays" tests="1" assertions="1" errors="0" failures="0" skipped="0" time="0.01">
        <testcase name="testPays with data set #0" file="/tree/tests/PayTest.php" line="9" class="Acme\\PayTest" classname="Acme.PayTest" assertions="1" time="0.01"/>
      </testsuite>
      <testcase name="testRefunds" file="/tree/tests/PayTest.php" line="20" class="Acme\\PayTest" classname="Acme.PayTest" assertions="1" time="0.01"><failure type="PHPUnit\\Framework\\ExpectationFailedException">boom</failure></testcase>
      <testcase name="testLater" file="/tree/tests/PayTest.php" line="30" class="Acme\\PayTest" classname="Acme.PayTest" assertions="0" time="0.01"><skipped/></testcase>
    </testsuite>
  </testsuite>
</testsuites>`,
    {
      'default > Acme\\PayTest > Acme\\PayTest::testPays > Acme.PayTest > testPays with data set #0': 'passed',
      'default > Acme\\PayTest > Acme.PayTest > testRefunds': 'failed',
      'default > Acme\\PayTest > Acme.PayTest > testLater': 'skipped',
    },
  ],
  [
    'RSpec with its formatter: pending ones, and an error outside of examples',
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="rspec" tests="3" skipped="1" failures="1" errors="0" time="0.01" timestamp="2026-01-01T00:00:00+00:00" hostname="host">
<properties><property name="seed" value="1"/></properties>
<testcase classname="spec.pay_spec" name="Pay pays" file="./spec/pay_spec.rb" time="0.001"></testcase>
<testcase classname="spec.pay_spec" name="Pay refunds" file="./spec/pay_spec.rb" time="0.001"><failure message="boom" type="RSpec::Expectations::ExpectationNotMetError">stack</failure></testcase>
<testcase classname="spec.pay_spec" name="Pay later" file="./spec/pay_spec.rb" time="0.000"><skipped/></testcase>
</testsuite>`,
    {
      'rspec > spec.pay_spec > Pay pays': 'passed',
      'rspec > spec.pay_spec > Pay refunds': 'failed',
      'rspec > spec.pay_spec > Pay later': 'skipped',
    },
  ],
  [
    'cargo nextest: one that passed when it was run again',
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="3" failures="1" errors="0" uuid="5f3c1e0a-0000-4000-8000-000000000000" timestamp="2026-01-01T00:00:00.000+00:00" time="0.1">
    <testsuite name="shop" tests="3" disabled="0" errors="0" failures="1">
        <testcase name="tests::pays" classname="shop" timestamp="2026-01-01T00:00:00.000+00:00" time="0.01"></testcase>
        <testcase name="tests::refunds" classname="shop" time="0.01"><failure message="thread panicked" type="test failure with exit code 101">boom</failure></testcase>
        <testcase name="tests::retried" classname="shop" time="0.01"><flakyFailure time="0.01" message="once" type="test failure">x</flakyFailure></testcase>
    </testsuite>
</testsuites>`,
    { 'shop > tests::pays': 'passed', 'shop > tests::refunds': 'failed', 'shop > tests::retried': 'passed' },
  ],
  [
    'CTest: tests that did not run, or are disabled',
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="Linux-c++" tests="4" failures="1" disabled="1" skipped="1" hostname="" time="0" timestamp="2026-01-01T00:00:00">
	<testcase name="pays" classname="pays" time="0.01" status="run"><system-out></system-out></testcase>
	<testcase name="refunds" classname="refunds" time="0.01" status="fail"><failure message=""/><system-out>boom</system-out></testcase>
	<testcase name="later" classname="later" time="0" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>
	<testcase name="off" classname="off" time="0" status="disabled"><system-out>Disabled</system-out></testcase>
</testsuite>`,
    {
      'Linux-c++ > pays': 'passed',
      'Linux-c++ > refunds': 'failed',
      'Linux-c++ > later': 'skipped',
      'Linux-c++ > off': 'skipped',
    },
  ],
  [
    'Playwright: one file in two browsers',
    `<testsuites id="" name="" tests="2" failures="1" skipped="0" errors="0" time="1.2">
<testsuite name="login.spec.ts" timestamp="2026-01-01T00:00:00.000Z" hostname="chromium" tests="1" failures="0" skipped="0" time="0.5" errors="0">
<testcase name="login › works" classname="login.spec.ts" time="0.5">
</testcase>
</testsuite>
<testsuite name="login.spec.ts" timestamp="2026-01-01T00:00:00.000Z" hostname="webkit" tests="1" failures="1" skipped="0" time="0.5" errors="0">
<testcase name="login › works" classname="login.spec.ts" time="0.5">
<failure message="login.spec.ts:3:5 works" type="FAILURE"><![CDATA[Timeout]]></failure>
</testcase>
</testsuite>
</testsuites>`,
    { 'chromium > login.spec.ts > login › works': 'passed', 'webkit > login.spec.ts > login › works': 'failed' },
  ],
];

it.each(samples)('reads the report of %s', async (_name, text, expected) => {
  const parsed = await parseReport(new TextEncoder().encode(text), (each) => each, createReadingPace(60_000));
  if ('problem' in parsed) throw new Error(`It ${parsed.problem}.`);
  expect(parsed.incomplete).toBeNull();
  const report = collectTests([parsed], '/tree');
  if ('problem' in report) throw new Error(`It ${report.problem}.`);
  expect(Object.fromEntries(report.tests.map(({ name, status }) => [name, status]))).toEqual(expected);
});
