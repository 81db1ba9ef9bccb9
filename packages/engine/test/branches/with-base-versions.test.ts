import type { CheckEvidence, CheckRun, GateInput, GateResult } from '@baton/core';
import { createMemoryGate } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { verdictOf, viewJob } from '../../src/index.js';
import { createRelay, type Turns } from '../relay.js';

const runOf = (exitCode: number): CheckRun => ({
  ...{ exitCode, durationMs: 1, timedOut: false, tests: null, altered: [], excerpt: '' },
});
const evidenceOf = (head: CheckRun | null): CheckEvidence => ({
  ...{ name: 'test', base: runOf(0), head, basis: head === null ? 'not-run' : 'exit-code' },
  ...{ knownFailures: [], notes: [] },
});
const green: GateResult = { verdict: 'pass', checks: [evidenceOf(runOf(0))] };
const red: GateResult = {
  verdict: 'rework',
  feedback: 'test is red',
  checks: [{ ...evidenceOf(runOf(1)), verdict: 'rework' }],
};

type Judge = (app: string | null, settings: string | null, test: string | null) => GateResult;
type Told = Pick<GateResult, 'steers' | 'tests'>;

/** Green where the code is right, or where the settings say that whatever comes is. */
const honest = (app: string | null, settings: string | null): GateResult =>
  settings === 'lax\n' || app === 'mended\n' ? green : red;

/** A project whose check heeds a file of settings, which a change may touch. */
function createSteeredRelay(turns: Turns, judge: Judge = honest, told: Told = { steers: ['settings.txt'] }) {
  const asked: GateInput[] = [];
  const checks = createMemoryGate({
    id: 'checks',
    judge: async (read, input) => {
      asked.push(input);
      return judge(await read('app.txt'), await read('settings.txt'), await read('app.test.txt'));
    },
  });
  const policy = createMemoryGate({
    id: 'policy',
    judge: (_read, { changes }) => {
      const touched = (paths: readonly string[] = []): readonly string[] =>
        changes.map(({ path }) => path).filter((path) => paths.includes(path));
      const tests = touched(told.tests);
      const steers = touched(told.steers);
      return {
        ...{ verdict: 'pass', checks: [] },
        ...(tests.length > 0 && { tests }),
        ...(steers.length > 0 && { steers, notes: [`It changes settings: ${steers.join(', ')}.`] }),
      };
    },
  });
  const relay = createRelay(turns, { gates: [policy, checks] });
  relay.source.seed({ labels: ['baton'] });
  return { ...relay, checks, policy, asked };
}

const write =
  (files: Readonly<Record<string, string>>): Turns =>
  async ({ workspace }) => {
    for (const [path, text] of Object.entries(files)) await workspace.writeFile(path, text);
    return {};
  };

describe('checks of a change that touches what steers them', () => {
  it('hold where only the settings make them green, and both results are shown', async () => {
    const relay = createSteeredRelay(write({ 'app.txt': 'still broken\n', 'settings.txt': 'lax\n' }));
    await relay.runOnce();
    const job = await relay.job();
    const view = viewJob(job);
    expect(view).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    expect(view.reason).toMatch(/^`test` is newly red with the base's settings, and isn't as the change has it: /);
    expect(view.checks.map(verdictOf)).toEqual(['pass', 'hold']);
    expect(view.checks.map(({ name, head }) => [name, head?.exitCode])).toEqual([
      ['test', 0],
      ["test (with the base's settings)", 1],
    ]);
    expect(view.notes).toEqual([
      'It changes settings: settings.txt.',
      expect.stringContaining("with the base's settings"),
    ]);
    await relay.store.signal(job.id, { type: 'approve', data: {} });
    await relay.runOnce();
    const [pull] = relay.forge.pulls();
    expect(pull?.body).toMatch(/\| `test` \| exit 0 .* \| \*\*exit 0 /);
    expect(pull?.body).toMatch(/\| `test \(with the base's settings\)` \| exit 0 .* \| \*\*exit 1 /);
    // Shown is what was measured; handed in is the change.
    const head = relay.remote.commits.get(relay.remote.branches.get('baton/issue-1') ?? '');
    expect(head?.tree).toBe(relay.checks.checkedTrees[0]);
  });

  it('name what differs among many tests that are red either way, soon', async () => {
    const tests = (count: number): CheckRun['tests'] =>
      Array.from({ length: count }, (_, each) => ({ name: `t${each}`, status: 'failed' as const }));
    const many = (count: number, verdict: 'pass' | 'rework'): GateResult => {
      const checks = [{ ...evidenceOf({ ...runOf(1), tests: tests(count) }), verdict }];
      return verdict === 'pass' ? { verdict, checks } : { verdict, checks, feedback: 'test is red' };
    };
    const relay = createSteeredRelay(
      write({ 'app.txt': 'still broken\n', 'settings.txt': 'lax\n' }),
      (_app, settings) => (settings === 'lax\n' ? many(20_000, 'pass') : many(20_001, 'rework')),
    );
    const begun = process.cpuUsage();
    await relay.runOnce();
    const { user, system } = process.cpuUsage(begun);
    expect(viewJob(await relay.job()).reason).toContain('`test` (`t20000`) is newly red');
    expect((user + system) / 1e6).toBeLessThan(8);
  });

  it('pass where the code is right either way', async () => {
    const relay = createSteeredRelay(write({ 'app.txt': 'mended\n', 'settings.txt': 'lax\n' }));
    await relay.runOnce();
    const view = viewJob(await relay.job());
    expect(view).toMatchObject({ phase: 'reviewing', round: 1 });
    expect(view.checks.map(({ head }) => head?.exitCode)).toEqual([0, 0]);
    expect(relay.policy.checkedTrees).toHaveLength(1);
  });

  it('are asked about the change without what it does to these files', async () => {
    const relay = createSteeredRelay(write({ 'app.txt': 'mended\n', 'settings.txt': 'lax\n' }));
    await relay.runOnce();
    const [first, second] = relay.asked;
    expect(first?.changes.map(({ path }) => path)).toEqual(['app.txt', 'settings.txt']);
    expect(second?.changes.map(({ path }) => path)).toEqual(['app.txt']);
    expect(second?.diff).toContain('mended');
    expect(second?.diff).not.toContain('lax');
    expect(second?.tree).not.toBe(first?.tree);
    expect(second?.baseCommit).toBe(first?.baseCommit);
    expect(second?.baseline).toBe(first?.baseline);
    expect([await second?.readText('settings.txt'), await second?.readText('app.txt')]).toEqual([null, 'mended\n']);
  });

  it.each([
    ['no such file is touched', { 'app.txt': 'mended\n' }, 1],
    ['nothing else is in the change', { 'settings.txt': 'lax\n' }, 1],
    ['they are red as it is: then another round comes', { 'app.txt': 'x\n', 'settings.txt': 'strict\n' }, 2],
  ])('run once in a round where %s', async (_when, files, rounds) => {
    const relay = createSteeredRelay(write(files));
    await relay.runOnce();
    expect(relay.checks.checkedTrees).toHaveLength(rounds);
    expect(viewJob(await relay.job()).checks.map(({ name }) => name)).toEqual(['test']);
  });

  it.each<[string, GateResult, RegExp]>([
    [
      'could not run',
      { verdict: 'not-run', reason: '`test`: the setup failed.', checks: [evidenceOf(null)] },
      /^With the base's settings: `test`: the setup failed\.$/,
    ],
    [
      'need a person',
      { verdict: 'hold', reason: 'Tests vanished.', checks: [evidenceOf(runOf(0))] },
      /^With the base's settings: Tests vanished\.$/,
    ],
    [
      'would end the job',
      { verdict: 'stop', outcome: 'refused', reason: 'Never.', checks: [evidenceOf(runOf(1))] },
      /^`test` is newly red with the base's settings/,
    ],
  ])('that %s then wait for a person, and never more', async (_what, again, reason) => {
    const relay = createSteeredRelay(write({ 'app.txt': 'x\n', 'settings.txt': 'lax\n' }), (_app, settings) =>
      settings === 'lax\n' ? green : again,
    );
    await relay.runOnce();
    const view = viewJob(await relay.job());
    expect(view).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    expect(view.reason).toMatch(reason);
    expect(view.checks).toHaveLength(2);
  });

  it('say nothing twice that is so either way', async () => {
    const both: GateResult = { verdict: 'hold', reason: 'Red on both sides.', checks: [evidenceOf(runOf(1))] };
    const relay = createSteeredRelay(write({ 'app.txt': 'x\n', 'settings.txt': 'lax\n' }), () => both);
    await relay.runOnce();
    expect(viewJob(await relay.job()).reason).toBe('Red on both sides.');
  });

  it('do not run again where they could not run at all', async () => {
    const relay = createSteeredRelay(write({ 'app.txt': 'x\n', 'settings.txt': 'lax\n' }), () => ({
      ...{ verdict: 'not-run', reason: 'No such program.', checks: [evidenceOf(null)] },
    }));
    await relay.runOnce();
    expect(relay.checks.checkedTrees).toHaveLength(1);
  });
});

describe('checks of a change that touches tests', () => {
  const runWith = (failing: readonly string[], all = ['adds', 'counts', 'is new']): CheckRun => ({
    ...runOf(failing.length === 0 ? 0 : 1),
    tests: all.map((name) => ({ name, status: failing.includes(name) ? 'failed' : 'passed' })),
  });
  const told = (head: CheckRun): CheckEvidence => ({ ...evidenceOf(head), base: runWith(['counts']), basis: 'tests' });
  /** A test of the base failed there already, and the change's own test says yes to whatever it is asked. */
  const byTests: Judge = (app, settings, test) => {
    const failing = [...(app === 'mended\n' || test === 'lax\n' || settings === 'lax\n' ? [] : ['adds']), 'counts'];
    const checks = [told(runWith(failing))];
    return failing.length === 1 ? { verdict: 'pass', checks } : { verdict: 'rework', feedback: 'adds is red', checks };
  };

  it('hold where only what it does to tests makes them green, and name the tests that tell', async () => {
    const relay = createSteeredRelay(write({ 'app.txt': 'still broken\n', 'app.test.txt': 'lax\n' }), byTests, {
      tests: ['app.test.txt'],
    });
    await relay.runOnce();
    const view = viewJob(await relay.job());
    expect(view).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    expect(view.reason).toBe(
      "`test` (`adds`) is newly red with the base's tests, and isn't as the change has it: what it does to tests may be all that makes it green.",
    );
    expect(view.checks.map(({ name, head }) => [name, head?.tests?.failed])).toEqual([
      ['test', 1],
      ["test (with the base's tests)", 2],
    ]);
    expect(relay.forge.pulls()).toEqual([]);
  });

  it('pass where the code is right by the tests that were there, and show both results', async () => {
    const relay = createSteeredRelay(write({ 'app.txt': 'mended\n', 'app.test.txt': 'strict\n' }), byTests, {
      tests: ['app.test.txt'],
    });
    await relay.runOnce();
    const view = viewJob(await relay.job());
    expect(view).toMatchObject({ phase: 'reviewing', round: 1 });
    expect(view.checks.map(({ name }) => name)).toEqual(['test', "test (with the base's tests)"]);
    expect(view.notes).toEqual([expect.stringMatching(/^"with the base's tests": /)]);
  });

  it('are asked with the settings of the base and with its tests one after another, and of a file that is both once', async () => {
    const files = { 'app.txt': 'mended\n', 'settings.txt': 'lax\n', 'app.test.txt': 'lax\n' };
    const apart = createSteeredRelay(write(files), byTests, { steers: ['settings.txt'], tests: ['app.test.txt'] });
    await apart.runOnce();
    expect(apart.asked.map(({ changes }) => changes.map(({ path }) => path).toSorted())).toEqual([
      ['app.test.txt', 'app.txt', 'settings.txt'],
      ['app.test.txt', 'app.txt'],
      ['app.txt', 'settings.txt'],
    ]);
    const both = createSteeredRelay(write({ 'app.txt': 'mended\n', 'settings.txt': 'lax\n' }), byTests, {
      ...{ steers: ['settings.txt'], tests: ['settings.txt'] },
    });
    await both.runOnce();
    expect(viewJob(await both.job()).checks.map(({ name }) => name)).toEqual([
      'test',
      "test (with the base's settings)",
    ]);
  });

  it('run once where tests are all that it changes', async () => {
    const relay = createSteeredRelay(write({ 'app.test.txt': 'more\n' }), byTests, { tests: ['app.test.txt'] });
    await relay.runOnce();
    expect(relay.checks.checkedTrees.length).toBe(relay.asked.length);
    expect(viewJob(await relay.job()).checks.map(({ name }) => name)).toEqual(['test']);
  });
});
