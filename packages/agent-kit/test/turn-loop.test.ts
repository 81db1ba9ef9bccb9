import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentEvent, BatonError, type JsonValue } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelReply } from '../src/index.js';
import { collectTurn, createTestWorkspace, type TestWorkspace, unlimited } from '../src/testing.js';
import { call, run, type ScriptedReply, say, unavailable, used } from './scripted-model.js';
import { letTimePass, startAgent } from './start-agent.js';

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await createTestWorkspace();
});
afterEach(() => workspace.dispose());

const take = async (replies: Iterable<ScriptedReply>, limits = {}) => {
  const { session, model, clock } = await startAgent(workspace, replies);
  const turn = await letTimePass(clock, collectTurn(session, 'the task', limits));
  return { ...turn, model, clock, session };
};
const forever = function* (reply: (index: number) => ModelReply): Generator<ModelReply> {
  for (let index = 0; ; index += 1) yield reply(index);
};
const outputs = (events: readonly AgentEvent[]): readonly JsonValue[] =>
  events.flatMap((event) => (event.type === 'tool-result' ? [event.output] : []));
const brokenCall = (stop: 'tool-calls' | 'length', flaw: string | null): ModelReply => ({
  parts: [
    { type: 'tool-call', callId: 'x', tool: 'write_file', input: flaw ? null : { path: 'a', content: '' }, flaw },
  ],
  stop: { unified: stop, raw: stop },
  usage: used,
});

describe('a turn', () => {
  it('carries out what the model calls, gives it the answers, and ends with its words', async () => {
    const { model, end, events } = await take([
      call('write_file', { path: 'a.txt', content: 'a\n' }),
      run('cat a.txt; exit 2'),
      say('I wrote a.'),
    ]);
    expect(end).toMatchObject({ outcome: { unified: 'done', raw: 'raw end' }, summary: 'I wrote a.' });
    expect(end.usage).toEqual({
      inputTokens: 300,
      cachedInputTokens: 120,
      outputTokens: 30,
      microUsd: null,
      basis: 'unknown',
    });
    expect(outputs(events)).toEqual(['Wrote a.txt, a new file: 1 lines.', 'exit code 2\nstandard output:\na']);
    const [first, , third] = model.requests;
    expect(first?.messages).toEqual([{ role: 'user', text: 'the task' }]);
    expect(first?.instructions).toContain('Be good.');
    expect(third?.messages.map((message) => message.role)).toEqual([
      'user',
      'assistant',
      'tools',
      'assistant',
      'tools',
    ]);
    expect(third?.messages.slice(0, 3)).toEqual(model.requests[1]?.messages);
    expect(third?.tools).toEqual(first?.tools);
    const types = events.map((event) => event.type);
    expect(types.slice(0, 6)).toEqual(['turn-start', 'text-delta', 'usage', 'checkpoint', 'tool-call', 'tool-result']);
  });

  it.each([
    ['an unknown tool', call('delete_everything', {}), 'There is no tool "delete_everything". There are list_files'],
    ['arguments that do not fit', call('write_file', { file: 'a' }), 'The input of write_file is wrong'],
    ['arguments that are no JSON', brokenCall('tool-calls', 'It is not JSON.'), 'It is not JSON.'],
    ['a call that was cut at the limit', brokenCall('length', null), 'was cut at its greatest length'],
  ])('%s is told to the model and does nothing', async (_, reply, words) => {
    const { end, events } = await take([reply, say('Sorry.')]);
    expect(outputs(events)).toEqual([expect.stringContaining(words)]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'tool-result', isError: true }));
    expect(end.outcome.unified).toBe('done');
    expect(await workspace.view.readFile('a')).toBeNull();
  });

  it('carries out so many calls of one message and no more', async () => {
    const each = Array.from({ length: 40 }, (_, index) => call('write_file', { path: `f${index}`, content: '' }));
    const all: ModelReply = { ...run(''), parts: each.flatMap(({ parts }) => parts.slice(1)) };
    const { events } = await take([all, say('Done.')]);
    const results = events.flatMap((event) => (event.type === 'tool-result' ? [event.isError] : []));
    expect(results).toEqual([...Array(32).fill(false), ...Array(8).fill(true)]);
    expect(await workspace.view.readFile('f31')).not.toBeNull();
    expect(await workspace.view.readFile('f32')).toBeNull();
  });

  it('asks a person, and carries out nothing behind the question', async () => {
    const ask = call('ask_person', { question: 'Red or blue?' });
    const both: ModelReply = { ...ask, parts: [...ask.parts, ...call('write_file', { path: 'b', content: '' }).parts] };
    const { end, session, model, clock } = await take([both, say('Blue it is.')]);
    expect(end).toMatchObject({ outcome: { unified: 'needs-person', raw: 'ask_person' }, summary: 'Red or blue?' });
    expect(await workspace.view.readFile('b')).toBeNull();
    await letTimePass(clock, collectTurn(session, 'Blue.'));
    const answers = model.requests[1]?.messages[2];
    expect(answers).toMatchObject({ role: 'tools', answers: [{ isError: false }, { isError: true }] });
    expect(model.requests[1]?.messages.at(-1)).toEqual({ role: 'user', text: 'Blue.' });
  });

  it('hears what is said to it meanwhile, also behind its last word', async () => {
    const { session, model, clock } = await startAgent(workspace, [run('true'), say('Done.'), say('Blue, then.')]);
    const iterator = session.run({ prompt: 'the task', limits: unlimited })[Symbol.asyncIterator]();
    for (let step = await iterator.next(); step.value?.type !== 'tool-result'; step = await iterator.next());
    await session.interject?.('Use tabs.');
    for (let step = await iterator.next(); step.value?.type !== 'text-delta'; step = await iterator.next());
    await session.interject?.('Make it blue.');
    let last: AgentEvent | undefined;
    for (let step = await iterator.next(); !step.done; step = await iterator.next()) last = step.value;
    expect(last).toMatchObject({ type: 'turn-end', summary: 'Blue, then.' });
    expect(model.requests[1]?.messages.at(-1)).toEqual({ role: 'user', text: 'Use tabs.' });
    expect(model.requests[2]?.messages.at(-1)).toEqual({ role: 'user', text: 'Make it blue.' });
    expect(clock.sleeping).toBe(0);
  });
});

describe('a model that comes to nothing ends its turn by name', () => {
  it.each<[string, readonly ScriptedReply[], string, string]>([
    ['refuses', [say('I would rather not.', 'refused')], 'refused', 'raw refused'],
    ['says nothing, twice', [say(''), say('')], 'failed', 'empty message'],
    ['promises calls and makes none', [say('', 'tool-calls'), say('', 'tool-calls')], 'failed', 'empty message'],
    ['stops for a reason nobody knows, twice', [say('Hm.', 'unknown'), say('Hm.', 'unknown')], 'failed', 'raw unknown'],
    ['is cut again and again', Array(4).fill(say('And so', 'length')), 'failed', 'raw length'],
    ['is cut in its calls again and again', Array(4).fill(brokenCall('length', 'cut')), 'failed', 'length'],
    ['finds the shortest conversation too long', [say('', 'overflow')], 'failed', 'raw overflow'],
  ])('%s', async (_, replies, unified, raw) => {
    const { end, model } = await take(replies);
    expect(end.outcome).toEqual({ unified, raw });
    expect(end.summary).not.toBe('');
    expect(model.requests).toHaveLength(replies.length);
  });

  it('goes on after one empty message', async () => {
    const { end, model } = await take([say(''), say('Done.')]);
    expect(end.outcome.unified).toBe('done');
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'user', text: expect.stringContaining('empty') });
  });

  it('makes the same call for ever: told once, then ended', async () => {
    const { end, events, model } = await take(forever(() => run('echo again')));
    expect(end.outcome).toEqual({ unified: 'failed', raw: 'repeated calls' });
    expect(model.requests).toHaveLength(5);
    expect(outputs(events).filter((output) => String(output).includes('made this very call before'))).toHaveLength(1);
  });

  it('goes back and forth between two edits for ever', async () => {
    await workspace.view.writeFile('a', 'one');
    const edit = (index: number): ModelReply => {
      const [old_text, new_text] = index % 2 === 0 ? ['one', 'two'] : ['two', 'one'];
      return call('edit_file', { path: 'a', old_text, new_text });
    };
    expect((await take(forever(edit))).end.outcome.raw).toBe('repeated calls');
  });

  it('runs the tests after every edit as often as it likes', async () => {
    const work = Array.from({ length: 10 }, (_, index) => [
      call('write_file', { path: 'a', content: `${index}` }),
      run('cat a'),
    ]).flat();
    expect((await take([...work, say('Done.')])).end.outcome.unified).toBe('done');
  });

  it('does nothing but fail', async () => {
    const { end, model } = await take(forever((index) => call('read_file', { path: `none-${index}` })));
    expect(end.outcome).toEqual({ unified: 'failed', raw: 'no progress' });
    expect(model.requests).toHaveLength(10);
  });
});

describe('a provider that fails', () => {
  const rateLimited = (inMs: number) =>
    new BatonError('RATE_LIMITED', 'Too much.', { details: { retryAt: Date.UTC(2026, 0, 1) + inMs } });
  const denied = new BatonError('AUTH_FAILED', 'The key is refused.', { details: {}, fix: 'Mend it.' });
  const unreadable = new BatonError('PROTOCOL_VIOLATION', 'What?', { details: { received: '' } });

  it('is asked four times, later and later', async () => {
    const { end, events, model } = await take(Array(4).fill(unavailable('Overloaded.')));
    expect(end).toMatchObject({ outcome: { unified: 'unavailable', raw: 'UNAVAILABLE' }, summary: 'Overloaded.' });
    expect(end.retryAt).toBeUndefined();
    expect(model.requests).toHaveLength(4);
    const told = events.flatMap((event) => (event.type === 'provider-event' ? [event.value] : []));
    expect(told).toMatchObject([{ waitMs: 1_000 }, { waitMs: 5_000 }, { waitMs: 20_000 }]);
  });

  it('is heard once it answers', async () => {
    const { end, clock } = await take([unavailable(), unavailable(), say('Done.')]);
    expect(end.outcome.unified).toBe('done');
    expect(clock.monotonic()).toBe(6_000);
    expect(clock.sleeping).toBe(0);
  });

  it('ends the turn with the instant of its limit (G23)', async () => {
    const { end, model } = await take([rateLimited(3_600_000)]);
    expect(end).toMatchObject({
      outcome: { unified: 'unavailable', raw: 'RATE_LIMITED' },
      retryAt: Date.UTC(2026, 0, 1, 1),
    });
    expect(model.requests).toHaveLength(1);
  });

  it('is waited for where its limit is over in a moment', async () => {
    const { end, clock } = await take([rateLimited(12_000), say('Done.')]);
    expect(end.outcome.unified).toBe('done');
    expect(clock.monotonic()).toBe(12_000);
  });

  it.each<[string, readonly Error[], string, string]>([
    ['refused credentials', [denied], 'unavailable', 'AUTH_FAILED'],
    ['an answer that can not be read, twice', [unreadable, unreadable], 'failed', 'PROTOCOL_VIOLATION'],
  ])('ends the turn by name: %s', async (_, errors, unified, raw) => {
    const { end, model } = await take(errors);
    expect(end.outcome).toEqual({ unified, raw });
    expect(model.requests).toHaveLength(errors.length);
  });

  it('can be called off while it is waited for', async () => {
    const { session, clock } = await startAgent(workspace, [unavailable()]);
    const aborting = new AbortController();
    const turn = collectTurn(session, 'the task', {}, { signal: aborting.signal });
    turn.catch(() => {});
    while (clock.sleeping === 0) await new Promise((resolve) => setImmediate(resolve));
    const reason = new Error('enough');
    aborting.abort(reason);
    await expect(turn).rejects.toBe(reason);
    expect(clock.sleeping).toBe(0);
  });

  it('lets what is not its doing through', async () => {
    const bug = new TypeError('undefined is not a function');
    await expect(take([bug])).rejects.toBe(bug);
    const full = new BatonError('DISK_FULL', 'No room.', { details: { path: '/' } });
    const view = { ...workspace.view, exec: () => Promise.reject(full) };
    const { session } = await startAgent({ ...workspace, view }, [run('true')]);
    await expect(collectTurn(session, '')).rejects.toBe(full);
  });
});

describe('text', () => {
  it('that is no text stays in nothing that leaves: neither in requests nor in events nor in files', async () => {
    const lone = 'ho \ud99c';
    const made: ModelReply = {
      parts: [
        { type: 'text', text: lone },
        { type: 'opaque', data: { [lone]: [lone] } },
        { type: 'tool-call', callId: 'c1', tool: 'write_file', input: { path: 'a.txt', content: lone }, flaw: null },
        { type: 'tool-call', callId: 'c2', tool: lone, input: { [lone]: lone }, flaw: lone },
      ],
      stop: { unified: 'tool-calls', raw: 'tool_use' },
      usage: used,
    };
    const { session, model } = await startAgent(workspace, [made, say('Done.')]);
    const { events } = await collectTurn(session, `the task ${lone}`);
    const calls = events.filter((event) => event.type === 'tool-call' || event.type === 'tool-result');
    expect(calls).toHaveLength(4);
    for (const value of [model.requests, calls]) expect(JSON.stringify(value)).not.toMatch(/\\ud[89a-f]/i);
    expect(model.requests[1]?.messages[1]).toMatchObject({ parts: [{ text: 'ho \ufffd' }, {}, {}, {}] });
    expect(await readFile(join(workspace.view.root, 'a.txt'), 'utf8')).toBe('ho \ufffd');
  });
});
