import type { ModelRequest } from '@baton/agent-kit';
import type { JsonValue } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createReplyReader } from '../src/api/read-reply.js';

const request: ModelRequest = { instructions: '', tools: [], messages: [], maxOutputTokens: 1_000 };
const read = () => createReplyReader({ adapter: 'claude', request, onDelta: () => {}, onUsage: () => {} });
const many = (count: number, make: (index: number) => JsonValue): readonly JsonValue[] =>
  Array.from({ length: count }, (_, index) => make(index));
const start = (index: number): JsonValue => ({
  type: 'content_block_start',
  index,
  content_block: { type: 'text', text: '' },
});
const delta = (index: number, text: string): JsonValue => ({
  type: 'content_block_delta',
  index,
  delta: { type: 'text_delta', text },
});

// While one answer is read everybody else waits.
describe('an answer that is made to be read for ever', () => {
  it.each([
    ['blocks', many(1_001, start)],
    ['blocks without a beginning', many(1_001, (index) => delta(index, 'x'))],
    ['words', [start(0), ...many(9, () => delta(0, 'x'.repeat(1_000_000)))]],
  ])('ends where nobody can mean it: %s', (_, events) => {
    const reader = read();
    expect(() => {
      for (const each of events) reader.take(each);
    }).toThrow(/^The model's reply has more than \d+ (?:parts|characters)\.$/);
  });

  it('ends where it comes as a whole', () => {
    const content = [...many(1_001, () => ({ type: 'text', text: 'x' }))];
    expect(() => read().takeBody({ type: 'message', content })).toThrow('more than 1000 parts');
  });

  it('is read in the time of its length where it tells another figure each time', () => {
    const reader = read();
    const begun = process.cpuUsage();
    for (const each of many(10_000, (index) => ({ type: 'message_delta', usage: { [`f${index}`]: 1 } }))) {
      reader.take(each);
    }
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1e6).toBeLessThan(3);
  });
});
