import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createTestWorkspace, type TestWorkspace } from '@baton/agent-kit/testing';
import { type CodingAgentRig, codingAgentContract, createManualClock } from '@baton/conformance';
import type { AgentEvent, AgentLimits, AgentSession, Clock, TurnEnd } from '@baton/core';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClaudeCodeAgent } from '../src/index.js';
import { writeFakeProgram } from './claude-code-fake.js';
import { type AskedModel, type Saying, type ScriptedModel, startScriptedModel } from './claude-code-upstream.js';

const realKey = 'sk-ant-real-CANARY-0123456789';
const model = 'claude-sonnet-5-5';
const price = { input: 2, output: 10, cachedInput: 0.2 };
const unlimited: AgentLimits = { maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: null };
const sandbox = createBubblewrapSandbox({ mode: 'off' });

let programs = '';
let program = '';
beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), 'baton-claude-code-program-'));
  program = await writeFakeProgram(programs);
});
afterAll(() => rm(programs, { recursive: true, force: true }));

interface Scene extends AsyncDisposable {
  readonly model: ScriptedModel;
  readonly workspace: TestWorkspace;
  agent(options?: {
    readonly priced?: boolean;
    readonly clock?: Clock;
    readonly program?: string;
  }): ReturnType<typeof createClaudeCodeAgent>;
}

async function openScene(script: (asked: AskedModel, calls: number) => Saying): Promise<Scene> {
  let calls = 0;
  const scripted = await startScriptedModel((asked) => script(asked, ++calls));
  const workspace = await createTestWorkspace({ sandbox });
  return {
    model: scripted,
    workspace,
    agent: ({ priced = true, clock = createSystemRuntime().clock, program: other = program } = {}) =>
      createClaudeCodeAgent({
        program: other,
        model,
        baseUrl: scripted.url,
        key: realKey,
        price: () => (priced ? price : null),
        clock,
      }),
    async [Symbol.asyncDispose]() {
      await workspace.dispose();
      await scripted[Symbol.asyncDispose]();
    },
  };
}

async function takeTurn(
  session: AgentSession,
  deed: string,
  limits: Partial<AgentLimits> = {},
): Promise<{ readonly events: readonly AgentEvent[]; readonly end: TurnEnd }> {
  const events: AgentEvent[] = [];
  const turn = { prompt: `Deed: ${deed}\n`, limits: { ...unlimited, ...limits } };
  for await (const event of session.run(turn)) events.push(event);
  const end = events.at(-1);
  if (end?.type !== 'turn-end') throw new Error('the turn has no end');
  return { events, end };
}

const answer = { say: 'Done.' } as const;

describe('contract, with a program that stands for Claude Code', () => {
  codingAgentContract(it, async (): Promise<CodingAgentRig> => {
    const scene = await openScene(({ deed }) => (deed === 'fail' ? { status: 500, message: 'broken' } : answer));
    const clock = createManualClock();
    const prompt = (deed: string): string => `Deed: ${deed}`;
    return {
      createAgent: () => scene.agent({ clock }),
      workspace: scene.workspace.view,
      clock,
      prompts: {
        ...{ edit: prompt('edit'), fail: prompt('fail'), hang: prompt('hang'), ask: prompt('ask') },
        ...{ escape: null, enter: prompt('enter') },
      },
      edit: {
        path: 'edited.txt',
        content: 'edited\n',
        usage: { inputTokens: 1000, cachedInputTokens: 0, outputTokens: 50, microUsd: 2500, basis: 'computed' },
      },
      secrets: [realKey],
      asked: () => scene.model.asked.map(({ text }) => text),
      processes: scene.workspace.processes,
      escaped: async () => false,
      dispose: async () => scene[Symbol.asyncDispose](),
    };
  });
});

describe('claude-code', () => {
  const run = async (
    deed: string,
    script: Parameters<typeof openScene>[0] = () => answer,
    limits: Partial<AgentLimits> = {},
  ) => {
    await using scene = await openScene(script);
    const session = await scene.agent().start({ workspace: scene.workspace.view, instructions: '' });
    const turn = await takeTurn(session, deed, limits);
    expect(await scene.workspace.processes()).toEqual([]);
    return { ...turn, asked: scene.model.asked };
  };

  it.each<[string, string, string, string]>([
    ['says nothing and exits 0', 'silent', 'failed', 'no result, exit 0'],
    ['prints what is no JSON', 'garbage', 'failed', 'no result, exit 0'],
    ['crashes', 'crash', 'failed', 'no result, signal SIGSEGV'],
    ['prints a line without end', 'endless-line', 'failed', 'flood'],
    ['prints what looks like a result', 'forged', 'failed', 'broken'],
    ['comes to its own limit of turns', 'turns', 'limit-reached', 'error_max_turns'],
  ])('that %s ends by name, and nothing runs on (G33)', async (_, deed, unified, raw) => {
    expect((await run(deed)).end.outcome).toEqual({ unified, raw });
  });

  it.each<[string, Saying, string, string]>([
    ['the key is refused', { status: 401, message: 'bad key' }, 'unavailable', 'AUTH_FAILED'],
    ['the model is not there', { status: 404, message: 'no model' }, 'unavailable', 'NOT_FOUND'],
    ['the provider is overloaded', { status: 529, message: 'later' }, 'unavailable', 'UNAVAILABLE'],
    ['the provider is broken', { status: 500, message: 'broken' }, 'unavailable', 'UNAVAILABLE'],
    ['the request is wrong', { status: 400, message: 'wrong' }, 'failed', 'PROTOCOL_VIOLATION'],
  ])('exits 0 where %s, and is not believed (G33)', async (_, saying, unified, raw) => {
    const { end } = await run('error-inside', () => saying);
    expect(end.outcome).toEqual({ unified, raw });
    expect(end.usage).toMatchObject({ inputTokens: 0, microUsd: 0 });
  });

  it('tells when a usage limit is over (G23)', async () => {
    const at = Math.ceil(Date.now() / 1000) + 3_600;
    const headers = { 'anthropic-ratelimit-unified-reset': String(at) };
    const { end } = await run('error-inside', () => ({ status: 429, headers, message: 'usage limit' }));
    expect(end).toMatchObject({ outcome: { unified: 'unavailable', raw: 'RATE_LIMITED' }, retryAt: at * 1000 });
  });

  it('is stopped at exactly its last step, whatever it says of it', async () => {
    const { end, asked } = await run('goes-on', () => answer, { maxSteps: 3 });
    expect(end.outcome).toEqual({ unified: 'limit-reached', raw: 'max steps' });
    expect(asked).toHaveLength(3);
    expect(end.usage).toMatchObject({ inputTokens: 3000, outputTokens: 150, microUsd: 7500 });
  });

  it('is stopped before it costs more than it may', async () => {
    const { end, asked } = await run('goes-on', () => answer, { maxMicroUsd: 6_000 });
    expect(end.outcome).toEqual({ unified: 'limit-reached', raw: 'max cost' });
    expect(asked.length).toBe(2);
    expect(end.usage.microUsd).toBeLessThanOrEqual(6_000);
  });

  it('tells what it asked of its model and was not given, and nothing where that was nothing', async () => {
    const { end, asked } = await run('reaches', () => answer);
    expect(end).toMatchObject({ outcome: { unified: 'done' }, refused: [{ what: 'mcp_servers', count: 1 }] });
    expect(asked).toHaveLength(1);
    expect((await run('edit', () => answer)).end).not.toHaveProperty('refused');
  });

  it('tells a refusal of the model', async () => {
    const { end } = await run('refused', () => ({ say: '', stop: 'refusal' }));
    expect(end).toMatchObject({ outcome: { unified: 'refused', raw: 'refusal' }, summary: 'I will not.' });
  });

  it('forgets a failure after which the model answered', async () => {
    const { end } = await run('mended', (_, calls) => (calls === 1 ? { status: 529, message: 'later' } : answer));
    expect(end.outcome).toEqual({ unified: 'done', raw: 'success' });
  });

  it('tells each call and each result once', async () => {
    const { events } = await run('doubled');
    const told = events.filter(({ type }) => type === 'tool-call' || type === 'tool-result');
    expect(told).toEqual([
      { type: 'tool-call', callId: 't1', tool: 'Bash', input: {} },
      { type: 'tool-result', callId: 't1', output: 'a', isError: false },
    ]);
  });

  it('is not let go on where it is too old to keep a repository out', async () => {
    await using scene = await openScene(() => answer);
    const agent = scene.agent({ program: await writeFakeProgram(programs, '2.1.9') });
    const { end } = await takeTurn(await agent.start({ workspace: scene.workspace.view, instructions: '' }), 'edit');
    expect(end.outcome).toEqual({ unified: 'failed', raw: 'too old' });
    expect(end.summary).toContain('2.1.330');
  });

  it('says what is missing where the program is', async () => {
    await using scene = await openScene(() => answer);
    const agent = scene.agent({ program: 'no-claude-anywhere' });
    const { end } = await takeTurn(await agent.start({ workspace: scene.workspace.view, instructions: '' }), 'edit');
    expect(end.outcome).toEqual({ unified: 'failed', raw: 'not started' });
    expect(end.summary).toContain('no-claude-anywhere');
  });

  it('tells its own account of the cost by difference where no price is known (G10)', async () => {
    await using scene = await openScene(() => answer);
    const request = { workspace: scene.workspace.view, instructions: '' };
    const first = await takeTurn(await scene.agent({ priced: false }).start(request), 'edit');
    const state = first.events.flatMap((event) => (event.type === 'checkpoint' ? [event.state] : [])).at(-1);
    if (state === undefined) throw new Error('no checkpoint');
    // What people are told is what the program itself calls it.
    expect(state.session).toMatch(/^[\w-]+$/);
    expect(state.data).toMatchObject({ session: state.session });
    const resumed = await scene.agent({ priced: false }).resume?.({ ...request, state });
    if (resumed === undefined) throw new Error('no resume');
    const second = await takeTurn(resumed, 'edit');
    const usage = { inputTokens: 1000, cachedInputTokens: 0, outputTokens: 50, microUsd: 12_300, basis: 'reported' };
    expect([first.end.usage, second.end.usage]).toEqual([usage, usage]);
  });

  it('begins anew where its session is gone', async () => {
    await using scene = await openScene(() => answer);
    const data = { session: '11111111-1111-4111-8111-111111111111', reportedUsd: 5 };
    const state = { agent: 'claude-code', version: 1, data };
    const session = await scene.agent().resume?.({ workspace: scene.workspace.view, instructions: '', state });
    if (session === undefined) throw new Error('no resume');
    expect((await takeTurn(session, 'edit')).end.outcome.unified).toBe('done');
  });

  it('refuses an alias for a model, and a model that was not configured', async () => {
    const make = (name: string) =>
      createClaudeCodeAgent({ model: name, key: null, price: () => null, clock: createSystemRuntime().clock });
    expect(() => make('opus')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(() => make('sonnet[1m]')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(make('claude-opus-5-5[1m]').id).toBe('claude-code');
  });
});
