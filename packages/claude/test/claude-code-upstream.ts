import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What the model is asked, as far as a script cares. */
export interface AskedModel {
  /** The deed of the last prompt: `Deed: <word>`. */
  readonly deed: string;
  /** How many tools have answered since. */
  readonly answers: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** What the model says: words, a command to run, a file to read, or an answer that is a failure. */
export type Saying =
  | { readonly say: string; readonly stop?: string }
  | { readonly run: string }
  | { readonly read: string }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly message: string };

/** A model of Anthropic's on loopback. Each answer takes 1,000 tokens in and 50 out. */
export interface ScriptedModel extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly AskedModel[];
  /** Requests that weren't for the model. */
  readonly strays: readonly string[];
}

export async function startScriptedModel(script: (asked: AskedModel) => Saying): Promise<ScriptedModel> {
  const asked: AskedModel[] = [];
  const strays: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method !== 'POST' || !request.url?.startsWith('/v1/messages')) {
        strays.push(`${request.method} ${request.url}`);
        response.writeHead(404).end();
        return;
      }
      const text = Buffer.concat(chunks).toString();
      const one = { ...readMessages(JSON.parse(text).messages), text, headers: request.headers };
      asked.push(one);
      say(response, script(one), asked.length);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    strays,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

interface SentMessage {
  readonly role: string;
  readonly content: string | readonly { readonly type: string; readonly text?: string }[];
}

function readMessages(messages: readonly SentMessage[]): { readonly deed: string; readonly answers: number } {
  let deed = '';
  let answers = 0;
  for (const { role, content } of messages) {
    if (role !== 'user') continue;
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    for (const { type, text } of blocks) {
      if (type === 'tool_result') answers++;
      const found = /^Deed: (\S+)$/m.exec(text ?? '')?.[1];
      if (found === undefined) continue;
      deed = found;
      answers = 0;
    }
  }
  return { deed, answers };
}

function say(response: ServerResponse, saying: Saying, number: number): void {
  if ('status' in saying) {
    response.writeHead(saying.status, { 'content-type': 'application/json', ...saying.headers });
    response.end(JSON.stringify({ type: 'error', error: { type: 'api_error', message: saying.message } }));
    return;
  }
  const call =
    'run' in saying
      ? { name: 'Bash', input: { command: saying.run } }
      : 'read' in saying
        ? { name: 'Read', input: { file_path: saying.read } }
        : null;
  const words = 'say' in saying ? saying.say : '';
  const block =
    call === null
      ? { type: 'text', text: '' }
      : { type: 'tool_use', id: `toolu_${number}`, name: call.name, input: {} };
  const delta =
    call === null
      ? { type: 'text_delta', text: words }
      : { type: 'input_json_delta', partial_json: JSON.stringify(call.input) };
  const stop = call === null ? (('stop' in saying ? saying.stop : undefined) ?? 'end_turn') : 'tool_use';
  const usage = { input_tokens: 1000, cache_read_input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 1 };
  const events = [
    {
      type: 'message_start',
      message: {
        id: `msg_${number}`,
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        usage,
      },
    },
    { type: 'content_block_start', index: 0, content_block: block },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: stop }, usage: { output_tokens: 50 } },
    { type: 'message_stop' },
  ];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
}
