import { createSystemRuntime } from '@baton/adapter-kit';
import { collectTurn, createTestWorkspace, type TestWorkspace } from '@baton/agent-kit/testing';
import { createManualClock } from '@baton/conformance';
import type { Clock } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClaudeAgentOptions, createClaudeAgent } from '../src/index.js';
import {
  answer,
  type Handler,
  type MessagesServer,
  messageEnd,
  messageStart,
  refuse,
  sayText,
  startMessagesServer,
  textBlock,
  toolBlock,
  writeEvents,
} from './messages-server.js';
import { createPromptCache } from './prompt-cache.js';

const model = 'claude-sonnet-5-5';
const apiKey = 'sk-canary-0123456789';
const { clock } = createSystemRuntime();

let workspace: TestWorkspace;
let server: MessagesServer | null = null;
beforeEach(async () => {
  workspace = await createTestWorkspace();
});
afterEach(async () => {
  await server?.close();
  server = null;
  await workspace.dispose();
});

async function take(handlers: readonly [Handler, ...Handler[]], options: Partial<ClaudeAgentOptions> = {}) {
  server = await startMessagesServer(handlers);
  const agent = createClaudeAgent({ model, apiKey, baseUrl: server.url, clock, ...options });
  const session = await agent.start({ workspace: workspace.view, instructions: 'Be good.' });
  return collectTurn(session, 'the task');
}

describe('a session', () => {
  it('of thirty steps reads at least 60 % of its input from the cache, and knows what it costs', async () => {
    const cache = createPromptCache();
    let steps = 0;
    const total = { read: 0, written: 0, other: 0 };
    const work: Handler = ({ body }, response) => {
      steps += 1;
      const usage = cache(body);
      total.read += usage['cache_read_input_tokens'] ?? 0;
      total.written += usage['cache_creation_input_tokens'] ?? 0;
      total.other += usage['input_tokens'] ?? 0;
      const command = `seq ${steps}000 ${steps + 1}999`;
      const parts =
        steps < 30
          ? [
              ...textBlock(0, `Step ${steps}.`),
              ...toolBlock(1, 'run_command', JSON.stringify({ command })),
              ...messageEnd('tool_use'),
            ]
          : [...textBlock(0, 'Done.'), ...messageEnd('end_turn')];
      answer(messageStart(usage), ...parts)({ body, headers: {} }, response);
    };
    const price = { input: 2, output: 10, cachedInput: 0.2 };
    const { end } = await take([work], { price });
    expect(end.outcome.unified).toBe('done');
    expect(end.usage.inputTokens).toBe(total.read + total.written + total.other);
    expect(end.usage.cachedInputTokens).toBe(total.read);
    expect(total.read / (end.usage.inputTokens ?? 0)).toBeGreaterThan(0.6);
    const cost = total.read * 0.2 + total.written * 2.5 + total.other * 2 + 30 * 10 * 10;
    expect(Math.abs((end.usage.microUsd ?? 0) - cost)).toBeLessThanOrEqual(1);
  });

  it('goes on through overloads, cuts and nonsense', async () => {
    const cut: Handler = (_, response) => {
      writeEvents(response, [messageStart(), ...toolBlock(0, 'write_file', '{"path":"a","con').slice(0, 2)]);
      setImmediate(() => response.destroy());
    };
    const wrong = answer(
      messageStart(),
      ...toolBlock(0, 'write_file', '{"file":'),
      ...toolBlock(1, 'no_such_tool', '{}'),
      ...messageEnd('tool_use'),
    );
    const right = answer(
      messageStart(),
      ...toolBlock(0, 'write_file', '{"path":"a","content":"b"}'),
      ...messageEnd('tool_use'),
    );
    const manual = createManualClock();
    // Waits between tries are over at once; the watch over a silent stream sleeps on.
    const sleep: Clock['sleep'] = async (ms, call) => (ms <= 20_000 ? undefined : manual.sleep(ms, call));
    const replies = [refuse(529, 'overloaded_error', 'Overloaded'), cut, wrong, right, sayText('Done.')] as const;
    const { end, events } = await take(replies, { clock: { ...manual, sleep } });
    expect(end.outcome.unified).toBe('done');
    expect(events.filter((event) => event.type === 'provider-event')).toHaveLength(2);
    expect(new TextDecoder().decode((await workspace.view.readFile('a')) ?? undefined)).toBe('b');
  });

  it.each<[string, Partial<ClaudeAgentOptions>, Handler, string, string]>([
    [
      'without a key',
      { apiKey: null },
      sayText('ok'),
      'AUTH_FAILED',
      'ANTHROPIC_API_KEY is not set. Put a key into ANTHROPIC_API_KEY.',
    ],
    [
      'with a refused key',
      {},
      refuse(401, 'authentication_error', 'invalid x-api-key'),
      'AUTH_FAILED',
      'refused the key',
    ],
    [
      'without the model',
      {},
      refuse(404, 'not_found_error', `model: ${model}`),
      'NOT_FOUND',
      `no such model or address (404): model: ${model}`,
    ],
  ])('%s makes way for another agent, and says why', async (_, options, handler, raw, words) => {
    const { end, events } = await take([handler], options);
    expect(end).toMatchObject({ outcome: { unified: 'unavailable', raw }, summary: expect.stringContaining(words) });
    expect(JSON.stringify(events)).not.toContain(apiKey);
  });

  it('that reaches a usage limit says until when (G23)', async () => {
    const { end } = await take([refuse(429, 'rate_limit_error', 'slow down', { 'retry-after': '3600' })]);
    expect(end.outcome).toEqual({ unified: 'unavailable', raw: 'RATE_LIMITED' });
    expect(Math.abs((end.retryAt ?? 0) - clock.now() - 3_600_000)).toBeLessThan(10_000);
  });
});

describe('diagnose', () => {
  const look = async (handler: Handler, key: string | null = apiKey) => {
    server = await startMessagesServer([handler]);
    const lines = [];
    const agent = createClaudeAgent({ model, apiKey: key, baseUrl: server.url, clock });
    for await (const line of agent.diagnose?.() ?? []) lines.push(line);
    return lines;
  };

  it('asks for the description of the model, and for no answer', async () => {
    const describeModel: Handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: model, type: 'model', display_name: 'Claude Sonnet' }));
    };
    expect(await look(describeModel)).toEqual([
      { check: 'model', ok: true, detail: 'Claude Sonnet can be used with this key.', fix: null },
    ]);
    expect(server?.requests[0]?.body).toBeNull();
  });

  it('says what is wrong as a line', async () => {
    expect(await look(refuse(401, 'authentication_error', 'no'))).toMatchObject([
      { ok: false, fix: expect.any(String) },
    ]);
    await server?.close();
    expect(await look(sayText('ok'), null)).toMatchObject([
      { ok: false, detail: expect.stringContaining('is not set') },
    ]);
  });
});
