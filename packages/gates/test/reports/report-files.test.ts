import type { CheckEvidence, GateResult } from '@baton/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createCheckGate } from '../../src/index.js';
import { gateInput } from '../gate-input.js';
import { createPlainWorkspace, type PlainWorkspace } from '../plain-workspace.js';

type Files = Readonly<Record<string, string | Uint8Array>>;

const opened: PlainWorkspace[] = [];
afterEach(async () => {
  for (const workspace of opened.splice(0)) await workspace[Symbol.asyncDispose]();
});

async function judge(
  report: string,
  base: Files,
  head: Files,
): Promise<{ readonly result: GateResult; readonly check: CheckEvidence; readonly workspace: PlainWorkspace }> {
  const gate = createCheckGate({ commands: [{ name: 'test', run: 'sh ./check.sh', report }], flakeRetries: 0 });
  const open = async (files: Files): Promise<PlainWorkspace> => {
    const workspace = await createPlainWorkspace(files);
    opened.push(workspace);
    return workspace;
  };
  const baseline = (await gate.baseline?.(await open(base))) ?? [];
  const workspace = await open(head);
  const result = await gate.check(gateInput(workspace, { baseline }));
  const [check] = result.checks;
  if (check === undefined) throw new Error('no evidence');
  return { result, check, workspace };
}

const surefire = 'target/surefire-reports/*.xml';
/** One file a class, as Surefire, Gradle and PHPUnit's parallel runner leave them. */
const classes = (red: readonly string[], more = ''): Files => ({
  'check.sh': `mkdir -p target/surefire-reports; cd target/surefire-reports
for class in pay refund; do
  case " ${red.join(' ')} " in *" $class "*) failure='<failure message="boom"/>';; *) failure=;; esac
  echo "<?xml version='1.0' encoding='UTF-8'?><testsuite name='com.acme.$class' tests='1'><testcase name='works' classname='com.acme.$class'>$failure</testcase></testsuite>" > "TEST-com.acme.$class.xml"
done
${more}
exit ${red.length > 0 ? 1 : 0}`,
});

const utf16 = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, 'utf16le');

describe('a glob', () => {
  it('takes every file of a run, test by test', async () => {
    const { result, check } = await judge(surefire, classes(['pay']), classes(['pay']));
    expect(result.verdict).toBe('pass');
    expect(check.knownFailures).toEqual(['com.acme.pay > works']);
    const broken = await judge(surefire, classes(['pay']), classes(['pay', 'refund']));
    expect(broken.result).toMatchObject({ verdict: 'rework', feedback: expect.stringContaining('com.acme.refund') });
  });

  it('takes nothing that was left over, and leaves alone what is no report', async () => {
    const left = '<testsuite name="old"><testcase name="works"/></testsuite>';
    const { check, workspace } = await judge('**/*.xml', classes([]), {
      ...classes([]),
      'target/surefire-reports/TEST-old.xml': left,
      'pom.xml': '<project/>',
    });
    expect(check.head?.tests?.map(({ name }) => name)).toEqual(['com.acme.pay > works', 'com.acme.refund > works']);
    expect(await workspace.readFile('pom.xml')).not.toBeNull();
  });

  it.each<[string, string | Uint8Array, string]>([
    ['in which a tab follows the name', '<testsuite\tname="old"><testcase name="works"/></testsuite>', 'z.xml'],
    ['in which a line break follows the name', '<testsuite\nname="old"><testcase name="works"/></testsuite>', 'z.xml'],
    ['in UTF-16', utf16('<testsuite name="old"><testcase name="works"/></testsuite>'), 'z.xml'],
    ['with a line break in its name', '<testsuite name="old"><testcase name="works"/></testsuite>', 'z\nz.xml'],
  ])('takes no report that the change brought along %s', async (_, left, name) => {
    const { check } = await judge('**/*.xml', classes([]), {
      ...classes([]),
      [`target/surefire-reports/${name}`]: left,
    });
    expect(check.head?.tests?.map(({ name }) => name)).toEqual(['com.acme.pay > works', 'com.acme.refund > works']);
  });

  it('tells classes of one name in two modules apart', async () => {
    const two: Files = {
      'check.sh':
        "for m in a b; do mkdir -p $m/out; echo \"<testsuite name='s'><testcase name='t'/></testsuite>\" > $m/out/r.xml; done",
    };
    const { check } = await judge('*/out/*.xml', two, two);
    expect(check.head?.tests?.map(({ name }) => name)).toEqual(['a/out > s > t', 'b/out > s > t']);
  });

  it.each([
    ['cut off', `echo '<testsuite><testcase name="a">' > TEST-x.xml`],
    ['empty', 'true > TEST-x.xml'],
  ])('with a file among others that is %s is not whole, and goes back', async (_name, more) => {
    const { result, check } = await judge(surefire, classes([]), classes([], more));
    expect(result.verdict).toBe('rework');
    expect(check.head?.incomplete).toContain('TEST-x.xml');
  });

  it('may take in pages that stand beside the reports, and TAP', async () => {
    const files: Files = {
      'check.sh': 'mkdir out; echo hi > out/index.html; echo "ok 1 - a" > out/a.tap; echo 1..1 >> out/a.tap',
    };
    const { result, check } = await judge('out/*', files, files);
    expect(result.verdict).toBe('pass');
    expect(check.head?.tests).toEqual([{ name: 'a', status: 'passed' }]);
  });

  it('that matches more files than are read says so', async () => {
    const many: Files = { 'check.sh': 'mkdir out; seq 2001 | sed "s|.*|out/&.xml|" | xargs touch' };
    const { check } = await judge('out/*.xml', many, many);
    expect(check.notes.join(' ')).toContain('matches 2001 files; 2000 are read');
  });
});

describe('a report', () => {
  it('of TAP in a file is known by its content', async () => {
    const tap: Files = { 'check.sh': 'printf "1..2\\nok 1 - a\\nnot ok 2 - b\\n" > out.tap; exit 1' };
    const { result, check } = await judge('./out.tap', tap, tap);
    expect(result.verdict).toBe('pass');
    expect(check.knownFailures).toEqual(['b']);
  });

  it('that is too big is told as such', async () => {
    const big: Files = { 'check.sh': 'head -c 17000000 /dev/zero > out.xml' };
    const { check } = await judge('out.xml', big, big);
    expect(check.notes.join(' ')).toContain('more than 16 MiB');
  });

  it('of two producers, the second red, is not taken for the first alone', async () => {
    const prints = (second: string): Files => ({
      'check.sh': `printf "TAP version 13\\nnot ok 1 - known\\n1..1\\nTAP version 13\\n${second} 1 - b\\n1..1\\n"; exit 1`,
    });
    const { result } = await judge('tap', prints('ok'), prints('not ok'));
    expect(result).toMatchObject({ verdict: 'rework', feedback: expect.stringContaining('\n- b') });
  });

  it('that breaks off on both sides is held', async () => {
    const bails: Files = { 'check.sh': 'printf "1..9\\nok 1 - a\\nBail out! no database\\n"; exit 1' };
    const { result } = await judge('tap', bails, bails);
    expect(result).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('no database') });
  });
});
