import type { ModelRequest } from '@baton/agent-kit';
import type { JsonValue } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createChatReply } from '../src/api/chat-reply.js';
import { createResponsesReply, type ReplyReader } from '../src/api/responses-reply.js';
import { parseToolArguments } from '../src/api/tool-arguments.js';
import { readWrittenCalls } from '../src/api/written-calls.js';

const request: ModelRequest = { instructions: '', tools: [], messages: [], maxOutputTokens: 1_000 };
const parts = { adapter: 'openai', model: 'm', request, onDelta: undefined, onUsage: undefined };
const chunk = (delta: Readonly<Record<string, JsonValue>>): JsonValue => ({ choices: [{ delta }] });
const call = (piece: Readonly<Record<string, JsonValue>>): JsonValue => chunk({ tool_calls: [piece] });
const many = (count: number, make: (index: number) => JsonValue): readonly JsonValue[] =>
  Array.from({ length: count }, (_, index) => make(index));

function seconds(run: () => void): number {
  const begun = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

function takeAll(reader: ReplyReader, events: readonly JsonValue[]): void {
  for (const each of events) reader.take(each);
}

// While one answer is read everybody else waits: whatever a model or its server writes, it takes its length to read.
describe('an answer that is made to be read for ever', () => {
  it.each([
    ['blanks in a fence', `\`\`\`\n${' '.repeat(100_000)}x`],
    ['line ends in a fence', `\`\`\`json\n${'\n'.repeat(100_000)}x`],
    ['commas', `{${','.repeat(100_000)}`],
    ['brackets', '{'.repeat(100_000)],
  ])('is no call soon: %s', (_, text) => {
    expect(seconds(() => parseToolArguments(text))).toBeLessThan(1);
    expect(seconds(() => readWrittenCalls(text, new Set(['a'])))).toBeLessThan(1);
    expect(seconds(() => readWrittenCalls(`${text}\`\`\`x`, new Set(['a'])))).toBeLessThan(1);
  });

  it.each([
    ['pieces of reasoning', chunk({ reasoning_details: many(200_000, () => 0) }), chunk({ reasoning_details: [0] })],
    [
      'one call begun anew',
      call({ index: 0, function: { name: 'x', arguments: '{'.repeat(200_000) } }),
      call({ index: 0, function: { name: 'x', arguments: '{' } }),
    ],
    [
      'fields that nobody knows',
      call({ index: 0, ...Object.fromEntries(Array.from({ length: 20_000 }, (_, each) => [`f${each}`, 1])) }),
      call({ index: 0, f: 1 }),
    ],
  ])('is not read again with each piece: %s', (_, first, next) => {
    const reader = createChatReply(parts);
    expect(seconds(() => takeAll(reader, [first, ...many(2_000, () => next)]))).toBeLessThan(5);
  });

  it.each([
    ['calls', createChatReply, many(1_001, (index) => call({ index }))],
    ['calls in one piece', createChatReply, [chunk({ tool_calls: [...many(1_001, (index) => ({ index }))] })]],
    ['words', createChatReply, many(9, () => chunk({ content: 'x'.repeat(1_000_000) }))],
    ['arguments', createChatReply, many(9, () => call({ index: 0, function: { arguments: 'x'.repeat(1_000_000) } }))],
    ['thoughts', createChatReply, many(9, () => chunk({ reasoning: 'x'.repeat(1_000_000) }))],
    ['items', createResponsesReply, many(1_001, () => ({ type: 'response.output_item.done', item: {} }))],
    [
      'words of Responses',
      createResponsesReply,
      many(9, () => ({ type: 'response.output_text.delta', delta: 'x'.repeat(1_000_000) })),
    ],
  ])('ends where nobody can mean it: %s', (_, create, events) => {
    expect(() => takeAll(create(parts), events)).toThrow(
      /^The model's reply has more than \d+ (?:parts|characters)\.$/,
    );
  });

  it('ends where it comes as a whole, or written as text', () => {
    const output = [...many(1_001, () => ({ type: 'message', content: [] }))];
    const responses = createResponsesReply(parts);
    responses.takeBody({ object: 'response', status: 'completed', output });
    expect(() => responses.end(true)).toThrow('more than 1000 parts');
    const tools = [{ name: 'a', description: '', inputSchema: {} }];
    const chat = createChatReply({ ...parts, request: { ...request, tools } });
    chat.take(chunk({ content: '<tool_call>{"name":"a","arguments":{}}</tool_call>'.repeat(1_001) }));
    expect(() => chat.end(true)).toThrow('more than 1000 parts');
  });
});
