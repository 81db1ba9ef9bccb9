import type { CheckEvidence, CheckProof, CheckRun, GateResult, ProofInput } from '@baton/core';
import { createMemoryGate, type MemoryGateOptions } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { type Project, viewJob } from '../../src/index.js';
import { createRelay, type Turns } from '../relay.js';

const run: CheckRun = { exitCode: 0, durationMs: 1, timedOut: false, tests: null, altered: [], excerpt: '' };
const check: CheckEvidence = { name: 'unit', base: run, head: run, basis: 'exit-code', knownFailures: [], notes: [] };
const nothing = { guard: [], 'not-run': [], 'was-red': [], recorded: [], alike: [], flaky: [] };
const shows = (...names: readonly string[]): CheckProof => ({
  ...{ name: 'unit', basis: 'tests', unshown: nothing },
  shown: names.map((name) => ({ name, failure: '5 | 3' })),
});

/** What stood in each file when a proof was run. */
type Seen = Readonly<Record<string, string | null>>;

const paths = ['app.txt', 'app.test.txt', 'app.snap'];

/** A project whose gate proves, and what it was asked with. */
function createProvedRelay(
  files: Readonly<Record<string, string>>,
  {
    answer = [shows('adds')],
    project = {},
    removed,
    watched = paths,
  }: {
    answer?: readonly CheckProof[];
    project?: Partial<Project>;
    removed?: string;
    watched?: readonly string[];
  } = {},
) {
  const seen: (Seen | null)[] = [];
  const inputs: ProofInput[] = [];
  const prove: MemoryGateOptions['prove'] = async (open, input) => {
    inputs.push(input);
    for (const checkout of [input.checkout, input.unrecorded]) {
      const read = checkout && (await open(checkout));
      seen.push(read && Object.fromEntries(await Promise.all(watched.map(async (path) => [path, await read(path)]))));
    }
    return answer;
  };
  const judge = (): GateResult => ({ verdict: 'pass', checks: [check] });
  const policy = createMemoryGate({
    id: 'policy',
    judge: (_read, { changes }) => {
      const tests = changes.map(({ path }) => path).filter((path) => path !== 'app.txt');
      const recordings = tests.filter((path) => path.endsWith('.snap'));
      return { verdict: 'pass', checks: [], tests, recordings };
    },
  });
  const checks = createMemoryGate({ id: 'checks', judge, prove });
  const turns: Turns = async ({ workspace }) => {
    for (const [path, text] of Object.entries(files)) await workspace.writeFile(path, text);
    if (removed !== undefined) {
      const { id, attempt } = await relay.job();
      relay.workspaces.files({ job: id, attempt, role: 'work' }).delete(removed);
    }
    return {};
  };
  const relay = createRelay(turns, { gates: [policy, checks], ...project });
  relay.source.seed({ labels: ['bug', 'baton'] });
  return { ...relay, seen, inputs };
}

const mended = { 'app.txt': 'mended\n', 'app.test.txt': 'asks\n' };

describe('a change is proved', () => {
  it('on the base with its tests, and what is shown stands in the pull request', async () => {
    const relay = createProvedRelay(mended);
    await relay.runOnce();
    expect(relay.seen).toEqual([
      { 'app.txt': expect.not.stringContaining('mended'), 'app.test.txt': 'asks\n', 'app.snap': null },
      null,
    ]);
    expect(relay.inputs[0]?.checks).toEqual([check]);
    expect(viewJob(await relay.job()).proof).toMatchObject({ verdict: 'shown', shown: { count: 1 } });
    const [pull] = relay.forge.pulls();
    expect(pull?.body).toContain(
      '\n**Proof of fix:** 1 test of this change fails on the base and passes with it.\n\n| test | on the base |\n|---|---|\n| `adds` | `5 ¦ 3` |\n\n',
    );
  });

  it('with what it recorded on the base, and without that on the result', async () => {
    const relay = createProvedRelay({ ...mended, 'app.snap': 'new\n' });
    await relay.runOnce();
    expect(relay.seen).toEqual([
      { 'app.txt': expect.not.stringContaining('mended'), 'app.test.txt': 'asks\n', 'app.snap': 'new\n' },
      { 'app.txt': 'mended\n', 'app.test.txt': 'asks\n', 'app.snap': null },
    ]);
  });

  it('on the base with what it takes away of tests, since the old code may read that', async () => {
    const relay = createProvedRelay(mended, { watched: ['README.md', 'app.test.txt'], removed: 'README.md' });
    await relay.runOnce();
    expect(relay.seen).toEqual([{ 'README.md': 'An app.\n', 'app.test.txt': 'asks\n' }, null]);
    const moved = createProvedRelay({ 'app.txt': 'mended\n' }, { removed: 'README.md' });
    await moved.runOnce();
    expect(moved.seen).toEqual([]);
    expect(viewJob(await moved.job()).proof).toMatchObject({ notes: ['The change brings no test.'] });
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['brings no test', { 'app.txt': 'mended\n' }, 'The change brings no test.'],
    ['is made of tests', { 'app.test.txt': 'asks\n' }, 'The change is made of tests alone.'],
  ])('by nothing where it %s, and nothing is run', async (_what, files, note) => {
    const relay = createProvedRelay(files);
    await relay.runOnce();
    expect(relay.seen).toEqual([]);
    expect(viewJob(await relay.job())).toMatchObject({
      phase: 'reviewing',
      proof: { verdict: 'not-shown', notes: [note] },
    });
    expect(relay.forge.pulls()[0]?.body).toContain(
      `\n**Proof of fix:** not shown: no test fails on the base and passes with this change.\n\n- ${note}\n`,
    );
  });

  it.each<[string, unknown]>([
    ['nothing at all', null],
    ['no list', { name: 'unit' }],
    ['a proof without tests', [{ name: 'unit', basis: 'tests' }]],
    ['tests without a name', [{ name: 'unit', basis: 'tests', shown: [{}], unshown: nothing }]],
    ['no reason', [{ name: 'unit', basis: 'exit-code', isShown: false }]],
  ])('by no answer that is none: %s', async (_what, answer) => {
    // As of a package that was written without types.
    const relay = createProvedRelay(mended, { answer: answer as readonly CheckProof[] });
    await relay.runOnce();
    expect(viewJob(await relay.job())).toMatchObject({
      phase: 'reviewing',
      proof: { verdict: 'not-shown' },
    });
  });

  it('by nothing where nobody can or is to tell, and nobody is told', async () => {
    const off = createProvedRelay(mended, { project: { proof: 'off' } });
    await off.runOnce();
    expect(off.seen).toEqual([]);
    expect(viewJob(await off.job()).proof).toBeNull();
    expect(off.forge.pulls()[0]?.body).not.toContain('Proof');
  });

  it.each<[string, Project['proof'], string | null]>([
    ['is told', 'report', null],
    ['is told for other labels', { requiredFor: ['feature'] }, null],
    ['asks a person', 'required', 'needs-person'],
    ['asks a person for the label of the issue, in any case', { requiredFor: ['Bug'] }, 'needs-person'],
  ])('and what shows nothing %s', async (_what, proof, wait) => {
    const answer: readonly CheckProof[] = [
      { name: 'unit', basis: 'tests', shown: [], unshown: { ...nothing, guard: ['adds'] } },
    ];
    const relay = createProvedRelay(mended, { answer, ...(proof && { project: { proof } }) });
    await relay.runOnce();
    const job = await relay.job();
    expect(viewJob(job).wait).toBe(wait);
    if (wait === null) {
      expect(relay.forge.pulls()[0]?.body).toContain(
        '\n- 1 test passes on the base too, so it proves nothing: `adds`.\n',
      );
    }
    if (wait !== null) {
      expect(viewJob(job).reason).toMatch(/requires\. 1 test passes on the base too, so it proves nothing: `adds`\.$/);
    }
  });

  it.each<[string, CheckProof, string, string | null]>([
    ['an exit code', { name: 'unit', basis: 'exit-code', isShown: true }, 'by-exit-code', null],
    [
      'one that shows nothing',
      { name: 'unit', basis: 'exit-code', isShown: false, reason: 'It was red.' },
      'not-shown',
      'needs-person',
    ],
  ])('by %s', async (_what, proof, verdict, wait) => {
    const relay = createProvedRelay(mended, { answer: [proof], project: { proof: 'required' } });
    await relay.runOnce();
    expect(viewJob(await relay.job())).toMatchObject({ proof: { verdict }, wait });
  });
});
