import {
  type BaseState,
  type Doubt,
  doubts,
  type Failures,
  type Reports,
  type RuleName,
  type RunState,
  rules,
  verdictsByExitCode,
  verdictsByTests,
  verdictsWithDoubts,
  verdictsWithLosses,
} from '../src/checks/decide-check.js';
import { type TestState, type TestVerdict, verdictsOfTests } from '../src/checks/decide-proof.js';

const reportWords: Readonly<Record<Reports, string>> = {
  none: 'No report is configured',
  unread: 'A report is configured, and neither run left a test that can be read',
  lost: 'The base told its tests, the result tells none',
};

const failureWords: Readonly<Record<Failures, string>> = {
  new: 'A test fails that did not fail on the base and may not',
  'broken-off': "The result's report says that it is not whole, the base's does not",
  unclear: 'Tests fail of which cannot be told whether they failed on the base',
  allowed: 'Tests fail that `knownFailures` names, beside some of the base or none',
  known: 'Only tests fail that failed on the base',
  none: 'No test fails',
};

const doubtWords: Readonly<Record<Doubt, string>> = {
  'tells-failures':
    'It tells more failed tests than the report, or some where no report tells a test and the exit code is 0',
  'falls-silent': 'A runner that sums up on the base does not here',
  'was-cut': 'It is longer than is kept, and runners sum up on the base',
};

const stateWords: Readonly<Record<BaseState, string>> = {
  absent: 'not measured',
  green: 'exit code 0',
  red: 'red',
  'timed-out': 'ran into its time limit',
  'could-not-start': 'could not be started',
};

/** The tables of `decide-check.ts` as people read them: the whole of `docs/verdicts.md`. */
export function renderVerdicts(): string {
  const parts = [
    '# Verdicts',
    'What follows from a check, for every way in which it can end on the base and on the result. The check gate takes its verdicts from the tables that this page is made of (`packages/gates/src/checks/decide-check.ts`); a test holds the two together, and `npx vitest run packages/gates/test/checks/decide-check.test.ts -u` writes the page anew.',
    '- **pass**: the change may be published.\n- **rework**: it goes back to the agent, with what is red.\n- **hold**: a person decides.\n- **not-run**: nothing was measured, so nothing is claimed.',
    'What is red on both sides and not explained test by test is held: an exit code cannot tell an old failure from a new one. *Could not be started* is exit code 126 or 127 without a report. A report that cannot be read, or that tells of no test, tells nothing.',
    '## Where the result tells no test',
    ...entries(verdictsByExitCode).flatMap(([reports, cells]) => [`### ${reportWords[reports]}`, renderCells(cells)]),
    '## Where the result tells its tests',
    'The first of these that holds:',
    ...entries(verdictsByTests).flatMap(([failures, cells]) => [`### ${failureWords[failures]}`, renderCells(cells)]),
    '### Where tests of the base are gone or skipped besides',
    table(
      ['the verdict would be', 'and is'],
      entries(verdictsWithLosses).map(([before, after]) => [before, `**${after}**`]),
    ),
    'Gone is a test that passed on the base, or failed there where fewer are told than before; skipped, one that ran there. A renamed test is one that is gone and a new one.',
    "## Where the run's own output says otherwise",
    'What a command prints is read too: the lines by which known test runners sum up (`packages/gates/src/output/summary-forms.ts`). Unlike a report and an exit code, nothing that runs later takes them back. Each of these that holds is told, unless the same holds of the base: a suite that tests a test runner prints what that one sums up. A note of the check says where failures are not heeded for that. Of a base that was not measured only the first can be told. Nothing is read from a run that hit its time limit.',
    table(
      ['its output', 'in words'],
      entries(doubts).map(([doubt, words]) => [doubtWords[doubt], words]),
    ),
    'Then',
    table(
      ['the verdict would be', 'and is'],
      entries(verdictsWithDoubts).map(([before, after]) => [before, `**${after}**`]),
    ),
    '## The rules',
    table(
      ['rule', 'verdict', 'run again', 'in words'],
      entries(rules).map(([name, { verdict, again, words }]) => [name, verdict, again ? 'yes' : 'no', words]),
    ),
    '*Run again*: another run could tell otherwise, so the check is run as often as `flakeRetries` says; by exit code only where the base was green or not measured.',
    '## What the tests of a change show',
    'A change that may be published is proved (`verify.proof`): the base is run once more, with the tests of the change (`packages/gates/src/checks/decide-proof.ts`). Of each test that passes on the result:',
    table(
      ['on the base with the tests \\ on the base', ...testStates.map((state) => proofStateWords[state])],
      testStates.map((onBase) => [
        proofStateWords[onBase],
        ...testStates.map((before) => renderProof(verdictsOfTests[onBase][before])),
      ]),
    ),
    '**shown**: it fails without the change. *guard*: it proves nothing, and is told where no test does. *not-run*: it could not run on the old code. *was-red*: it mended something that was red before. Besides, what would be shown is *recorded* where it fails on the result with the snapshots of the base, *alike* where others have its name, and *flaky* where not each of its runs there fails, or not each on the result passes (`flakeRetries`).',
    'Where no check tells its tests, a command shows the change *by exit code*: 0 on the base, red there with the tests, 0 on the result. Not where it was ended by a signal or its time limit, could not be started (126, 127 and above), or sums up tests of which none failed there.',
  ];
  return `${parts.join('\n\n')}\n`;
}

const testStates = ['passed', 'failed', 'skipped', 'absent'] as const satisfies readonly TestState[];

const proofStateWords: Readonly<Record<TestState, string>> = {
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  absent: 'not told of',
};

function renderProof(verdict: TestVerdict): string {
  if (verdict === null) return '–';
  return verdict === 'shown' ? '**shown**' : verdict;
}

function renderCells(
  cells: Readonly<Partial<Record<BaseState, Readonly<Partial<Record<RunState, RuleName>>>>>>,
): string {
  const rows = entries(cells);
  const columns = entries(rows[0]?.[1] ?? {}).map(([state]) => state);
  return table(
    ['base \\ result', ...columns.map((state) => stateWords[state])],
    rows.map(([state, row]) => [stateWords[state], ...columns.map((column) => renderRule(row?.[column]))]),
  );
}

function renderRule(name: RuleName | undefined): string {
  return name === undefined ? '' : `**${rules[name].verdict}** (${name})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `Object.entries` of a record whose keys are known. */
function entries<Key extends string, Value>(record: Readonly<Partial<Record<Key, Value>>>): [Key, Value][] {
  // The type of `Object.entries` forgets the keys, for a record may hold more; these are written here in full.
  return Object.entries(record) as [Key, Value][];
}
