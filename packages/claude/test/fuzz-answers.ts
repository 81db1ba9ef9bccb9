import { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import type { ModelReply, ModelRequest } from '@baton/agent-kit';
import { anyOdd, fuzzed, mutatedJson, some } from '@baton/conformance/fuzz';
import { BatonError, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { createStreamError, isOverflow, mapError } from '../src/api/map-error.js';
import { mapRequest } from '../src/api/map-request.js';
import { createReplyReader } from '../src/api/read-reply.js';
import { findFailure, isPing } from '../src/api/stream-event.js';

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

const key = 'sk-ant-CANARY';
const said = mutatedJson([
  { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
  { error: { type: 'invalid_request_error', message: 'prompt is too long: 201 tokens > 200 maximum' } },
  [{ error: { code: 429, message: 'Slow down' } }],
  { error: { code: '404', message: `no ${key}` } },
  { error: 'Your credit balance is too low' },
  { type: 'ping' },
  { error: { type: 'authentication_error', message: `invalid x-api-key ${key}` } },
]);
const now = 1_800_000_000_000;
const instant = fc.oneof(
  fc.constantFrom('0', '1.5', '-1', '', 'soon', '2027-01-15T09:00:00Z', '1800000100', '9'.repeat(400)),
  fc.constantFrom('Fri, 15 Jan 2027 09:00:00 GMT', '2030-01-01T00:00:00Z'),
  fc.string({ unit: fc.constantFrom(...'0123456789.TZ-: ') }),
);
const limit = fc.constantFrom('requests', 'tokens', 'input-tokens', 'output-tokens', 'unified');
const header = fc.oneof(
  instant.map((value): [string, string] => ['retry-after', value]),
  fc.tuple(limit, instant).map(([each, value]): [string, string] => [`anthropic-ratelimit-${each}-reset`, value]),
  fc
    .tuple(limit, fc.constantFrom('0', '1', 'x'))
    .map(([each, value]): [string, string] => [`anthropic-ratelimit-${each}-remaining`, value]),
);
const failure = fc.record({
  said,
  status: fc.option(fc.constantFrom(302, 400, 401, 402, 403, 404, 408, 409, 413, 418, 429, 500, 529)),
  headers: fc.array(header, { maxLength: 4 }),
  name: fc.constantFrom(null, 'error', 'ping', 'x'),
  how: fc.constantFrom('inside', 'outside', 'outside', 'connection', 'json', 'broken', 'ours', 'stranger'),
});

/** Whatever a server tells of a failure comes to an error that Baton knows, at an instant that can come, without the key. */
export const failures = fuzzed('a failure becomes one that Baton knows, without the key', failure, (told) => {
  const value: JsonValue = JSON.parse(told.said);
  const event =
    told.name === null ? { type: 'body' as const, value } : { type: 'event' as const, name: told.name, value };
  expect(isPing(event)).toBeTypeOf('boolean');
  const found = findFailure(event) ?? value;
  const headers = new Headers(told.headers);
  const broken = new TypeError('terminated', { cause: new Error('other side closed') });
  const errors: Readonly<Record<typeof told.how, unknown>> = {
    inside: createStreamError(found),
    outside: APIError.generate(told.status ?? undefined, Object(found), undefined, headers),
    connection: new APIConnectionError({ message: 'Connection error.' }),
    json: new SyntaxError(told.said),
    broken,
    ours: new BatonError('UNAVAILABLE', 'Nothing was said for long.', { details: {} }),
    stranger: new Error(told.said),
  };
  const error = errors[told.how];
  expect(isOverflow(error)).toBeTypeOf('boolean');
  const place = { adapter: 'x', model: 'm', keyEnv: 'KEY', apiKey: told.said.length % 9 === 0 ? null : key, now };
  const mapped = mapError(error, place);
  if (told.how === 'stranger') expect(mapped).toBe(error);
  else if (!BatonError.is(mapped)) expect.fail(String(mapped));
  else {
    if (place.apiKey !== null && told.how !== 'json') expect(mapped.message).not.toContain(key);
    expect(mapped.message.isWellFormed()).toBe(true);
    expect(mapped.message.length).toBeLessThan(600);
    if (BatonError.is(mapped, 'RATE_LIMITED')) {
      expect(mapped.details.retryAt).toBeGreaterThanOrEqual(now);
      expect(mapped.details.retryAt).toBeLessThan(now + 32 * 86_400_000);
    }
  }
});
