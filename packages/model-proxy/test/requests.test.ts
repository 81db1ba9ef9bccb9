import { describe, expect, it } from 'vitest';
import { judgeBody } from '../src/proxy/judge-body.js';
import { proxyBounds } from '../src/proxy/proxy-bounds.js';
import { anthropicMessages } from '../src/wire/anthropic-messages.js';
import type { JsonObject } from '../src/wire/json-object.js';
import { openAiChat } from '../src/wire/openai-chat.js';
import { openAiResponses } from '../src/wire/openai-responses.js';
import type { Protocol } from '../src/wire/protocol.js';
import { claudeCodeRequest, codexRequest, openCodeRequest } from './real-requests.js';
import { misshapenMessages, strangeChats, strangeMessages, strangeResponses } from './strange-requests.js';

const judge = (protocol: Protocol, body: JsonObject | string, allow: readonly string[] = []) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const rules = { protocol, models: null, allow: new Set(allow), bounds: proxyBounds };
  return judgeBody(rules, Buffer.from(text), 'model');
};
const strange = [
  ...strangeMessages.map(([what, body, name]) => ['Messages', what, anthropicMessages, body, name] as const),
  ...strangeResponses.map(([what, body, name]) => ['Responses', what, openAiResponses, body, name] as const),
  ...strangeChats.map(([what, body, name]) => ['Chat', what, openAiChat, body, name] as const),
];

/** JSON knows no such number but by a text that is beyond it. */
const write = (body: JsonObject): string =>
  `{"model":"m",${JSON.stringify(body).slice(1)}`.replace('"max_tokens":null', '"max_tokens":1e999');

describe('a request that asks for more than an answer', () => {
  it.each(strange)('%s: %s is refused, by name', (_, _what, protocol, body, name) => {
    expect(judge(protocol, write(body))).toMatchObject({ status: 400, name, message: expect.stringContaining(name) });
  });

  it.each(strange)('%s: %s passes once its name is allowed', (_, _what, protocol, body, name) => {
    const left = judge(protocol, { model: 'm', ...body }, [name]);
    expect('name' in left && left.name).not.toBe(name);
  });

  it.each(misshapenMessages)('%s is refused, whatever is allowed', (_, body, name) => {
    expect(judge(anthropicMessages, write(body), [name])).toMatchObject({ status: 400, name });
  });

  it.each([
    ['a text', anthropicMessages, { text: 'a', type: 'text', citations: null }],
    [
      'an image of its own',
      anthropicMessages,
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
    ],
    ['thinking', anthropicMessages, { type: 'thinking', thinking: 'hm', signature: 's' }],
    [
      'the result of a tool',
      anthropicMessages,
      { type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'x' }] },
    ],
    [
      'a tool that is let go of',
      anthropicMessages,
      { type: 'tool_removal', tool: { type: 'tool_reference', name: 'x' } },
    ],
    ['an image of its own', openAiChat, { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }],
    [
      'a file of its own',
      openAiChat,
      { type: 'file', file: { file_data: 'data:application/pdf;base64,AA', filename: 'a' } },
    ],
  ])('and one that holds %s is let through: %#', (_, protocol, part) => {
    expect(judge(protocol, { model: 'm', messages: [{ role: 'user', content: [part] }] })).toHaveProperty('request');
  });

  it.each([
    ['Claude Code', anthropicMessages, claudeCodeRequest],
    ['Codex', openAiResponses, codexRequest],
    ['opencode', openAiChat, openCodeRequest],
  ])('what %s sends passes as it is', (_, protocol, body) => {
    const judged = judge(protocol, body);
    expect(judged).toMatchObject({ body, request: { model: body['model'] } });
    expect(protocol.prepare(body, null)).toEqual(body);
  });
});

describe('the text of a request', () => {
  const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  it.each([
    ['nests too deep in what the model reads', `{"model":"m","metadata":${nested(101)}}`, openAiResponses, 'deep'],
    ['nests so deep that parsing it would overflow the stack', nested(5_000_000), anthropicMessages, 'deep'],
    [
      'holds more values than memory should',
      `{"model":"m","metadata":[${'{},'.repeat(250_000)}0]}`,
      openAiResponses,
      'many',
    ],
    ['is a list', '[]', anthropicMessages, 'body'],
    ['is null', 'null', openAiChat, 'body'],
    ['names no model', '{"messages":[]}', anthropicMessages, null],
    ['is empty', '', openAiChat, null],
    ['ends in a string', '{"model":"m\\', openAiChat, null],
  ])('is refused where it %s', (_, text, protocol, name) => {
    expect(judge(protocol, text)).toMatchObject({ status: 400, name });
  });

  it('is judged as it will be sent: the last of two keys of one name', () => {
    const text = '{"model":"dear","tools":[{"type":"mcp"}],"model":"m","tools":[]}';
    expect(judge(openAiChat, text)).toMatchObject({ body: { model: 'm', tools: [] }, request: { model: 'm' } });
    expect(judge(openAiChat, '{"model":"m","tools":[],"tools":[{"type":"mcp"}]}')).toMatchObject({ status: 400 });
  });

  it('may hold brackets, quotes and backslashes in its words', () => {
    const words = `${'[{"\\'.repeat(1000)}\\\\"`;
    const body = { model: 'm', messages: [{ role: 'user', content: words }] };
    expect(judge(openAiChat, body)).toMatchObject({ body });
  });

  it('may carry as much of its own content as fits', () => {
    const url = `data:image/png;base64,${'A'.repeat(20_000_000)}`;
    const bare = 'A'.repeat(10_000_000);
    const content = [
      { type: 'image_url', image_url: { url } },
      { type: 'image_url', image_url: bare },
    ];
    expect(judge(openAiChat, { model: 'm', messages: [{ role: 'user', content }] })).toHaveProperty('request');
  });

  it('tells nothing to people but names, whatever an agent calls a field', () => {
    const left = judge(openAiChat, { model: 'm', [`<b onclick="x">\u202e[a](http://evil)\n# ${'y'.repeat(500)}`]: 1 });
    expect(left).toMatchObject({ name: expect.stringMatching(/^[\w.:/+?=-]{60}$/) });
    expect(judge(openAiChat, { model: 'm', '': 1 })).toMatchObject({ name: '?' });
  });
});

describe('the request as it is sent', () => {
  it('asks a stream of Chat for its figures, whatever the agent asked', () => {
    const asked = { model: 'm', stream: true, stream_options: { include_usage: false, include_obfuscation: false } };
    expect(openAiChat.prepare(asked, null)).toEqual({
      ...asked,
      stream_options: { include_usage: true, include_obfuscation: false },
    });
    expect(openAiChat.prepare({ model: 'm', stream: true }, null)).toMatchObject({
      stream_options: { include_usage: true },
    });
    expect(openAiChat.prepare({ model: 'm' }, null)).toEqual({ model: 'm' });
  });

  it('keeps nothing at the provider of Responses, which is what it does unasked', () => {
    expect(openAiResponses.prepare({ model: 'm' }, null)).toEqual({ model: 'm', store: false });
  });

  it.each([
    [{ max_tokens: 5, max_completion_tokens: 100_000 }, 100_000, { max_tokens: 5, max_completion_tokens: 2000 }],
    [{ max_tokens: 100_000, max_completion_tokens: 5 }, 100_000, { max_tokens: 2000, max_completion_tokens: 5 }],
    [{ max_tokens: 100_000 }, 100_000, { max_tokens: 2000 }],
    [{}, null, { max_completion_tokens: 2000 }],
  ])('counts the greater of two maxima of Chat, and lowers both: %j', (maxima, most, capped) => {
    expect(openAiChat.mapRequest({ model: 'm', ...maxima }).maxOutputTokens).toBe(most);
    expect(openAiChat.prepare({ model: 'm', ...maxima }, 2000)).toEqual({ model: 'm', ...capped });
  });
});
