import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider on loopback that speaks OpenAI's chat. */
export interface ModelServer {
  readonly url: string;
  /** How many calls came. */
  readonly calls: number;
  /** The body of each of them. */
  asked(): readonly string[];
  /** What each further call is answered with. Default: a short answer of 100 tokens in and 7 out. */
  answer(by: (response: ServerResponse) => void): void;
  stop(): Promise<void>;
}

const reply = {
  object: 'chat.completion',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Do it.' } }],
  usage: { prompt_tokens: 100, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 40 } },
};

export async function startModelServer(): Promise<ModelServer> {
  const asked: string[] = [];
  let answer = (response: ServerResponse): void =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(Buffer.concat(chunks).toString());
      answer(response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    get calls() {
      return asked.length;
    },
    asked: () => asked,
    answer(by) {
      answer = by;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
