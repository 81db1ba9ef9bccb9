import type { CheckEvidence, GateResult, SetupProducts } from '@baton/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type CheckCommand, createCheckGate } from '../../src/index.js';
import { gateInput } from '../gate-input.js';
import { createPlainWorkspace, type PlainWorkspace } from '../plain-workspace.js';

type Files = Readonly<Record<string, string>>;

const opened: PlainWorkspace[] = [];
afterEach(async () => {
  for (const workspace of opened.splice(0)) await workspace[Symbol.asyncDispose]();
});

/** One checkout for both sides, as a job has one. */
async function judge(
  commands: readonly CheckCommand[],
  base: Files,
  head: Files,
  { flakeRetries = 1, products }: { flakeRetries?: number; products?: SetupProducts } = {},
): Promise<{ result: GateResult; workspace: PlainWorkspace; baseline: readonly CheckEvidence[] }> {
  const workspace = await createPlainWorkspace(base);
  if (products !== undefined) workspace.products = products;
  opened.push(workspace);
  const gate = createCheckGate({ commands, flakeRetries });
  const baseline = (await gate.baseline?.(workspace)) ?? [];
  const gone = Object.keys(base).filter((path) => head[path] === undefined);
  await workspace.put({ ...Object.fromEntries(gone.map((path) => [path, null])), ...head });
  return { result: await gate.check(gateInput(workspace, { baseline })), workspace, baseline };
}

const check = (name: string, run: string, more: Partial<CheckCommand> = {}): CheckCommand => ({ name, run, ...more });

describe('the evidence is of its tree, and of no order', () => {
  it('a left-over of the base does not count for a result that deleted its source', async () => {
    const compile = 'mkdir -p build; for each in *.src; do test -e "$each" && cp "$each" build/; done; true';
    const count = 'echo 1..$(ls build | wc -l); i=0; for each in build/*; do i=$((i+1)); echo "ok $i - $each"; done';
    const { result } = await judge(
      [check('test', `${compile}; ${count}`, { report: 'tap' })],
      { 'a.src': 'a', 'b.src': 'b' },
      { 'a.src': 'a' },
    );
    expect(result.checks[0]?.head?.tests?.map(({ name }) => name)).toEqual(['build/a.src']);
    expect(result).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('build/b.src') });
  });

  it('one check does not see what another left, in whichever order they stand', async () => {
    const commands = [
      check('writes', 'echo x > left; echo x > "$HOME/left"'),
      check('looks', 'test ! -e left && test ! -e "$HOME/left"'),
    ];
    for (const each of [commands, commands.toReversed()]) {
      expect((await judge(each, { a: '1' }, { a: '2' })).result.verdict).toBe('pass');
    }
  });

  it('a check can not rewrite what another check, or its own next run, goes by', async () => {
    const rewrite = 'echo "exit 0" > test.sh';
    const { result } = await judge(
      [check('lint', 'sh ./lint.sh'), check('test', 'sh ./test.sh')],
      { 'lint.sh': 'exit 0', 'test.sh': 'exit 0' },
      { 'lint.sh': rewrite, 'test.sh': 'exit 1' },
    );
    expect(result.checks.map(({ head }) => head?.exitCode)).toEqual([0, 1]);
    const again = await judge(
      [check('test', 'sh ./test.sh')],
      { 'test.sh': 'exit 0' },
      { 'test.sh': `${rewrite}; exit 1` },
    );
    expect(again.result).toMatchObject({ verdict: 'rework', feedback: expect.stringContaining('changed files') });
    expect(again.result.checks[0]?.notes.join(' ')).not.toContain('flaky');
  });

  it('a build that exchanges what the check is run by makes it red, though all was put back', async () => {
    const commands = [check('build', 'sh ./build.sh'), check('test', 'sh ./tool.sh', { after: 'build' })];
    const files = { 'build.sh': 'exit 0', 'tool.sh': 'sh ./test.sh', 'test.sh': 'exit 0' };
    const exchange = 'cp -p tool.sh kept; echo "cp -p kept tool.sh; exit 0" > tool.sh';
    const { result } = await judge(commands, files, { ...files, 'build.sh': exchange, 'test.sh': 'exit 1' });
    expect(result).toMatchObject({ verdict: 'rework', feedback: expect.stringContaining('`tool.sh`') });
    expect(result.checks[1]?.head).toMatchObject({ exitCode: 0, altered: ['tool.sh'] });
  });

  it.each(['.npmrc', 'pytest.ini', 'node_modules/.bin/node', 'pkg/node_modules/chai/index.js'])(
    'a build that makes what the check is steered by is for a person, unless the base’s makes it too: %s',
    async (path) => {
      const commands = [check('build', 'sh ./build.sh'), check('test', 'sh ./test.sh', { after: 'build' })];
      const files = { 'build.sh': 'exit 0', 'test.sh': 'exit 0', a: '1' };
      const makes = { ...files, 'build.sh': `mkdir -p "$(dirname ${path})"; echo x > ${path}` };
      expect((await judge(commands, files, makes)).result).toMatchObject({
        verdict: 'hold',
        reason: expect.stringContaining(`does not on the base, so they may have decided what ran: \`${path}\``),
      });
      expect((await judge(commands, makes, { ...makes, a: '2' })).result.verdict).toBe('pass');
    },
  );

  it('a build may write what is new, and what the base’s writes too', async () => {
    const commands = [check('build', 'sh ./build.sh'), check('test', 'sh ./test.sh', { after: 'build' })];
    const files = { 'build.sh': 'cp made made.new; mv made.new made', made: '1', 'test.sh': 'exit 0', a: '1' };
    expect((await judge(commands, files, { ...files, a: '2' })).result.verdict).toBe('pass');
    const fresh =
      'echo x > more; mkdir -p __pycache__ node_modules/.cache; echo x > __pycache__/a.pyc; echo x > node_modules/.cache/a';
    const more = { ...files, 'build.sh': `${files['build.sh']}; ${fresh}` };
    expect((await judge(commands, files, more)).result.verdict).toBe('pass');
  });

  it('a green run that changed tracked files is red and names them, unless the base does the same', async () => {
    const commands = [check('test', 'sh ./test.sh')];
    const alters = 'echo new > snapshot.txt; exit 0';
    const files = { 'test.sh': 'exit 0', 'snapshot.txt': 'old\n', a: '1' };
    const news = await judge(commands, files, { ...files, 'test.sh': alters });
    expect(news.result).toMatchObject({ verdict: 'rework', feedback: expect.stringContaining('`snapshot.txt`') });
    expect(news.result.checks[0]?.head?.altered).toEqual(['snapshot.txt']);
    const usual = await judge(commands, { ...files, 'test.sh': alters }, { ...files, 'test.sh': alters, a: '2' });
    expect(usual.result.verdict).toBe('pass');
  });

  it.each([
    ['writes them', 'echo : > judge.sh; sh ./judge.sh; cat kept > judge.sh'],
    [
      'moves another in their place',
      'cp -p judge.sh "$HOME/kept"; echo true > new; mv new judge.sh; sh ./judge.sh; mv "$HOME/kept" judge.sh',
    ],
  ])(
    'a green run that %s and puts them back is for a person, unless the base does the same',
    async (_how, rewrites) => {
      const commands = [check('test', 'sh ./test.sh')];
      const files = { 'test.sh': 'sh ./judge.sh', 'judge.sh': 'true\n', kept: 'true\n', a: '1' };
      const news = await judge(commands, files, { ...files, 'test.sh': rewrites });
      expect(news.result).toMatchObject({
        verdict: 'hold',
        reason: expect.stringMatching(/put them back.*`judge\.sh`/),
      });
      expect(news.result.checks[0]?.head).toMatchObject({ exitCode: 0, altered: [], restored: ['judge.sh'] });
      const usual = await judge(commands, { ...files, 'test.sh': rewrites }, { ...files, 'test.sh': rewrites, a: '2' });
      expect(usual.result.verdict).toBe('pass');
    },
  );

  it('a run beside copies of what the change changes, as the base has it, is for a person', async () => {
    const outdated = [{ path: 'node_modules/add/add.js', of: 'add.js' }];
    const products = { unseen: [], outdated, ofChange: false };
    const files = { 'test.sh': 'exit 0', 'add.js': '1' };
    const { result } = await judge([check('test', 'sh ./test.sh')], files, { ...files, 'add.js': '2' }, { products });
    const told = expect.stringContaining('`node_modules/add/add.js (of add.js)`');
    expect(result).toMatchObject({ verdict: 'hold', reason: told });
    expect(result.checks[0]).toMatchObject({ verdict: 'hold', head: { exitCode: 0, outdated } });
    const red = await judge([check('test', 'sh ./test.sh')], files, { ...files, 'test.sh': 'exit 1' }, { products });
    expect(red.result).toMatchObject({ verdict: 'rework' });
    expect(red.result.checks[0]?.notes).toEqual(expect.arrayContaining([told]));
  });

  it("a run with dependencies that may be of the change's own making is for a person", async () => {
    const products = { unseen: [], outdated: [], ofChange: true };
    const files = { 'test.sh': 'exit 0', a: '1' };
    const commands = [check('test', 'sh ./test.sh')];
    const { result } = await judge(commands, files, { ...files, a: '2' }, { products });
    const told = expect.stringContaining('code of the change may have run');
    expect(result).toMatchObject({ verdict: 'hold', reason: told });
    expect(result.checks[0]).toMatchObject({ verdict: 'hold', head: { exitCode: 0, setupOfChange: true } });
    const red = await judge(commands, files, { ...files, 'test.sh': 'exit 1' }, { products });
    expect(red.result.verdict).toBe('rework');
  });

  it('what the setup made and no run saw is told where a run is red, and to the person who is asked', async () => {
    const products = { unseen: ['dist'], outdated: [], ofChange: false };
    const told = expect.stringMatching(/`dist` of the setup isn't there .* `workspace\.setup\.keep`/);
    const files = { 'test.sh': 'cat dist', a: '1' };
    const { result, baseline } = await judge(
      [check('test', 'sh ./test.sh')],
      files,
      { ...files, a: '2' },
      { products },
    );
    expect(baseline[0]?.notes).toEqual([told]);
    expect(result).toMatchObject({ verdict: 'hold', reason: told });
    const green = { ...files, 'test.sh': 'exit 0' };
    const passed = await judge([check('test', 'sh ./test.sh')], green, { ...green, a: '2' }, { products });
    expect([passed.result.verdict, passed.result.checks[0]?.notes]).toEqual(['pass', []]);
  });

  it('a red run that puts files back goes back to the agent, and one that only reads them is none', async () => {
    const commands = [check('test', 'sh ./test.sh')];
    const files = { 'test.sh': 'cat judge.sh', 'judge.sh': 'true\n' };
    const red = await judge(commands, files, { ...files, 'test.sh': 'echo true > judge.sh; exit 1' });
    expect(red.result).toMatchObject({ verdict: 'rework' });
    expect(red.result.checks[0]?.notes.join(' ')).toContain('`judge.sh`');
    const read = await judge(commands, files, { ...files, 'test.sh': 'cat judge.sh; ls -l; cp judge.sh copy' });
    expect(read.result.verdict).toBe('pass');
    expect(read.result.checks[0]?.head).not.toHaveProperty('restored');
  });
});

describe('a check after another', () => {
  const commands = [
    check('build', 'sh ./build.sh'),
    check('test', 'test "$(cat out)" = "$(cat source)"', { after: 'build' }),
    check('size', 'test ! -e out'),
  ];
  const build = 'cp source out; echo built >> "$HOME/builds"';

  it('is built for anew on each side, in its own checkout alone', async () => {
    const files = { 'build.sh': build, source: 'one' };
    const { result, workspace } = await judge(commands, files, { ...files, source: 'two' });
    expect(result.verdict).toBe('pass');
    expect(workspace.lines.filter((line) => line === 'sh ./build.sh')).toHaveLength(4);
  });

  it('does not run where its build fails, and is not passed', async () => {
    const { result } = await judge(
      commands,
      { 'build.sh': build, source: 'one' },
      { 'build.sh': 'exit 3', source: 'one' },
    );
    expect(result.verdict).toBe('rework');
    expect(result.checks[1]).toMatchObject({
      basis: 'not-run',
      head: null,
      notes: ['`build`, which it needs, failed before it: exit code 3.'],
    });
  });

  it.each([
    ['itself', [check('test', 'true', { after: 'test' })]],
    ['one that stands below', [check('test', 'true', { after: 'build' }), check('build', 'true')]],
    ['one that is not there', [check('test', 'true', { after: 'biuld' })]],
  ])('is refused where that is %s', (_name, wrong) => {
    expect(() => createCheckGate({ commands: wrong })).toThrowError(
      expect.objectContaining({ code: 'CONFIG_INVALID', details: { setting: 'commands[0].after' } }),
    );
  });
});
