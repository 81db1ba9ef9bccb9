import { BatonError } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compactMessages } from '../src/conversation/compact-messages.js';
import type { ModelMessage, ModelReply, ModelRequest } from '../src/index.js';
import { collectTurn, createTestWorkspace, type TestWorkspace, unlimited } from '../src/testing.js';
import { bytesOf } from '../src/text/bytes-of.js';
import { call, run, say } from './scripted-model.js';
import { startAgent } from './start-agent.js';

const exchange = (index: number, size: number): readonly ModelMessage[] => [
  {
    role: 'assistant',
    parts: [
      { type: 'opaque', data: { signed: index } },
      { type: 'text', text: `I do thing ${index}.` },
      {
        type: 'tool-call',
        callId: `c${index}`,
        tool: 'write_file',
        input: { path: `f${index}`, content: 'i'.repeat(size) },
        flaw: null,
      },
    ],
  },
  { role: 'tools', answers: [{ callId: `c${index}`, output: 'o'.repeat(size), isError: false }] },
];
const long = (exchanges: number): readonly ModelMessage[] => [
  { role: 'user', text: 'the task' },
  ...Array.from({ length: exchanges }, (_, index) => exchange(index, 2_000)).flat(),
];

describe('trimming', () => {
  it('drops outputs first, the oldest first, and leaves the rest as it was', () => {
    const messages = long(10);
    const trimmed = compactMessages(messages, bytesOf(messages) - 5_000, false);
    expect(trimmed).toHaveLength(messages.length);
    const shortened = trimmed.flatMap((message, index) => (message === messages[index] ? [] : [index]));
    expect(shortened).toEqual([2, 4, 6]);
    expect(trimmed[2]).toMatchObject({
      answers: [{ callId: 'c0', output: '[2000 characters of output, dropped to save room]' }],
    });
  });

  it('never touches the task, what the model said and signed, and the newest exchanges', () => {
    const messages = long(10);
    const trimmed = compactMessages(messages, 0, false);
    expect(trimmed[0]).toEqual(messages[0]);
    expect(trimmed.slice(-4)).toEqual(messages.slice(-4));
    for (const [index, message] of trimmed.entries()) {
      const before = messages[index];
      if (message.role !== 'assistant' || before?.role !== 'assistant') continue;
      expect(message.parts.slice(0, 2)).toEqual(before.parts.slice(0, 2));
    }
    expect(bytesOf(trimmed)).toBeLessThan(bytesOf(messages) * 0.4);
  });

  it('drops whole exchanges only where it must, never half of one, and keeps what was said in them', () => {
    const trimmed = compactMessages(long(100), 10_000, true);
    expect(bytesOf(trimmed)).toBeLessThan(14_000);
    expect(trimmed[0]).toEqual({ role: 'user', text: 'the task' });
    expect(trimmed[1]).toMatchObject({ role: 'user', text: expect.stringContaining('I do thing') });
    const calls = trimmed.flatMap((message) =>
      message.role === 'assistant'
        ? message.parts.flatMap((part) => (part.type === 'tool-call' ? [part.callId] : []))
        : [],
    );
    const answers = trimmed.flatMap((message) =>
      message.role === 'tools' ? message.answers.map((answer) => answer.callId) : [],
    );
    expect(answers).toEqual(calls);
  });
});

describe('a long turn', () => {
  let workspace: TestWorkspace;
  beforeEach(async () => {
    workspace = await createTestWorkspace();
  });
  afterEach(() => workspace.dispose());

  const tokensOf = (request: ModelRequest): number => Math.ceil(JSON.stringify(request).length / 4);
  const noisy = function* (steps: number): Generator<(request: ModelRequest) => Promise<ModelReply>> {
    for (let index = 0; index < steps; index += 1) {
      yield async (request) => ({
        ...run(`seq ${index}000 ${index + 2}999`),
        usage: { inputTokens: tokensOf(request), cachedInputTokens: 0, outputTokens: 50 },
      });
    }
    yield async () => say('Done.');
  };

  it('stays within the window, and keeps its beginning from call to call but for a few big steps', async () => {
    const contextWindow = 40_000;
    const { session, model } = await startAgent(workspace, noisy(60), { contextWindow });
    const { end } = await collectTurn(session, 'the task');
    expect(end.outcome.unified).toBe('done');
    expect(Math.max(...model.requests.map(tokensOf))).toBeLessThan(contextWindow - 4_000);
    const breaks = model.requests.filter((request, index) => {
      const before = model.requests[index - 1]?.messages ?? [];
      return JSON.stringify(request.messages.slice(0, before.length)) !== JSON.stringify(before);
    });
    expect(breaks.length).toBeGreaterThan(0);
    expect(breaks.length).toBeLessThan(12);
    for (const { messages } of model.requests) expect(messages[0]).toEqual({ role: 'user', text: 'the task' });
  });

  it('goes on in another process with the very same conversation', async () => {
    const options = { contextWindow: 40_000 };
    const { session, model } = await startAgent(workspace, noisy(30), options);
    let state = null;
    let results = 0;
    for await (const event of session.run({ prompt: 'the task', limits: unlimited })) {
      if (event.type === 'checkpoint') state = event.state;
      if (event.type === 'tool-result' && ++results === 20) break;
    }
    if (state === null) throw new Error('there was no checkpoint');
    const resumed = await startAgent(workspace, [call('list_files', {}), say('Done.')], options, state);
    await collectTurn(resumed.session, 'the task');
    const before = model.requests.at(-1)?.messages ?? [];
    expect(resumed.model.requests[0]?.messages.slice(0, before.length)).toEqual(before);
  });

  it('is trimmed and asked again where the model finds it too long', async () => {
    const flood = call('run_command', { command: 'seq 3000' });
    const steps = [flood, run('seq 1 3000'), run('seq 2 3000'), run('seq 3 3000')];
    const { session, model } = await startAgent(workspace, [...steps, say('', 'overflow'), say('Done.')]);
    const { end } = await collectTurn(session, 'the task');
    expect(end.outcome.unified).toBe('done');
    const [asked, again] = model.requests.slice(-2);
    expect(bytesOf(again?.messages)).toBeLessThan(bytesOf(asked?.messages) * 0.7);
  });

  it('is trimmed where all of it is new', async () => {
    const flood = run('seq 1 20000');
    const { session, model } = await startAgent(workspace, [run('true'), flood, say('', 'overflow'), say('Done.')]);
    const { end } = await collectTurn(session, 'the task');
    expect(end.outcome.unified).toBe('done');
    const [asked, again] = model.requests.slice(-2).map(({ messages }) => messages);
    expect(bytesOf(again)).toBeLessThan(bytesOf(asked) * 0.7);
    expect(again?.slice(0, -1)).toEqual(asked?.slice(0, -1));
    expect(again?.at(-1)).toMatchObject({
      answers: [{ output: expect.stringMatching(/^exit code 0[\s\S]*dropped[\s\S]*20000$/) }],
    });
  });

  it('is kept below what the model once found too long, however often that is', async () => {
    const most = 24_000;
    const picky = function* (): Generator<(request: ModelRequest) => Promise<ModelReply>> {
      for (let index = 0; index < 60; index += 1) {
        const one = run(`seq ${index}000 ${index}700`);
        yield async (request) => (tokensOf(request) > most ? say('', 'overflow') : one);
      }
      yield async () => say('Done.');
    };
    const { session, model } = await startAgent(workspace, picky());
    const { end } = await collectTurn(session, 'the task');
    expect(end.outcome.unified).toBe('done');
    expect(model.requests.filter((request) => tokensOf(request) > most).length).toBeLessThan(3);
  });

  describe('where a provider calls a request malformed', () => {
    const malformed = new BatonError('PROTOCOL_VIOLATION', 'Bad Request', { details: { received: '400' } });
    const untold = { inputTokens: null, cachedInputTokens: null, outputTokens: null };
    const floods = Array.from({ length: 6 }, (_, index) => ({ ...run(`seq ${index} 3000`), usage: untold }));

    it('and it is large, is tried once shorter', async () => {
      const { session, model } = await startAgent(workspace, [...floods, malformed, malformed, say('Done.')]);
      const { end } = await collectTurn(session, 'the task');
      expect(end.outcome.unified).toBe('done');
      const [asked, again] = model.requests.slice(-2);
      expect(bytesOf(again?.messages)).toBeLessThan(bytesOf(asked?.messages) * 0.7);
    });

    it('and goes on to, ends the turn with its words', async () => {
      const { session, model } = await startAgent(workspace, [...floods, ...Array(4).fill(malformed)]);
      const { end } = await collectTurn(session, 'the task');
      expect(end).toMatchObject({ outcome: { unified: 'failed' }, summary: 'Bad Request' });
      expect(model.requests).toHaveLength(floods.length + 4);
    });
  });
});
