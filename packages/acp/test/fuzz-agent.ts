import { RequestError } from '@agentclientprotocol/sdk';
import { anyOdd, fuzzed, mutatedJson } from '@baton/conformance/fuzz';
import { type AgentEvent, BatonError, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { createAgentStream } from '../src/agent-stream.js';
import { answerPermission } from '../src/answer-permission.js';
import { mapTalkError } from '../src/map-error.js';
import { createUpdateReader } from '../src/map-update.js';
import type { AcpTurnEnd } from '../src/run-acp-turn.js';
import { mapAcpTurnEnd } from '../src/turn-end.js';

const text = (words: string): JsonValue => ({ type: 'text', text: words });
const said = (words: string): JsonValue => ({ sessionUpdate: 'agent_message_chunk', content: text(words) });
const call = { toolCallId: 'c1', title: 'Read a', kind: 'read', rawInput: { path: 'a' } };
const update = mutatedJson([
  said('I look.'),
  said('QUESTION FOR A PERSON: Which?'),
  { sessionUpdate: 'agent_thought_chunk', content: text('Hm.') },
  { sessionUpdate: 'tool_call', ...call, status: 'pending', name: 'read_file' },
  { sessionUpdate: 'tool_call', ...call, status: 'in_progress' },
  { sessionUpdate: 'tool_call_update', toolCallId: 'c1', status: 'completed', rawOutput: { ok: true } },
  {
    sessionUpdate: 'tool_call_update',
    toolCallId: 'c1',
    status: 'failed',
    content: [
      { type: 'content', content: text('no') },
      { type: 'diff', path: 'a', oldText: 'x', newText: 'y' },
    ],
  },
  { sessionUpdate: 'plan', entries: [{ content: 'long '.repeat(4_000), status: 'pending' }] },
]);
const step = fc.record({ update, kind: fc.constantFrom('map', 'map', 'map', 'map', 'mapPermission', 'mapNoise') });

function checkEvents(events: readonly AgentEvent[]): void {
  const told = new Set<string>();
  for (const event of events) {
    expect(JSON.parse(JSON.stringify(event))).toEqual(event);
    expect(JSON.stringify(event).length).toBeLessThan(110_000);
    if (event.type === 'tool-call') {
      expect(told.has(event.callId)).toBe(false);
      told.add(event.callId);
    }
    if (event.type === 'tool-result') expect(told.delete(event.callId)).toBe(true);
  }
}

const steps = fc.record({ steps: fc.array(step, { maxLength: 12 }), isFlood: fc.boolean() });

export const updates = fuzzed('updates tell each call once, then its result', steps, ({ steps: all, isFlood }) => {
  const reader = createUpdateReader();
  const events = all.flatMap(({ update: each, kind }) =>
    kind === 'mapNoise' ? reader.mapNoise(each) : reader[kind](JSON.parse(each)),
  );
  if (isFlood) for (let count = 0; count < 60; count += 1) events.push(...reader.mapNoise('x'));
  checkEvents([...events, ...reader.flush()]);
  expect(reader.closingWords.length).toBeLessThanOrEqual(8_000);
  expect(reader.closingWords.isWellFormed()).toBe(true);
});

const line = mutatedJson([
  { jsonrpc: '2.0', id: 0, result: { protocolVersion: 1 } },
  { jsonrpc: '2.0', id: 1, error: { code: -32_000, message: 'Authentication required', data: { methods: [] } } },
  { jsonrpc: '2.0', id: 'p1', method: 'session/request_permission', params: { sessionId: 's', options: [] } },
  { jsonrpc: '2.0', method: 'session/update', params: { sessionId: 's', update: said('x') } },
  { jsonrpc: '2.0', method: 'session/other' },
]);
const output = fc.record({
  lines: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: line },
      fc.constantFrom('', ' ', 'Segmentation fault', '{"id":', '[]', '7', '['.repeat(200), `${'[1,'.repeat(120)}`),
      fc.constantFrom(`{"id":0,"result":${'['.repeat(150)}${']'.repeat(150)}}`, '{"method":"session/update"}\r'),
      fc.string({ unit: 'binary', maxLength: 9 }),
    ),
    { maxLength: 9 },
  ),
  pieces: fc.integer({ min: 1, max: 60 }),
  ends: fc.constantFrom('\n', ''),
  repeat: fc.constantFrom(1, 1, 1, 1, 1, 1, 1, 1, 400),
});

/** What passes to the SDK is a request, or the one answer to what was asked; the rest is told, and never all of a flood. */
export const streams = fuzzed(
  'output of an agent is messages or noise',
  output,
  async (told) => {
    const whole = new TextEncoder().encode(Array(told.repeat).fill(told.lines.join('\n')).join('\n') + told.ends);
    const size = told.repeat > 1 ? whole.length + 1 : told.pieces;
    const parts = Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
      whole.slice(at * size, (at + 1) * size),
    );
    const stdout = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    });
    let noise = 0;
    const stream = createAgentStream(
      { stdin: new WritableStream(), stdout },
      {
        async onUpdate(params) {
          expect(JSON.stringify(params)).toBeTypeOf('string');
        },
        async onNoise(words) {
          noise += 1;
          expect(words.length).toBeLessThanOrEqual(500);
        },
      },
    );
    const writer = stream.writable.getWriter();
    for (const id of [0, 1]) await writer.write({ jsonrpc: '2.0', id, method: 'initialize', params: {} });
    await writer.write({ jsonrpc: '2.0', method: 'session/cancel', params: { sessionId: 's' } });
    const answered = new Set<unknown>();
    try {
      for await (const message of stream.readable) {
        if ('method' in message && typeof message.method === 'string') expect(message).toHaveProperty('id');
        else if ('id' in message) {
          expect([0, 1]).toContain(message.id);
          expect(answered.has(message.id)).toBe(false);
          answered.add(message.id);
        } else expect.fail(JSON.stringify(message));
      }
    } catch (error) {
      if (!BatonError.is(error, 'PROTOCOL_VIOLATION')) throw error;
    }
    expect(noise).toBeLessThanOrEqual(1_000);
  },
  [
    // All at once, as a pipe hands it on: lines of nothing are no noise that is counted.
    { lines: ['\n'.repeat(2 ** 19)], pieces: 2 ** 20, ends: '\n', repeat: 1 },
  ],
);

/** An error that the SDK lets through: its code is a number, its message text. */
const refused = fc.record({
  code: fc.constantFrom(-32_000, -32_603, 500),
  message: fc.constantFrom('', 'Authentication required', `long ${'\ud83d\ude00'.repeat(600)}`),
  data: fc.oneof(fc.constant(undefined), anyOdd),
});
const option = fc.constantFrom('allow_once', 'allow_always', 'reject_once', 'reject_always');
const failures = [
  null,
  null,
  null,
  new BatonError('RATE_LIMITED', 'Wait.', { details: { retryAt: 5 } }),
  new BatonError('PROTOCOL_VIOLATION', 'No answer.', { details: { received: 'x' } }),
  new BatonError('UNAVAILABLE', 'Away.', { details: {}, fix: 'Wait.' }),
];
const closed = fc.record({
  by: fc.constantFrom('stop', 'stop', 'error', 'error', 'exit', 'start', 'deadline', 'limit', 'silent', 'provider'),
  reason: fc.constantFrom('end_turn', 'max_tokens', 'refusal', 'cancelled', 'max_turn_requests', '__proto__'),
  refused,
  how: fc.constantFrom('protocol', 'protocol', 'protocol', 'ours'),
  options: fc.array(option, { maxLength: 4 }),
  failure: fc.constantFrom(...failures),
  stop: fc.constantFrom(null, 'end_turn', 'refusal', 'content_filter'),
  passed: fc.constantFrom(null, null, null, 'max steps'),
  words: fc.constantFrom('', 'Done.', 'I looked.\n\nQUESTION FOR A PERSON: Which?', 'word '.repeat(2_000)),
  question: fc.constantFrom(null, null, 'Which?'),
  isKnown: fc.boolean(),
});

export const ends = fuzzed('a turn ends as it went', closed, (told) => {
  const { code, message, data } = told.refused;
  const error =
    told.how === 'ours'
      ? new BatonError('PROTOCOL_VIOLATION', 'It printed too much.', { details: { received: 'x' } })
      : new RequestError(code, message, data);
  const failure = mapTalkError(error);
  expect(mapTalkError(new Error('closed'))).toEqual({ kind: 'closed' });
  const ends: Readonly<Record<typeof told.by, AcpTurnEnd['end']>> = {
    stop: { by: 'stop', reason: told.reason },
    error: failure.kind === 'closed' ? { by: 'exit', how: 'exit 1' } : { by: 'error', failure },
    exit: { by: 'exit', how: 'exit 1' },
    start: { by: 'start', detail: 'no such file' },
    deadline: { by: 'deadline' },
    limit: { by: 'limit' },
    silent: { by: 'silent' },
    provider: { by: 'provider' },
  };
  const { failure: asked, stop, passed } = told;
  const ended = mapAcpTurnEnd({
    end: ends[told.by],
    closingWords: told.words,
    usage: { inputTokens: 1, cachedInputTokens: null, outputTokens: 1, microUsd: null, basis: 'unknown' },
    model: { passed, failure: asked, stop, refused: told.isKnown ? [] : [{ what: 'x', count: 1 }] },
    greeting: told.isKnown ? { name: 'fake', version: null } : null,
    session: null,
    question: told.question,
    stderr: 'panic',
  });
  const { seen } = ended;
  expect(seen.by).toBe(told.by === 'start' || told.by === 'deadline' || told.by === 'limit' ? told.by : 'exit');
  if (seen.by === 'exit' && seen.ending.unified === 'done')
    expect([told.by, told.reason]).toEqual(['stop', 'end_turn']);
  const options = told.options.map((kind, at) => ({ kind, name: kind, optionId: `${at}` }));
  const { outcome } = answerPermission({ sessionId: 's', toolCall: { toolCallId: 'c' }, options });
  if (outcome.outcome === 'selected') expect(options[Number(outcome.optionId)]?.kind).toMatch(/_once$/);
});
