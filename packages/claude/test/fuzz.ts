import type { ModelReply, ModelRequest } from '@baton/agent-kit';
import { BatonError, type JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { mapRequest } from '../src/map-request.js';
import { createReplyReader } from '../src/read-reply.js';

const odd = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<JsonValue>(null, '', 0, -1, 'x', '{', '{}', '{"path":"a"}', '{"path":', '\ud800'),
  },
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const some = (shape: Record<string, fc.Arbitrary<unknown>>) => fc.record(shape, { requiredKeys: [] });
const index = fc.oneof({ weight: 9, arbitrary: fc.nat(2) }, odd);
const usage = fc.oneof(
  some({ input_tokens: fc.oneof(fc.nat(99), odd), output_tokens: fc.oneof(fc.nat(99), odd) }),
  odd,
);
const block = fc.oneof(
  some({ type: fc.constantFrom('text', 'thinking', 'redacted_thinking'), text: odd, thinking: odd }),
  some({ type: fc.constant('tool_use'), id: fc.oneof(fc.constantFrom('a', 'b'), odd), name: odd, input: odd }),
);
const delta = some({
  type: fc.constantFrom('text_delta', 'thinking_delta', 'signature_delta', 'input_json_delta', 'x'),
  text: odd,
  thinking: odd,
  signature: odd,
  partial_json: odd,
});
const stop = fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'refusal', null, 'x');
const event = fc.oneof(
  some({ type: fc.constant('message_start'), message: fc.oneof(some({ usage }), odd) }),
  some({ type: fc.constant('content_block_start'), index, content_block: block }),
  some({ type: fc.constant('content_block_delta'), index, delta }),
  some({ type: fc.constant('message_delta'), delta: fc.oneof(some({ stop_reason: stop }), odd), usage }),
  some({ type: fc.constant('message_stop') }),
  odd,
);

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

/** Whatever comes: a reply that holds together and can go back, or a failure that is known; never anything else. */
export function checkAnswers(numRuns: number, seed: number): void {
  const plain = (values: readonly unknown[]): readonly JsonValue[] => JSON.parse(JSON.stringify(values));
  const answers = fc.record({ events: fc.array(event, { maxLength: 7 }), isMarked: fc.boolean() });
  const property = fc.property(answers, ({ events, isMarked }) => {
    let heard = false;
    const onUsage = (): void => {
      heard = true;
    };
    const reader = createReplyReader({ adapter: 'x', request, onDelta: () => {}, onUsage });
    try {
      for (const value of plain(events)) reader.take(value);
      checkReply(reader.end(isMarked), heard);
    } catch (error) {
      if (!BatonError.is(error, 'UNAVAILABLE') && !BatonError.is(error, 'PROTOCOL_VIOLATION')) throw error;
    }
  });
  fc.assert(property, { numRuns, seed });
}

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
