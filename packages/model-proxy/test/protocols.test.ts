import type { JsonValue } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../src/anthropic-messages.js';
import { openAiChat } from '../src/openai-chat.js';
import { openAiResponses } from '../src/openai-responses.js';
import type { JsonObject, Protocol } from '../src/protocol.js';

function readAll(protocol: Protocol, values: readonly JsonValue[]) {
  const reader = protocol.createReader();
  for (const value of values) reader.read(value);
  return reader.reading();
}

const image = 'https://example.com/?secret=1';

describe('what a protocol lets an agent ask for', () => {
  it.each<[string, Protocol, JsonObject]>([
    ['a web search', openAiResponses, { tools: [{ type: 'web_search' }] }],
    [
      'a web search that an item of the conversation brings along',
      openAiResponses,
      { input: [{ type: 'additional_tools', tools: [{ type: 'namespace', tools: [{ type: 'web_search' }] }] }] },
    ],
    ['an MCP server', openAiResponses, { tools: [{ type: 'mcp', server_url: 'https://example.com' }] }],
    ['code that runs elsewhere', openAiResponses, { tools: [{ type: 'code_interpreter' }] }],
    ['a call in the background', openAiResponses, { background: true }],
    ['an image by address', openAiResponses, { input: [{ content: [{ type: 'input_image', image_url: image }] }] }],
    ['a file by address', openAiResponses, { input: [{ content: [{ type: 'input_file', file_url: image }] }] }],
    ['an image of a tool by address', openAiResponses, { input: [{ output: [{ image_url: image }] }] }],
    ['a web search', openAiChat, { web_search_options: {} }],
    ['several choices', openAiChat, { n: 2 }],
    ['an image by address', openAiChat, { messages: [{ content: [{ image_url: { url: image } }] }] }],
    ['a tool of the provider', openAiChat, { tools: [{ type: 'mcp' }] }],
    ['a dearer tier', openAiResponses, { service_tier: 'priority' }],
    ['a dearer tier', openAiChat, { service_tier: 'priority' }],
    ['a dearer tier', anthropicMessages, { speed: 'fast' }],
    ['a web fetch', anthropicMessages, { tools: [{ type: 'web_fetch_20250910', name: 'web_fetch' }] }],
    ['code that runs elsewhere', anthropicMessages, { tools: [{ type: 'code_execution_20250825' }] }],
    [
      'an image of a tool by address',
      anthropicMessages,
      { messages: [{ content: [{ type: 'tool_result', content: [{ source: { type: 'url', url: image } }] }] }] },
    ],
  ])('not %s', (_, protocol, body) => {
    expect(protocol.mapRequest({ model: 'm', ...body }).refusal).toEqual(expect.any(String));
  });

  it.each<[Protocol, JsonObject]>([
    [openAiResponses, { tools: [{ type: 'function' }, { type: 'custom' }, { type: 'local_shell' }], stream: true }],
    [
      openAiResponses,
      { input: [{ type: 'additional_tools', tools: [{ type: 'namespace', tools: [{ type: 'function' }] }] }] },
    ],
    [openAiResponses, { input: [{ content: [{ type: 'input_image', image_url: 'data:image/png;base64,AA' }] }] }],
    [openAiChat, { tools: [{ type: 'function' }], messages: [{ role: 'user', content: image }] }],
    [openAiChat, { messages: [{ content: [{ image_url: { url: 'data:image/png;base64,AA' } }] }] }],
    [anthropicMessages, { tools: [{ name: 'own' }, { type: 'custom' }, { type: 'text_editor_20250728' }] }],
    [anthropicMessages, { messages: [{ content: [{ type: 'text', text: image }, { source: { type: 'base64' } }] }] }],
  ])('its own tools and data: %#', (protocol, body) => {
    expect(protocol.mapRequest({ model: 'm', ...body })).toMatchObject({ model: 'm', refusal: null });
  });
});

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
      characters: 5,
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
    expect(reading.failure).toEqual({ type: 'rate_limit_exceeded', message: 'slow down' });
  });

  it('Chat: a last chunk, whoever names its cache', () => {
    const reading = readAll(openAiChat, [
      { choices: [{ delta: { content: 'hi' }, finish_reason: null }] },
      { choices: [{ delta: { tool_calls: [{ function: { arguments: '{"a":1}' } }] }, finish_reason: null }] },
      { choices: [{ delta: {}, finish_reason: 'tool_calls' }], usage: null },
      { choices: [], usage: { prompt_tokens: 40, prompt_cache_hit_tokens: 30, completion_tokens: 4 } },
    ]);
    expect(reading).toMatchObject({ inputTokens: 40, cachedInputTokens: 30, outputTokens: 4, characters: 9 });
    expect(reading).toMatchObject({ complete: true, stop: 'tool_calls' });
  });

  it.each([anthropicMessages, openAiResponses, openAiChat])('nonsense is nothing said: %#', (protocol) => {
    const nonsense = [1, null, 'x', [], { usage: 'x' }, { usage: { input_tokens: -1 }, choices: [{ delta: 5 }] }];
    expect(readAll(protocol, nonsense)).toMatchObject({ inputTokens: null, outputTokens: null, complete: false });
  });
});
