import type { JsonValue } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { mapStreamError } from '../../src/proxy/map-error.js';
import { anthropicMessages } from '../../src/wire/anthropic-messages.js';
import { openAiChat } from '../../src/wire/openai-chat.js';
import { openAiResponses } from '../../src/wire/openai-responses.js';
import type { Protocol } from '../../src/wire/protocol.js';

function readAll(protocol: Protocol, values: readonly JsonValue[]) {
  const reader = protocol.createReader();
  for (const value of values) reader.read(value);
  return reader.reading();
}

describe('what a protocol says was used', () => {
  it('Anthropic: cache reads and writes are input, writes with their surcharge', () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 200,
      cache_creation_input_tokens: 100,
      cache_creation: { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 40 },
      output_tokens: 1,
    };
    const reading = readAll(anthropicMessages, [
      { type: 'message_start', message: { usage } },
      { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'abc' } },
      { type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '{}' } },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 77 } },
      { type: 'message_stop' },
    ]);
    expect(reading).toEqual({
      inputTokens: 310,
      cachedInputTokens: 200,
      surchargeTokens: 60 * 0.25 + 40,
      outputTokens: 77,
      complete: true,
      stop: 'tool_use',
      failure: null,
    });
  });

  it('Responses: the last event holds it', () => {
    const response = {
      status: 'completed',
      usage: { input_tokens: 50, input_tokens_details: { cached_tokens: 20 }, output_tokens: 9 },
    };
    const reading = readAll(openAiResponses, [
      { type: 'response.created', response: { status: 'in_progress', usage: null } },
      { type: 'response.output_text.delta', delta: 'hello' },
      { type: 'response.completed', response },
    ]);
    expect(reading).toMatchObject({ inputTokens: 50, cachedInputTokens: 20, outputTokens: 9, complete: true });
    expect(reading.failure).toBeNull();
  });

  it('Responses: a failure inside is one', () => {
    const error = { code: 'rate_limit_exceeded', message: 'slow down' };
    const reading = readAll(openAiResponses, [{ type: 'response.failed', response: { status: 'failed', error } }]);
    expect(reading.failure).toEqual(error);
  });

  it('Chat: a last chunk, whoever names its cache', () => {
    const reading = readAll(openAiChat, [
      { choices: [{ delta: { content: 'hi' }, finish_reason: null }] },
      { choices: [{ delta: { tool_calls: [{ function: { arguments: '{"a":1}' } }] }, finish_reason: null }] },
      { choices: [{ delta: {}, finish_reason: 'tool_calls' }], usage: null },
      { choices: [], usage: { prompt_tokens: 40, prompt_cache_hit_tokens: 30, completion_tokens: 4 } },
    ]);
    expect(reading).toMatchObject({ inputTokens: 40, cachedInputTokens: 30, outputTokens: 4 });
    expect(reading).toMatchObject({ complete: true, stop: 'tool_calls' });
  });

  it.each<[string, JsonValue]>([
    ['Moonshot', { choices: [{ finish_reason: 'stop', usage: { prompt_tokens: 7, completion_tokens: 2 } }] }],
    ['Groq', { choices: [], x_groq: { usage: { prompt_tokens: 7, completion_tokens: 2 } } }],
  ])('Chat: where %s puts it', (_, chunk) => {
    expect(readAll(openAiChat, [chunk])).toMatchObject({ inputTokens: 7, outputTokens: 2 });
  });

  it.each<[string, Protocol, JsonValue]>([
    ['Anthropic', anthropicMessages, { type: 'message', usage: { input_tokens: 0, output_tokens: 0 } }],
    ['Responses', openAiResponses, { object: 'response', usage: { input_tokens: 0, output_tokens: 0 } }],
    ['Chat', openAiChat, { usage: { prompt_tokens: 0, completion_tokens: 0 } }],
  ])('%s: a call without input is none that was counted', (_, protocol, value) => {
    expect(readAll(protocol, [value])).toMatchObject({ inputTokens: null, outputTokens: null });
  });

  it('Anthropic: a later figure leaves those that it does not tell', () => {
    const start = { input_tokens: 5, cache_read_input_tokens: 900, output_tokens: 1 };
    const reading = readAll(anthropicMessages, [
      { type: 'message_start', message: { usage: start } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { input_tokens: 6, output_tokens: 9 } },
    ]);
    expect(reading).toMatchObject({ inputTokens: 906, cachedInputTokens: 900, outputTokens: 9 });
  });

  const absurd: readonly JsonValue[] = [-1, '7', 1e300, 1e10, null, [7], { tokens: 7 }, true];
  it.each(absurd)('a figure of %j is none', (figure) => {
    const anthropic = { type: 'message', usage: { input_tokens: figure, output_tokens: figure } };
    const responses = { object: 'response', status: 'completed', usage: anthropic.usage };
    const chat = {
      choices: [{ finish_reason: 'stop' }],
      usage: { prompt_tokens: figure, completion_tokens: figure },
    };
    const nothing = { inputTokens: null, outputTokens: null, complete: true };
    expect(readAll(anthropicMessages, [anthropic])).toMatchObject(nothing);
    expect(readAll(openAiResponses, [responses])).toMatchObject(nothing);
    expect(readAll(openAiChat, [chat])).toMatchObject(nothing);
  });

  it('words of a provider are clipped', () => {
    const event = { type: 'error', error: { type: 'x'.repeat(100_000), message: 'y'.repeat(100_000) } };
    const { failure } = readAll(anthropicMessages, [event]);
    expect(mapStreamError(failure, 'x', 0).message.length).toBeLessThan(1_100);
  });

  it.each([anthropicMessages, openAiResponses, openAiChat])('nonsense is nothing said: %#', (protocol) => {
    const nonsense = [1, null, 'x', [], { usage: 'x' }, { usage: { input_tokens: -1 }, choices: [{ delta: 5 }] }];
    expect(readAll(protocol, nonsense)).toMatchObject({ inputTokens: null, outputTokens: null, complete: false });
  });
});
