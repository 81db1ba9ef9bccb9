import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { collectTurn, createTestWorkspace, type TestWorkspace } from '@baton/agent-kit/testing';
import { type CodingAgentRig, codingAgentContract, createManualClock } from '@baton/conformance';
import type { AgentResumeState } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScriptedAgent, type Script, type ScriptedStep } from '../src/index.js';

describe('contract', () => {
  codingAgentContract(it, async (): Promise<CodingAgentRig> => {
    const workspace = await createTestWorkspace();
    await symlink(workspace.outside, join(workspace.view.root, 'door'));
    const clock = createManualClock();
    const edit: ScriptedStep = {
      write: { 'edited.txt': 'edited\n' },
      usage: { inputTokens: 100, cachedInputTokens: 10, outputTokens: 20, microUsd: 1200 },
    };
    const script: Script = {
      issues: {
        edit: [edit, edit, edit],
        fail: [{ edits: [{ path: 'edited.txt', find: 'nowhere', replace: 'x' }] }],
        hang: [{ run: `(trap '' TERM; setsid sleep 1000 &); touch hanging; sleep 1000` }],
        ask: [{ outcome: 'needs-person', summary: 'Which one?' }],
        escape: [{ write: { 'door/file': 'out' } }],
      },
    };
    return {
      createAgent: () => createScriptedAgent({ script, clock }),
      workspace: workspace.view,
      clock,
      prompts: {
        edit: 'Issue: edit',
        fail: 'Issue: fail',
        hang: 'Issue: hang',
        ask: 'Issue: ask',
        escape: 'Issue: escape',
        enter: null,
      },
      edit: {
        path: 'edited.txt',
        content: 'edited\n',
        usage: { inputTokens: 100, cachedInputTokens: 10, outputTokens: 20, microUsd: 1200, basis: 'reported' },
      },
      secrets: [],
      processes: workspace.processes,
      escaped: async () => (await workspace.view.exec({ argv: ['ls', 'door'] })).stdout !== '',
      dispose: workspace.dispose,
    };
  });
});

describe('scripted agent', () => {
  let workspace: TestWorkspace;
  const { clock } = createSystemRuntime();
  beforeEach(async () => {
    workspace = await createTestWorkspace();
  });
  afterEach(() => workspace.dispose());

  const startSession = (script: Script) =>
    createScriptedAgent({ script, clock }).start({ workspace: workspace.view, instructions: '' });
  const takeStep = async (step: ScriptedStep, limits = {}) =>
    collectTurn(await startSession({ default: [step] }), '', limits);
  const textOf = async (path: string): Promise<string | null> => {
    const bytes = await workspace.view.readFile(path);
    return bytes && new TextDecoder().decode(bytes);
  };

  it('takes the steps of the issue that the prompt names, one a turn, and then nothing more', async () => {
    const session = await startSession({
      issues: { 'local:0001': [{ summary: 'one' }, { summary: 'two' }], 'local:0002': [{ summary: 'other' }] },
      default: [{ summary: 'default' }],
    });
    const prompts = ['Work.\nIssue: local:0001\n\n> Issue: local:0002', 'The tests are red.', 'Still red.'];
    const said: string[] = [];
    for (const prompt of prompts) said.push((await collectTurn(session, prompt)).end.summary);
    expect(said).toEqual(['one', 'two', 'The script has no further steps.']);
    const other = await startSession({ issues: { constructor: [] }, default: [{ summary: 'default' }] });
    expect((await collectTurn(other, 'Issue: toString')).end.summary).toBe('default');
  });

  it('fails by name for an issue that no step is for', async () => {
    const { end } = await collectTurn(await startSession({ issues: {} }), 'Issue: local:0009');
    expect(end).toMatchObject({ outcome: { unified: 'failed' }, summary: expect.stringContaining('local:0009') });
  });

  it('writes, edits, deletes and runs, in this order, and tells of each', async () => {
    await writeFile(join(workspace.view.root, '-old.txt'), 'old');
    const { events, end } = await takeStep({
      write: { 'src/a.js': 'let a = 1;\n' },
      edits: [{ path: 'src/a.js', find: '1', replace: "'$&'" }],
      delete: ['-old.txt', 'never-there'],
      run: 'cat src/a.js; ls; exit 3',
      summary: 'finished',
    });
    expect(end.outcome.unified).toBe('done');
    const told = events.flatMap((event) => (event.type === 'tool-call' ? [event.tool] : []));
    expect(told).toEqual(['write', 'edit', 'delete', 'delete', 'run']);
    const last = events.findLast((event) => event.type === 'tool-result');
    expect(last).toMatchObject({
      isError: true,
      output: { exitCode: 3, stdout: "let a = '$&';\nsrc\n", stderr: '' },
    });
  });

  it.each([
    ['is not there', 'a.txt', 'gone', 'it stands there 0 times'],
    ['stands there twice', 'a.txt', 'a', 'it stands there 2 times'],
    ['has no file', 'b.txt', 'a', 'there is no such file'],
  ])('fails where the text to replace %s, and leaves the rest undone', async (_, path, find, why) => {
    await writeFile(join(workspace.view.root, 'a.txt'), 'a a');
    const { end } = await takeStep({ edits: [{ path, find, replace: 'x' }], run: 'touch ran' });
    expect(end.outcome.unified).toBe('failed');
    expect(end.summary).toContain(why);
    expect(await textOf('ran')).toBeNull();
  });

  it('can be resumed from the middle of a turn, whose edits stand already (G10)', async () => {
    await writeFile(join(workspace.view.root, 'a.txt'), 'wrong');
    const script: Script = {
      issues: {
        one: [{ edits: [{ path: 'a.txt', find: 'wrong', replace: 'right' }], summary: 'first' }, { summary: 'second' }],
      },
    };
    const { events } = await collectTurn(await startSession(script), 'Issue: one');
    const states = events.flatMap((event) => (event.type === 'checkpoint' ? [event.state] : []));
    const said: string[] = [];
    for (const state of states) said.push(await resumeAndSay(script, state));
    expect(said).toEqual(['first', 'second']);
    expect(await textOf('a.txt')).toBe('right');
  });

  const resumeAndSay = async (script: Script, state: AgentResumeState): Promise<string> => {
    const agent = createScriptedAgent({ script, clock });
    const session = await agent.resume?.({ workspace: workspace.view, instructions: '', state });
    if (!session) throw new Error('it can not be resumed');
    return (await collectTurn(session, 'go on')).end.summary;
  };

  it('keeps to every limit', async () => {
    const step: ScriptedStep = {
      write: { a: '', b: '' },
      usage: { inputTokens: 900, outputTokens: 100, microUsd: 50 },
    };
    const endOf = async (limits: object) => (await takeStep(step, limits)).end.outcome;
    expect(await endOf({ maxTokens: 999 })).toEqual({ unified: 'limit-reached', raw: 'max tokens' });
    expect(await endOf({ maxMicroUsd: 49 })).toEqual({ unified: 'limit-reached', raw: 'max cost' });
    expect(await textOf('a')).toBeNull();
    expect(await endOf({ maxSteps: 1 })).toEqual({ unified: 'limit-reached', raw: 'max steps' });
    expect([await textOf('a'), await textOf('b')]).toEqual(['', null]);
    expect(await endOf({ maxTokens: 1000, maxMicroUsd: 50, maxSteps: 2 })).toEqual({ unified: 'done', raw: 'done' });
    expect(await endOf({ deadline: clock.now() - 1 })).toEqual({ unified: 'limit-reached', raw: 'deadline' });
  });

  it('takes the time that the step says, by the clock that it was given', async () => {
    const slept: number[] = [];
    const sleep = async (milliseconds: number) => void slept.push(milliseconds);
    const agent = createScriptedAgent({
      script: { default: [{ write: { a: '', b: '' }, delayMs: 8_000 }, { delayMs: 500 }] },
      clock: { ...createManualClock(), sleep },
    });
    const session = await agent.start({ workspace: workspace.view, instructions: '' });
    await collectTurn(session, '');
    expect(slept).toEqual([4_000, 4_000]);
    await collectTurn(session, '');
    expect(slept).toEqual([4_000, 4_000, 500]);
  });

  it('reads its file when the first session starts, and says what is wrong with it and where', async () => {
    const file = join(workspace.outside, 'steps.yaml');
    const agent = createScriptedAgent({ file, clock });
    const start = () => agent.start({ workspace: workspace.view, instructions: '' });
    const diagnose = async () => {
      const lines = [];
      for await (const line of agent.diagnose?.() ?? []) lines.push(line);
      return lines;
    };
    await expect(start()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `The script ${file} can't be read.`,
    });
    await writeFile(file, 'default:\n  - summary: [');
    await expect(start()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/steps\.yaml.*line 2/s),
    });
    await writeFile(file, 'default: *nobody\n');
    await expect(start()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/steps\.yaml can't be read: .*nobody/),
    });
    await writeFile(file, 'issues:\n  "local:0001":\n    - wirte: {}\n');
    const flaw = expect.stringMatching(/steps\.yaml .*issues\.local:0001\.0.*wirte/);
    await expect(start()).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: flaw });
    expect(await diagnose()).toMatchObject([{ ok: false, detail: flaw }]);
    await writeFile(
      file,
      'default:\n  - { write: { a.txt: "from the file\\n" }, outcome: needs-person, summary: Why? }\n',
    );
    const { end } = await collectTurn(await start(), '');
    expect(end).toMatchObject({ outcome: { unified: 'needs-person' }, summary: 'Why?' });
    expect(await textOf('a.txt')).toBe('from the file\n');
    expect(await diagnose()).toMatchObject([{ ok: true }]);
  });

  it.each(['/etc/passwd', '../x', 'a/../../x', '', 'a\0b'])('refuses the path %j when it is built', (path) => {
    const script: Script = { default: [{ delete: [path] }] };
    expect(() => createScriptedAgent({ script, clock })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
