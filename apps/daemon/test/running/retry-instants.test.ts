import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestWorkspace, type TestWorkspace } from '@baton/agent-kit/testing';
import { createClaudeAgent } from '@baton/claude';
import { createManualClock } from '@baton/conformance';
import type { AgentLimits, Clock, CodingAgent, Instant } from '@baton/core';
import { createModelProxy, type ModelProtocol } from '@baton/model-proxy';
import { createOpenAiAgent } from '@baton/openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

const now = Date.UTC(2026, 0, 1);
const key = 'sk-canary-0123456789';
const unlimited: AgentLimits = { maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: null };

/** How a provider says when to come back, and after how many milliseconds that is. Null: it doesn't. */
interface Form {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly message?: string;
  readonly afterMs: number | null;
}

const limit = (kind: string, remaining: string, reset: string) => ({
  [`x-ratelimit-remaining-${kind}`]: remaining,
  [`x-ratelimit-reset-${kind}`]: reset,
});
const anthropicLimit = (kind: string, remaining: string, reset: string) => ({
  [`anthropic-ratelimit-${kind}-remaining`]: remaining,
  [`anthropic-ratelimit-${kind}-reset`]: reset,
});
const unified = (afterMs: number) => ({ 'anthropic-ratelimit-unified-reset': String((now + afterMs) / 1000) });

const forms: readonly (readonly [string, Form])[] = [
  ['milliseconds', { status: 429, headers: { 'retry-after-ms': '61500', 'retry-after': '99' }, afterMs: 61_500 }],
  ['seconds', { status: 429, headers: { 'retry-after': '90' }, afterMs: 90_000 }],
  ['a date', { status: 429, headers: { 'retry-after': 'Thu, 01 Jan 2026 01:00:00 GMT' }, afterMs: 3_600_000 }],
  ['seconds, of an overloaded provider', { status: 529, headers: { 'retry-after': '70' }, afterMs: 70_000 }],
  ['seconds, of one that is away', { status: 503, headers: { 'retry-after': '70' }, afterMs: 70_000 }],
  ['the end of a window', { status: 429, headers: { 'retry-after': '5', ...unified(7_200_000) }, afterMs: 7_200_000 }],
  [
    "Anthropic's limit that is used up",
    {
      status: 429,
      headers: {
        ...anthropicLimit('requests', '5', '2026-01-01T09:00:00Z'),
        ...anthropicLimit('input-tokens', '0', '2026-01-01T00:02:00Z'),
      },
      afterMs: 120_000,
    },
  ],
  [
    "OpenAI's limit that is used up",
    { status: 429, headers: { ...limit('requests', '59', '2h'), ...limit('tokens', '0', '6m0s') }, afterMs: 360_000 },
  ],
  [
    "both of OpenAI's limits",
    { status: 429, headers: { ...limit('requests', '0', '2m'), ...limit('tokens', '0', '61.5') }, afterMs: 120_000 },
  ],
  [
    'words',
    { status: 429, headers: {}, message: 'Rate limit reached. Please try again in 1m6.2s. Visit us.', afterMs: 66_200 },
  ],
  ['nothing', { status: 429, headers: {}, afterMs: null }],
  ['limits that are not used up', { status: 429, headers: limit('tokens', '9', '6m0s'), afterMs: null }],
  ['nonsense', { status: 429, headers: { 'retry-after': 'soon' }, afterMs: null }],
  ['a century', { status: 429, headers: { 'retry-after': '3155760000' }, afterMs: null }],
  ['a wait, of a provider that is broken', { status: 500, headers: unified(7_200_000), afterMs: null }],
];

const requests: Readonly<Record<ModelProtocol, { readonly path: string; readonly body: object }>> = {
  'anthropic-messages': { path: '/v1/messages', body: { model: 'm', max_tokens: 10, messages: [] } },
  'openai-responses': { path: '/v1/responses', body: { model: 'm', input: 'x' } },
  'openai-chat': { path: '/v1/chat/completions', body: { model: 'm', messages: [] } },
};

describe('a provider that says when to come back', () => {
  let form: Form;
  let url = '';
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(form.status, { 'content-type': 'application/json', ...form.headers });
      response.end(JSON.stringify({ error: { type: 'rate_limit_error', message: form.message ?? 'no' } }));
    });
  });
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise<void>((done) => server.close(() => done())));

  let workspace: TestWorkspace;
  beforeEach(async () => {
    workspace = await createTestWorkspace();
  });
  afterEach(() => workspace.dispose());

  /** What a turn of an agent that asks the model itself ends with. Waits between two tries are over at once. */
  const askDirectly = async (make: (clock: Clock) => CodingAgent): Promise<Instant | null> => {
    const clock = createManualClock(now);
    const session = await make(clock).start({ workspace: workspace.view, instructions: '' });
    let retryAt: Instant | null = null;
    for await (const event of session.run({ prompt: 'Do it.', limits: unlimited })) {
      if (event.type === 'turn-end') retryAt = event.retryAt ?? null;
      const waitMs = event.type === 'provider-event' ? z.object({ waitMs: z.number() }).parse(event.value).waitMs : 0;
      // The agent sleeps only once it is asked for its next event.
      if (waitMs > 0) setImmediate(() => clock.advance(waitMs));
    }
    return retryAt;
  };

  const askThroughProxy = async (protocol: ModelProtocol): Promise<Instant | null> => {
    const scratch = await mkdtemp(join(tmpdir(), 'baton-retry-'));
    const basePath = protocol === 'anthropic-messages' ? '' : '/v1';
    const proxy = createModelProxy({
      ...{ adapter: 'test', protocol, baseUrl: `${url}${basePath}`, key, models: null, clock: createManualClock(now) },
      price: () => null,
    });
    const channel = await proxy.open({ scratch });
    try {
      const turn = channel.beginTurn(unlimited);
      const { path, body } = requests[protocol];
      const socketPath = join(scratch, (await readdir(scratch))[0] ?? '');
      const headers = { host: '127.0.0.1:1', authorization: `Bearer ${channel.placeholder}` };
      await new Promise<void>((resolve, reject) => {
        httpRequest({ socketPath, method: 'POST', path, headers }, (answer) => {
          answer.resume().on('end', resolve);
        })
          .on('error', reject)
          .end(JSON.stringify(body));
      });
      expect(turn.failure).not.toBeNull();
      const details: object = turn.failure?.details ?? {};
      return 'retryAt' in details && typeof details.retryAt === 'number' ? details.retryAt : null;
    } finally {
      await channel.close();
      await rm(scratch, { recursive: true, force: true });
    }
  };

  it.each(forms)('by %s is understood alike, directly and through the proxy', async (_, each) => {
    form = each;
    const expected = each.afterMs === null ? null : now + each.afterMs;
    const asked = { model: 'm', apiKey: key };
    const claude = await askDirectly((clock) => createClaudeAgent({ ...asked, baseUrl: url, clock }));
    expect(['claude', claude]).toEqual(['claude', expected]);
    for (const api of ['responses', 'chat'] as const) {
      const found = await askDirectly((clock) => createOpenAiAgent({ ...asked, api, baseUrl: `${url}/v1`, clock }));
      expect([api, found]).toEqual([api, expected]);
    }
    for (const protocol of ['anthropic-messages', 'openai-responses', 'openai-chat'] as const) {
      expect([protocol, await askThroughProxy(protocol)]).toEqual([protocol, expected]);
    }
  });
});
