import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as the provider got it. */
interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Resolves when the other side has cut the connection, or the answer is over. */
  readonly closed: Promise<void>;
}

/** A provider on loopback that answers as it is told. */
export interface UpstreamMock extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Resolves with the next request that comes. */
  next(): Promise<SeenRequest>;
  /** For all further requests. An answer that was not told is a 500. */
  answer(with_: (response: ServerResponse, request: SeenRequest) => void | Promise<void>): void;
}

export async function startUpstream(): Promise<UpstreamMock> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const waiting: ((request: SeenRequest) => void)[] = [];
  let respond: (response: ServerResponse, request: SeenRequest) => void | Promise<void> = (response) => {
    response.writeHead(500).end('nothing was told');
  };
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    const closed = new Promise<void>((resolve) => response.once('close', resolve));
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const request = { path: message.url ?? '', headers: message.headers, body, closed };
      seen.push(request);
      for (const tell of waiting.splice(0)) tell(request);
      void respond(response, request);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    answer(with_) {
      respond = with_;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Server-sent events. */
export function mapEvents(events: readonly unknown[]): string {
  return events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
}

/** An answer of Anthropic's, as events. */
export function anthropicEvents(
  text: string,
  usage: Readonly<Record<string, unknown>> = { input_tokens: 100 },
  outputTokens = 7,
): readonly unknown[] {
  return [
    {
      type: 'message_start',
      message: { id: 'm', role: 'assistant', content: [], usage: { ...usage, output_tokens: 1 } },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: outputTokens } },
    { type: 'message_stop' },
  ];
}
