import { LLMock } from '@copilotkit/aimock';
import { describe, expect, it } from 'vitest';
import { openChannel, realKey, unlimited } from './open-channel.js';

const price = { input: 2, output: 10, cachedInput: null };
const messages = [{ role: 'user', content: 'hello' }];
const usage = { prompt_tokens: 120, completion_tokens: 30, total_tokens: 150, input_tokens: 120, output_tokens: 30 };

// An independent mock: what our own would get wrong in the same way as the proxy shows here.
describe.each([
  ['anthropic-messages', '/v1/messages', '', { messages, max_tokens: 500 }],
  ['openai-responses', '/v1/responses', '/v1', { input: messages }],
  ['openai-chat', '/v1/chat/completions', '/v1', { messages, stream_options: { include_usage: true } }],
] as const)('%s, as aimock speaks it', (protocol, path, base, body) => {
  it.each([true, false])('is passed on and metered; streamed: %s', async (stream) => {
    const mock = new LLMock({ port: 0 });
    mock.onMessage('hello', { content: 'Hi there, at some length.', usage });
    await mock.start();
    await using open = await openChannel(`${mock.url}${base}`, { protocol, price: () => price });
    try {
      const turn = open.channel.beginTurn(unlimited);
      const call = { model: 'some-model', stream, ...body };
      if (!stream) delete (call as { stream_options?: unknown }).stream_options;
      const answer = await open.call({ path, body: call });
      const direct = await fetch(`${mock.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': realKey, authorization: `Bearer ${realKey}` },
        body: JSON.stringify(call),
      });
      const mapped = (text: string): string =>
        text.replace(/"(id|item_id|response_id|created|created_at|completed_at)":("[^"]*"|\d+)/g, '');
      expect(answer.status).toBe(200);
      expect(mapped(answer.body)).toBe(mapped(await direct.text()));
      expect(turn.usage).toEqual({
        inputTokens: 120,
        // Anthropic's counts it apart, and so always says how much; of the others nothing was told.
        cachedInputTokens: protocol === 'anthropic-messages' ? 0 : null,
        outputTokens: 30,
        microUsd: 120 * 2 + 30 * 10,
        basis: 'computed',
      });
      expect(turn.failure).toBeNull();
    } finally {
      await mock.stop();
    }
  });
});
