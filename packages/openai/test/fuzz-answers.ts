import { FailedAnswer, type ModelReply, type ModelRequest } from '@baton/agent-kit';
import { anyOdd, fuzzed, mutatedJson, some } from '@baton/conformance/fuzz';
import { BatonError, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { mapChatMessages } from '../src/api/chat-messages.js';
import { createChatReply } from '../src/api/chat-reply.js';
import { mapResponsesInput } from '../src/api/responses-input.js';
import { createResponsesReply } from '../src/api/responses-reply.js';

const call = some({
  index: fc.oneof(fc.nat(2), anyOdd),
  id: fc.oneof(fc.constantFrom('a', 'b', ''), anyOdd),
  function: some({
    name: fc.oneof(fc.constantFrom('read_file', 'write_file'), anyOdd),
    arguments: anyOdd,
    more: anyOdd,
  }),
  extra_content: anyOdd,
});
const part = some({ type: fc.constantFrom('text', 'thinking'), text: anyOdd, thinking: anyOdd });
const message = some({
  content: fc.oneof(anyOdd, fc.array(part, { maxLength: 2 })),
  refusal: anyOdd,
  reasoning: anyOdd,
  reasoning_content: anyOdd,
  reasoning_details: fc.array(anyOdd, { maxLength: 2 }),
  tool_calls: fc.oneof(fc.array(call, { maxLength: 3 }), anyOdd),
});
const tokens = fc.oneof(fc.nat(99), anyOdd);
const chatUsage = some({ prompt_tokens: tokens, prompt_cache_hit_tokens: tokens, completion_tokens: tokens });
const finish = fc.constantFrom('stop', 'tool_calls', 'length', 'error', 'content_filter', null, 'x');
const chunk = some({
  choices: fc.oneof(
    { weight: 5, arbitrary: fc.array(some({ delta: message, message, finish_reason: finish }), { maxLength: 2 }) },
    anyOdd,
  ),
  usage: fc.oneof(chatUsage, anyOdd),
});
const item = fc.oneof(
  some({ type: fc.constant('function_call'), call_id: anyOdd, name: anyOdd, arguments: anyOdd }),
  some({
    type: fc.constant('message'),
    content: fc.oneof(anyOdd, fc.array(some({ type: anyOdd, text: anyOdd, refusal: anyOdd }))),
  }),
  some({ type: fc.constant('reasoning'), id: anyOdd, encrypted_content: anyOdd, summary: anyOdd }),
  anyOdd,
);
const responseUsage = some({ input_tokens: tokens, output_tokens: tokens });
const event = some({
  type: fc.constantFrom(
    'response.output_text.delta',
    'response.output_item.done',
    'response.completed',
    'response.incomplete',
    'response.failed',
    'error',
    'x',
  ),
  delta: anyOdd,
  item,
  response: some({
    output: fc.array(item, { maxLength: 2 }),
    usage: responseUsage,
    error: anyOdd,
    incomplete_details: anyOdd,
  }),
});

const deepSeek =
  '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>read_file\n{"path":"a"}<｜tool▁call▁end｜>';
const body = mutatedJson([
  {
    choices: [
      {
        message: {
          role: 'assistant',
          content: 'I look.',
          reasoning_content: 'Hm.',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'read_file', arguments: '{"path":"a"}' } }],
        },
        finish_reason: 'tool_calls',
      },
    ],
    usage: { prompt_tokens: 5, prompt_tokens_details: { cached_tokens: 3 }, completion_tokens: 7 },
  },
  {
    object: 'response',
    status: 'completed',
    output: [
      { type: 'reasoning', id: 'rs_1', encrypted_content: 'x', summary: [{ type: 'summary_text', text: 'Hm.' }] },
      { type: 'message', phase: 'commentary', content: [{ type: 'output_text', text: 'I look.' }] },
      { type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] },
      { type: 'function_call', call_id: 'a', name: 'read_file', arguments: '{"path":"a"}' },
    ],
    incomplete_details: { reason: 'max_output_tokens' },
    usage: { input_tokens: 5, input_tokens_details: { cached_tokens: 3 }, output_tokens: 7 },
  },
  ...[deepSeek, '<tool_call>{"name":"read_file","arguments":{}}</tool_call>', '<think>Hm.</think>Done.'].map(
    (content) => ({ choices: [{ message: { content }, finish_reason: 'stop' }] }),
  ),
]);

const request: ModelRequest = {
  instructions: '',
  tools: ['read_file', 'write_file'].map((name) => ({ name, description: '', inputSchema: { type: 'object' } })),
  messages: [
    { role: 'user', text: 'x' },
    { role: 'assistant', parts: [{ type: 'tool-call', callId: 'a', tool: 'read_file', input: {}, flaw: null }] },
    { role: 'tools', answers: [{ callId: 'a', output: '', isError: false }] },
  ],
  maxOutputTokens: 100,
};

const answer = fc.record({
  api: fc.constantFrom('chat', 'responses'),
  chunks: fc.array(chunk, { maxLength: 5 }),
  events: fc.array(event, { maxLength: 5 }),
  body: fc.option(body, { freq: 3 }),
  isMarked: fc.boolean(),
});

/** Whatever comes: a reply that holds together and can go back, or a failure that is known; never anything else. */
export const answers = fuzzed('an answer is a reply that can go back, or a known failure', answer, (told) => {
  const { api, chunks, events } = told;
  let heard = false;
  const options = { adapter: 'x', model: 'm', request, onDelta: () => {}, onUsage: () => (heard = true) };
  const reader = (api === 'chat' ? createChatReply : createResponsesReply)(options);
  const values: readonly JsonValue[] = JSON.parse(JSON.stringify(api === 'chat' ? chunks : events));
  try {
    if (told.body !== null) expect(reader.takeBody(JSON.parse(told.body))).toBeTypeOf('boolean');
    for (const value of values) reader.take(value);
    checkReply(reader.end(told.isMarked), heard);
  } catch (error) {
    if (!BatonError.is(error, 'UNAVAILABLE') && !(error instanceof FailedAnswer)) throw error;
  }
});

function checkReply({ parts, usage }: ModelReply, heard: boolean): void {
  const calls = parts.filter((each) => each.type === 'tool-call');
  const ids = ['a', ...calls.map((each) => each.callId)];
  expect(new Set(ids).size).toBe(ids.length);
  for (const each of calls) {
    expect(each.tool).not.toBe('');
    const isObject = typeof each.input === 'object' && each.input !== null && !Array.isArray(each.input);
    expect(isObject).toBe(each.flaw === null);
  }
  if (usage.inputTokens !== null) expect(heard).toBe(true);
  for (const tokens of [usage.inputTokens, usage.outputTokens])
    if (tokens !== null) expect(tokens).toBeGreaterThanOrEqual(0);
  const kept = JSON.parse(JSON.stringify(parts));
  const messages = [...request.messages, { role: 'assistant' as const, parts: kept }];
  for (const sent of [mapChatMessages({ ...request, messages }, 'm'), mapResponsesInput(messages, 'm')]) {
    expect(JSON.parse(JSON.stringify(sent))).toBeInstanceOf(Array);
  }
}
