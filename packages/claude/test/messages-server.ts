import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is read of a request to the Messages API. */
export interface ReceivedRequest {
  readonly headers: IncomingMessage['headers'];
  readonly body: {
    readonly model: string;
    readonly max_tokens: number;
    readonly system: readonly object[];
    readonly tools: readonly object[];
    readonly messages: readonly { readonly role: string; readonly content: readonly { readonly type: string }[] }[];
  };
}

export type Handler = (request: ReceivedRequest, response: ServerResponse) => void;

/** The Messages API on loopback, as far as a mock of others can't play it. */
export interface MessagesServer {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  close(): Promise<void>;
}

/** Each request goes to the next handler; the last one takes all that follow. */
export async function startMessagesServer(handlers: readonly [Handler, ...Handler[]]): Promise<MessagesServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const handler = handlers[Math.min(requests.length, handlers.length - 1)] ?? handlers[0];
      const text = Buffer.concat(chunks).toString('utf8');
      const received: ReceivedRequest = { headers: request.headers, body: text === '' ? null : JSON.parse(text) };
      requests.push(received);
      handler(received, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** One event of a stream. */
export type StreamEvent = { readonly type: string; readonly [key: string]: unknown };

/** Writes events and leaves the stream open. */
export function writeEvents(response: ServerResponse, events: readonly StreamEvent[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

export const messageStart = (usage: object | null = { input_tokens: 100, output_tokens: 1 }): StreamEvent => ({
  type: 'message_start',
  message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], model: 'm', ...(usage ? { usage } : {}) },
});

/** A block with its deltas. */
export function block(index: number, start: object, ...deltas: readonly object[]): readonly StreamEvent[] {
  return [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

export const textBlock = (index: number, text: string): readonly StreamEvent[] =>
  block(index, { type: 'text', text: '' }, { type: 'text_delta', text });

export const toolBlock = (index: number, name: string, json: string): readonly StreamEvent[] =>
  block(
    index,
    { type: 'tool_use', id: `toolu_${index}`, name, input: {} },
    { type: 'input_json_delta', partial_json: json },
  );

export const messageEnd = (
  stop: string | null,
  usage: object | null = { output_tokens: 10 },
): readonly StreamEvent[] => [
  { type: 'message_delta', delta: { stop_reason: stop, stop_sequence: null }, ...(usage ? { usage } : {}) },
  { type: 'message_stop' },
];

/** Answers with a whole stream. */
export const answer =
  (...events: readonly StreamEvent[]): Handler =>
  (_, response) => {
    writeEvents(response, events);
    response.end();
  };

/** Answers with a text and ends its turn. */
export const sayText = (text: string): Handler =>
  answer(messageStart(), ...textBlock(0, text), ...messageEnd('end_turn'));

/** Answers with an error in the API's own shape. */
export const refuse =
  (status: number, type: string, message: string, headers: Readonly<Record<string, string>> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ type: 'error', error: { type, message } }));
  };
