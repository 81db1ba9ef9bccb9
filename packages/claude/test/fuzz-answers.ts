import type { ModelReply, ModelRequest } from '@baton/agent-kit';
import { anyOdd, fuzzed, mutatedJson, some } from '@baton/conformance/fuzz';
import { BatonError, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { mapRequest } from '../src/api/map-request.js';
import { createReplyReader } from '../src/api/read-reply.js';
import { isPing } from '../src/api/stream-event.js';

const index = fc.oneof({ weight: 9, arbitrary: fc.nat(2) }, anyOdd);
const tokens = fc.oneof(fc.nat(99), anyOdd);
const usage = fc.oneof(
  some({
    input_tokens: tokens,
    output_tokens: tokens,
    cache_creation_input_tokens: tokens,
    cache_read_input_tokens: tokens,
  }),
  anyOdd,
);
const block = fc.oneof(
  some({ type: fc.constantFrom('text', 'thinking', 'redacted_thinking'), text: anyOdd, thinking: anyOdd }),
  some({
    type: fc.constant('tool_use'),
    id: fc.oneof(fc.constantFrom('a', 'b'), anyOdd),
    name: anyOdd,
    input: anyOdd,
  }),
);
const delta = some({
  type: fc.constantFrom('text_delta', 'thinking_delta', 'signature_delta', 'input_json_delta', 'x'),
  text: anyOdd,
  thinking: anyOdd,
  signature: anyOdd,
  partial_json: anyOdd,
});
const stop = fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'refusal', null, 'x');
const event = fc.oneof(
  some({ type: fc.constant('message_start'), message: fc.oneof(some({ usage }), anyOdd) }),
  some({ type: fc.constant('content_block_start'), index, content_block: block }),
  some({ type: fc.constant('content_block_delta'), index, delta }),
  some({ type: fc.constant('message_delta'), delta: fc.oneof(some({ stop_reason: stop }), anyOdd), usage }),
  some({ type: fc.constant('message_stop') }),
  anyOdd,
);
const body = mutatedJson([
  {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', id: 'toolu_1', name: 'read_file', input: { path: 'a' } },
    ],
    stop_reason: 'tool_use',
    usage: { input_tokens: 5, cache_creation_input_tokens: 2, cache_read_input_tokens: 3, output_tokens: 7 },
  },
]);

const request: ModelRequest = {
  instructions: '',
  tools: [],
  messages: [
    { role: 'user', text: 'x' },
    { role: 'assistant', parts: [{ type: 'tool-call', callId: 'a', tool: 'read_file', input: {}, flaw: null }] },
    { role: 'tools', answers: [{ callId: 'a', output: '', isError: false }] },
  ],
  maxOutputTokens: 100,
};

function checkReply({ parts, usage: used }: ModelReply, heard: boolean): void {
  const calls = parts.filter((each) => each.type === 'tool-call');
  const ids = ['a', ...calls.map((each) => each.callId)];
  expect(new Set(ids).size).toBe(ids.length);
  for (const each of calls) {
    expect(each.callId).toMatch(/^[\w-]{1,64}$/);
    expect(each.tool).not.toBe('');
    const isObject = typeof each.input === 'object' && each.input !== null && !Array.isArray(each.input);
    expect(isObject).toBe(each.flaw === null);
  }
  if (used.inputTokens !== null) expect(heard).toBe(true);
  const kept = JSON.parse(JSON.stringify(parts));
  const messages = [...request.messages, { role: 'assistant' as const, parts: kept }];
  expect(JSON.parse(JSON.stringify(mapRequest({ ...request, messages }, 'm')))).toHaveProperty('messages');
}

const answer = fc.record({
  events: fc.array(event, { maxLength: 7 }),
  body: fc.option(body, { freq: 3 }),
  isMarked: fc.boolean(),
});

/** Whatever comes: a reply that holds together and can go back, or a failure that is known; never anything else. */
export const answers = fuzzed('an answer is a reply that can go back, or a known failure', answer, (told) => {
  const events: readonly JsonValue[] = JSON.parse(JSON.stringify(told.events));
  let heard = false;
  const onUsage = (): void => {
    heard = true;
  };
  const reader = createReplyReader({ adapter: 'x', request, onDelta: () => {}, onUsage });
  try {
    if (told.body !== null) reader.takeBody(JSON.parse(told.body));
    for (const value of events) reader.take(value);
    checkReply(reader.end(told.isMarked), heard);
  } catch (error) {
    if (!BatonError.is(error, 'UNAVAILABLE') && !BatonError.is(error, 'PROTOCOL_VIOLATION')) throw error;
  }
});

const named = fc.record({
  value: fc.oneof(event, some({ type: fc.constant('ping') })),
  name: fc.constantFrom(null, 'ping', 'x'),
});

export const pings = fuzzed('an event says something, or nothing', named, ({ value, name }) => {
  const told: JsonValue = JSON.parse(JSON.stringify(value));
  expect(isPing({ type: 'body', value: told })).toBe(false);
  expect(isPing({ type: 'event', name, value: told })).toBeTypeOf('boolean');
  if (name === 'ping') expect(isPing({ type: 'event', name, value: told })).toBe(true);
});
