import { createServer } from 'node:http';
import { createGateway, createSystemRuntime } from '@baton/adapter-kit';
import { createGithub, type Github } from '@baton/github';
import { createGithubClient, type GithubClient } from '../src/host/client.js';

/** What a replayed request is answered with. */
interface ReplayedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
}

/** GitHub on loopback, which answers what it is told to. */
export interface Replay extends AsyncDisposable {
  readonly origin: string;
  /** `GET /path?query` of every request so far. */
  readonly asked: readonly string[];
  /** Who answers from now on. Null: 404. */
  answer: (method: string, path: string) => ReplayedAnswer | null;
}

export async function createReplay(): Promise<Replay> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    asked.push(`${method} ${url}`);
    request.resume().once('end', () => {
      const {
        status,
        headers = {},
        body,
      } = replay.answer(method, url) ?? { status: 404, body: { message: 'Not Found' } };
      const here = (text: string): string => text.replaceAll('https://api.github.com', replay.origin);
      // Lengths and connections are this server's own business.
      const own = Object.entries(headers).filter(([name]) => !/^(?:content-length|connection|transfer-)/.test(name));
      const plain = own.map(([name, value]) => [name, here(String(value))]);
      const text = body === undefined || body === '' ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...Object.fromEntries(plain) });
      response.end(here(text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const replay: Replay = {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    asked,
    answer: () => null,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return replay;
}

/** An account that has asked nothing yet. */
export function createAccount(replay: Replay): { readonly client: GithubClient; readonly github: Github } {
  const runtime = createSystemRuntime();
  const gateway = createGateway({ host: 'replay', adapter: 'github', runtime, writeIntervalMs: 0 });
  const credentials = { kind: 'token', token: 'ghp_recorded' } as const;
  const options = { baseUrl: replay.origin, credentials, gateway, runtime, timeoutMs: 10_000, retryPauseMs: 1 };
  return { client: createGithubClient({ ...options, log: () => undefined }), github: createGithub(options) };
}
