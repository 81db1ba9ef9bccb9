import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import type { AgentLimits } from '@baton/core';
import type { ModelChannel, ModelProxyOptions } from '../src/index.js';
import { createBoundedProxy } from '../src/proxy/model-proxy.js';
import { type ProxyBounds, proxyBounds } from '../src/proxy/proxy-bounds.js';

export const realKey = 'sk-real-0123456789abcdef';
export const unlimited: AgentLimits = { maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: null };

/** What came back. */
interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Whether the connection broke before the end. */
  readonly cut: boolean;
}

/** A channel in a directory of its own, and a way to call through its socket as from inside. */
export interface OpenedChannel extends AsyncDisposable {
  readonly channel: ModelChannel;
  readonly scratch: string;
  readonly socketPath: string;
  call(options?: {
    readonly method?: string;
    readonly path?: string;
    readonly key?: string | null;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
    onAnswer?(answer: IncomingMessage): void;
  }): Promise<Answer>;
}

export const messagesBody = { model: 'claude-x', max_tokens: 1000, messages: [{ role: 'user', content: 'hi' }] };

export async function openChannel(
  baseUrl: string,
  options: Partial<ModelProxyOptions> = {},
  limits: AgentLimits | null = unlimited,
  bounds: Partial<ProxyBounds> = {},
): Promise<OpenedChannel> {
  const proxy = createBoundedProxy(
    {
      adapter: 'test-agent',
      protocol: 'anthropic-messages',
      baseUrl,
      key: realKey,
      models: null,
      price: () => null,
      clock: createSystemRuntime().clock,
      ...options,
    },
    // Nobody waits in a test for what will not come.
    { ...proxyBounds, drainMs: 100, lastDrainMs: 50, ...bounds },
  );
  const scratch = await mkdtemp(join(tmpdir(), 'baton-proxy-'));
  const channel = await proxy.open({ scratch });
  const [name = ''] = await readdir(scratch);
  const socketPath = join(scratch, name);
  if (limits !== null) channel.beginTurn(limits);
  return {
    channel,
    scratch,
    socketPath,
    call: ({ method = 'POST', path = '/v1/messages', key, body = messagesBody, headers, signal, onAnswer } = {}) =>
      new Promise((resolve, reject) => {
        const presented = key === undefined ? channel.placeholder : key;
        const outgoing = httpRequest(
          {
            socketPath,
            method,
            path,
            headers: {
              host: '127.0.0.1:1234',
              'content-type': 'application/json',
              ...(presented === null ? {} : { 'x-api-key': presented }),
              ...headers,
            },
            ...(signal ? { signal } : {}),
          },
          (answer) => {
            onAnswer?.(answer);
            let text = '';
            answer.on('data', (chunk: Buffer) => {
              text += chunk;
            });
            const finish = (cut: boolean): void =>
              resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text, cut });
            answer.on('end', () => finish(false));
            answer.on('error', () => finish(true));
          },
        );
        outgoing.on('error', reject);
        outgoing.end(method === 'GET' ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
      }),
    async [Symbol.asyncDispose]() {
      await channel.close();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
