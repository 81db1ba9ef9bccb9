import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createSystemRuntime } from '@baton/adapter-kit';
import type { CallUsage, ModelClient, ModelMessage, ModelReply, ReplyDelta } from '@baton/agent-kit';
import type { Clock, JsonValue } from '@baton/core';
import { createChatClient } from '../src/api/chat-client.js';
import { createModelServer } from '../src/api/model-server.js';
import { createResponsesClient } from '../src/api/responses-client.js';

/** What the server does with one request. */
export interface RawAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as an event each. */
  readonly events?: readonly JsonValue[];
  /** Sent as it is, behind the events. */
  readonly text?: string;
  /** Default `end`. */
  readonly after?: 'end' | 'cut' | 'hang';
}

/** A message of Chat Completions, as far as tests look into one. */
export interface RawMessage {
  readonly tool_call_id?: string;
  readonly content?: unknown;
  readonly tool_calls?: readonly { readonly id: string }[];
}

/** What was asked. */
export interface RawRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it was sent, of which tests look into these. Empty without a body. */
  readonly body: {
    readonly messages?: readonly RawMessage[];
    readonly input?: unknown;
    readonly include?: unknown;
    readonly stream_options?: unknown;
    readonly max_tokens?: unknown;
  };
}

/** A server that answers as it is told, however wrong that is. */
export interface RawServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly RawRequest[];
  /** Connections that are open now. */
  readonly connections: number;
}

export async function startRawServer(answer: (request: RawRequest, count: number) => RawAnswer): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const one = { path: request.url ?? '', headers: request.headers, body: text === '' ? {} : JSON.parse(text) };
      requests.push(one);
      const { status = 200, headers, events = [], text: rest = '', after = 'end' } = answer(one, requests.length);
      response.writeHead(status, { 'content-type': 'text/event-stream', ...headers });
      for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
      if (rest !== '') response.write(rest);
      if (after === 'end') response.end();
      if (after === 'cut') setImmediate(() => response.destroy());
      if (after === 'hang') response.flushHeaders();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get connections() {
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

export type Api = 'responses' | 'chat';
export const model = 'some-model';
export const key = 'sk-canary-0123456789';

/** The client under test, on a server of this kind. */
export function createClient(
  api: Api,
  url: string,
  options: { readonly clock?: Clock; readonly stallMs?: number; readonly key?: string | null } = {},
): ModelClient {
  const value = options.key === undefined ? key : options.key;
  const server = createModelServer({
    adapter: 'openai',
    baseUrl: `${url}/v1`,
    key: value === null ? null : { name: 'SOME_KEY', value: value === '' ? null : value },
    stallMs: options.stallMs ?? 60_000,
    clock: options.clock ?? createSystemRuntime().clock,
  });
  return (api === 'chat' ? createChatClient : createResponsesClient)({ adapter: 'openai', model, server });
}

const object = { type: 'object', properties: { path: { type: 'string' } } };
const tools = ['read_file', 'write_file'].map((name) => ({ name, description: name, inputSchema: object }));

/** Asks once. */
export function ask(
  client: ModelClient,
  options: {
    readonly messages?: readonly ModelMessage[];
    readonly signal?: AbortSignal;
    readonly onDelta?: (delta: ReplyDelta) => void;
    readonly onUsage?: (usage: CallUsage) => void;
  } = {},
): Promise<ModelReply> {
  const { messages = [{ role: 'user' as const, text: 'Do it.' }], ...rest } = options;
  return client.call({ instructions: 'Be good.', tools, messages, maxOutputTokens: 500 }, rest);
}

/** Events of a whole answer in words. */
export const words: Readonly<Record<Api, readonly JsonValue[]>> = {
  responses: [
    { type: 'response.output_text.delta', delta: 'Hi.' },
    {
      type: 'response.output_item.done',
      item: { type: 'message', content: [{ type: 'output_text', text: 'Hi.' }] },
    },
    { type: 'response.completed', response: { output: [], usage: { input_tokens: 7, output_tokens: 2 } } },
  ],
  chat: [
    { choices: [{ delta: { content: 'Hi.' }, finish_reason: null }] },
    { choices: [{ delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage: { prompt_tokens: 7, completion_tokens: 2 } },
  ],
};
