import { fuzzed, mutatedJson, mutatedText } from '@baton/conformance/fuzz';
import { BatonError, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { createLineLimit } from '../src/agent/line-limit.js';
import { findQuestion } from '../src/agent/person-question.js';
import { readJsonLines } from '../src/agent/read-json-lines.js';
import { mapClosingWords } from '../src/agent/turn-end.js';
import { mapAnswerError, mapStreamError } from '../src/proxy/map-error.js';
import { createUsageTap } from '../src/proxy/usage-tap.js';
import { anthropicMessages } from '../src/wire/anthropic-messages.js';
import { mapFailureStatus } from '../src/wire/failure-status.js';
import { findStrangeHeader, mapAnswerHeaders, mapRequestHeaders, readPresentedKey } from '../src/wire/headers.js';
import { createKeyMask } from '../src/wire/mask-key.js';
import { openAiChat } from '../src/wire/openai-chat.js';
import { openAiResponses } from '../src/wire/openai-responses.js';

const key = 'sk-real-0123456789abcdef';
const now = 1_800_000_000_000;
const protocols = [anthropicMessages, openAiResponses, openAiChat];
const protocol = fc.constantFrom(...protocols);

const failed: JsonValue = { type: 'server_error', code: 'server_error', message: `refused ${key}` };
const anthropicUsage = {
  input_tokens: 5,
  cache_read_input_tokens: 3,
  cache_creation_input_tokens: 2,
  cache_creation: { ephemeral_1h_input_tokens: 1 },
  output_tokens: 1,
};
const response = {
  object: 'response',
  status: 'completed',
  usage: { input_tokens: 5, input_tokens_details: { cached_tokens: 3 }, output_tokens: 7 },
  incomplete_details: null,
  error: null,
};
const chatUsage = { prompt_tokens: 5, prompt_tokens_details: { cached_tokens: 3 }, completion_tokens: 7 };
const event = mutatedJson(
  [
    { type: 'message_start', message: { type: 'message', usage: anthropicUsage } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 7 } },
    { type: 'message_stop' },
    { type: 'message', stop_reason: 'refusal', usage: anthropicUsage },
    { type: 'error', error: failed },
    { type: 'response.completed', response },
    { type: 'response.failed', response: { ...response, status: 'failed', error: failed } },
    { type: 'response.incomplete', response: { ...response, incomplete_details: { reason: 'max_output_tokens' } } },
    { ...response, status: 'failed' },
    { type: 'error', code: 'x', message: `no ${key}` },
    { choices: [{ finish_reason: 'stop' }], usage: chatUsage },
    { choices: [], usage: { prompt_tokens: 5, prompt_cache_hit_tokens: 2 } },
    { error: failed },
  ],
  2,
);
const piece = fc.oneof(
  { weight: 4, arbitrary: event.map((each) => `data: ${each}\n\n`) },
  { weight: 2, arbitrary: event },
  fc.constantFrom('data:', 'data: [DONE]\n\n', 'event: x\n', ': x\n', key, key.slice(0, 9), encodeURIComponent(key)),
  fc.constantFrom('\n', '\r', '\r\n', '\n\n', '{', '}', '[', '"', '\\', '"a\\\\"', '\\"'),
  fc.constantFrom('data: ', `${'['.repeat(120)}${']'.repeat(120)}`),
  fc.string(),
);

/** Answers in pieces: read without a throw, with figures that a meter can count, and without the key. */
export const answers = fuzzed(
  'an answer is read without a throw, and comes without the key',
  fc.record({
    spoken: protocol,
    kind: fc.constantFrom('events' as const, 'events' as const, 'body' as const),
    pieces: fc.array(piece, { maxLength: 12 }),
    size: fc.integer({ min: 1, max: 40 }),
  }),
  ({ spoken, kind, pieces, size }) => {
    const mask = createKeyMask(key);
    const whole = pieces.join('');
    const reader = spoken.createReader();
    const tap = createUsageTap(kind, reader);
    const masked = mask.stream();
    let out = '';
    const take = (text: string): void => {
      tap.push(text);
      out += text;
    };
    for (let at = 0; at < whole.length; at += size) take(masked.push(whole.slice(at, at + size)));
    take(masked.end());
    tap.end();
    expect(out).toBe(mask.mask(whole));
    expect(out).not.toContain(key);
    expect(createKeyMask(null).mask(whole)).toBe(whole);
    const { inputTokens, cachedInputTokens, outputTokens, surchargeTokens, failure } = reader.reading();
    for (const figure of [inputTokens, cachedInputTokens, outputTokens, surchargeTokens]) {
      if (figure !== null) expect(figure >= 0 && figure <= 3e9).toBe(true);
    }
    if (failure !== null) expect(mapStreamError(failure, 'x', now).message.length).toBeLessThan(1_700);
  },
);

/** One body by itself, which is what servers give that don't stream. */
export const bodies = fuzzed(
  'a body is read without a throw',
  fc.record({
    spoken: protocol,
    event,
    kind: fc.constantFrom('events' as const, 'body' as const),
    isEndless: fc.integer({ min: 0, max: 300 }).map((each) => each === 0),
  }),
  ({ spoken, event: body, kind, isEndless }) => {
    const reader = spoken.createReader();
    const tap = createUsageTap(kind, reader);
    tap.push(kind === 'events' ? `data: ${body}` : body);
    if (isEndless) tap.push(' '.repeat(17_000_000));
    tap.push('\n\n');
    tap.end();
    if (isEndless) expect(reader.reading().inputTokens).toBe(null);
    const { failure, complete } = reader.reading();
    expect(complete).toBeTypeOf('boolean');
    if (failure === null) return;
    expect(mapStreamError(failure, 'x', now).message.isWellFormed()).toBe(true);
  },
);

const value = mutatedText(
  ['2023-06-01', 'context-1m-2025-08-07, fine-grained', 'application/json', 'Bearer sk-job', 'responses=experimental'],
  [',', ' ', '\t', '\r\n', '\0', '\u00e9', '\u4e00', key, 'x'.repeat(400)],
  2,
);
const wait = fc.oneof(
  fc.constantFrom('0', '1.5', '-1', '', 'soon', '1800000100', '2027-01-15T09:00:00Z', '9'.repeat(400)),
  fc.constantFrom('120ms', '6m0s', '1h2m3.5s', '90d', '2 s'),
);
const field = fc.oneof(
  fc.tuple(
    fc.constantFrom('accept', 'user-agent', 'x-api-key', 'authorization', 'content-type', 'cookie', 'request-id'),
    value,
  ),
  fc.tuple(fc.constantFrom('anthropic-beta', 'anthropic-version', 'openai-beta'), value),
  fc.tuple(fc.constantFrom('retry-after', 'retry-after-ms', 'anthropic-ratelimit-unified-reset'), wait),
  fc.tuple(fc.constantFrom('anthropic-ratelimit-tokens-remaining'), fc.constantFrom('0', '1')),
  fc.tuple(fc.constantFrom('anthropic-ratelimit-tokens-reset', 'x-ratelimit-reset-tokens'), wait),
  fc.tuple(fc.constantFrom('x-ratelimit-remaining-tokens'), fc.constantFrom('0', '1')),
);
export const headers = fuzzed(
  'headers pass by a list, without the key, and tell an instant that can come',
  fc.record({
    spoken: protocol,
    found: fc.array(field, { maxLength: 6 }),
    twice: fc.boolean(),
    status: fc.constantFrom(301, 400, 401, 402, 403, 404, 408, 413, 429, 429, 429, 500, 503, 529),
    message: fc.constantFrom(
      '',
      'Your credit balance is too low',
      'no',
      'Please try again in 6.2s.',
      `x${'\ud83d\ude00'.repeat(400)}`,
    ),
  }),
  ({ spoken, found, twice, status, message }) => {
    const told = Object.fromEntries(found);
    const all = twice ? { ...told, 'anthropic-beta': ['a', told['anthropic-beta'] ?? 'b'] } : told;
    const rules = spoken.requestHeaders;
    const stranger = findStrangeHeader(all, rules, new Set());
    if (stranger !== null) {
      expect(stranger.name).toMatch(/^[\w-]+=[\w.:/+=?-]{1,60}$/);
      expect(findStrangeHeader(all, rules, new Set([stranger.name]))?.name).not.toBe(stranger.name);
    }
    for (const [name, each] of Object.entries(mapRequestHeaders(all, rules))) {
      expect(name).not.toMatch(/key|cookie|authorization/);
      if (stranger === null) expect(each).not.toMatch(/\p{Cc}/u);
    }
    const back = mapAnswerHeaders(all, (text) => createKeyMask(key).mask(text));
    expect(JSON.stringify(back)).not.toContain(key);
    expect(back).not.toHaveProperty('cookie');
    expect(readPresentedKey(all) ?? '').toBeTypeOf('string');
    const error = mapAnswerError({ status, body: message, header: (name) => told[name] ?? null }, 'x', now);
    expect(error.message.isWellFormed()).toBe(true);
    expect(mapFailureStatus(`${status}`)).toBe(status < 400 ? null : status);
    expect(mapFailureStatus(message)).toBe(null);
    if (BatonError.is(error, 'RATE_LIMITED')) {
      expect(error.details.retryAt).toBeGreaterThanOrEqual(now);
      expect(error.details.retryAt).toBeLessThan(now + 32 * 86_400_000);
    }
    expect(JSON.stringify(spoken.errorBody(status, message, null))).toContain('error');
  },
);

const printed = fc.record({
  lines: fc.array(
    fc.oneof(
      event,
      fc.constantFrom('', ' ', 'panic', '{"a":', '['.repeat(200), `${'['.repeat(150)}${']'.repeat(150)}`),
    ),
    {
      maxLength: 6,
    },
  ),
  size: fc.integer({ min: 1, max: 50 }),
  wanted: fc.constantFrom(1, 2, 99),
  bounds: fc.constantFrom(
    { maxLineBytes: 40, maxTotalBytes: 9_000 },
    { maxLineBytes: 9_000, maxTotalBytes: 200 },
    { maxLineBytes: 9e9, maxTotalBytes: 9e9 },
  ),
  isCut: fc.boolean(),
});

export const lines = fuzzed('output of an agent is lines of JSON or noise, within bounds', printed, async (told) => {
  const bytes = new TextEncoder().encode(told.lines.join('\n'));
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += told.size) controller.enqueue(bytes.subarray(at, at + told.size));
      controller.close();
    },
  });
  let heard = 0;
  try {
    const cut = told.isCut ? AbortSignal.abort() : new AbortController().signal;
    await readJsonLines(source.pipeThrough(createLineLimit(told.bounds)), cut, async (line) => {
      heard += 1;
      if (line.type === 'noise') expect(line.text.length).toBeLessThanOrEqual(500);
      else expect(JSON.parse(JSON.stringify(line.value))).toEqual(line.value);
      return heard < told.wanted;
    });
  } catch (error) {
    if (!BatonError.is(error, 'PROTOCOL_VIOLATION')) throw error;
  }
  expect(heard).toBeLessThanOrEqual(told.isCut ? 0 : told.wanted);
});

const words = mutatedText(
  [
    'I looked.\n\nQUESTION FOR A PERSON: Which of the two?',
    '> **QUESTION FOR A PERSON:** Which?\n',
    'Done.\n\n \nAll of it.',
  ],
  ['\n', '\n\n', 'QUESTION FOR A PERSON:', '*', '>', ' ', '#', '_'.repeat(2_000)],
);

export const questions = fuzzed('closing words end with a question, or none', words, (each) => {
  const question = findQuestion(each);
  const ending = mapClosingWords(each, 'end');
  expect(ending.unified).toBe(question === null ? 'done' : 'needs-person');
  if (question !== null) expect(question).toBe(question.trim());
  if (!each.includes('QUESTION FOR A PERSON:')) expect(question).toBe(null);
});
