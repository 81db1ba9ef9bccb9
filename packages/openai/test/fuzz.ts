import type { ModelReply, ModelRequest } from '@baton/agent-kit';
import { BatonError, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { mapChatMessages } from '../src/chat-messages.js';
import { createChatReply } from '../src/chat-reply.js';
import { mapFailure } from '../src/map-error.js';
import { mapResponsesInput } from '../src/responses-input.js';
import { createResponsesReply } from '../src/responses-reply.js';

const odd = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<JsonValue>(null, '', 0, -1, 'x', '{', '{}', '{"path":"a"}', '{"path":', '\ud800'),
  },
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const some = (shape: Record<string, fc.Arbitrary<unknown>>) => fc.record(shape, { requiredKeys: [] });
const call = some({
  index: fc.oneof(fc.nat(2), odd),
  id: fc.oneof(fc.constantFrom('a', 'b', ''), odd),
  function: some({ name: fc.oneof(fc.constantFrom('read_file', 'write_file'), odd), arguments: odd, more: odd }),
  extra_content: odd,
});
const part = some({ type: fc.constantFrom('text', 'thinking'), text: odd, thinking: odd });
const message = some({
  content: fc.oneof(odd, fc.array(part, { maxLength: 2 })),
  refusal: odd,
  reasoning: odd,
  reasoning_content: odd,
  reasoning_details: fc.array(odd, { maxLength: 2 }),
  tool_calls: fc.oneof(fc.array(call, { maxLength: 3 }), odd),
});
const chatUsage = some({ prompt_tokens: fc.oneof(fc.nat(99), odd), completion_tokens: fc.oneof(fc.nat(99), odd) });
const finish = fc.constantFrom('stop', 'tool_calls', 'length', 'error', 'content_filter', null, 'x');
const chunk = some({
  choices: fc.oneof(
    { weight: 5, arbitrary: fc.array(some({ delta: message, message, finish_reason: finish }), { maxLength: 2 }) },
    odd,
  ),
  usage: fc.oneof(chatUsage, odd),
});
const item = fc.oneof(
  some({ type: fc.constant('function_call'), call_id: odd, name: odd, arguments: odd }),
  some({
    type: fc.constant('message'),
    content: fc.oneof(odd, fc.array(some({ type: odd, text: odd, refusal: odd }))),
  }),
  some({ type: fc.constant('reasoning'), id: odd, encrypted_content: odd, summary: odd }),
  odd,
);
const responseUsage = some({ input_tokens: fc.oneof(fc.nat(99), odd), output_tokens: fc.oneof(fc.nat(99), odd) });
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
  delta: odd,
  item,
  response: some({
    output: fc.array(item, { maxLength: 2 }),
    usage: responseUsage,
    error: odd,
    incomplete_details: odd,
  }),
});

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

/** Whatever comes: a reply that holds together and can go back, or a failure that is known; never anything else. */
export function checkAnswers(numRuns: number, seed: number): void {
  const plain = (values: readonly unknown[]): readonly JsonValue[] => JSON.parse(JSON.stringify(values));
  const answers = fc.record({
    api: fc.constantFrom('chat', 'responses'),
    chunks: fc.array(chunk, { maxLength: 5 }),
    events: fc.array(event, { maxLength: 5 }),
    isMarked: fc.boolean(),
  });
  const property = fc.property(answers, ({ api, chunks, events, isMarked }) => {
    let heard = false;
    const options = { adapter: 'x', model: 'm', request, onDelta: () => {}, onUsage: () => (heard = true) };
    const reader = (api === 'chat' ? createChatReply : createResponsesReply)(options);
    try {
      for (const value of plain(api === 'chat' ? chunks : events)) reader.take(value);
      checkReply(reader.end(isMarked), heard);
    } catch (error) {
      const failure = mapFailure(error, { adapter: 'x', key: null, now: 0 });
      if (failure.type === 'error' && !isExpected(error)) throw error;
    }
  });
  fc.assert(property, { numRuns, seed });
}

function isExpected(error: unknown): boolean {
  return BatonError.is(error, 'UNAVAILABLE') || (error instanceof Error && error.message === 'The answer broke off.');
}

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
