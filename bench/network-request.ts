import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { Sandbox } from '@baton/core';
import { createBubblewrapSandbox } from '@baton/sandbox';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { interleave, spread } from './measure.ts';
import { readHeld } from './read-heap.ts';

const requestsARound = 50;
const answer = 'a few words '.repeat(1_000);

/**
 * Asks as often as it is told and prints the mean in milliseconds; told `0`, it asks once, and says so when the answer
 * has begun. By the proxy that the environment names, or straight where none is.
 */
const client = `
const http = require('node:http');
const { HTTP_PROXY } = process.env;
const [, host, port, count] = process.argv;
const place = HTTP_PROXY
  ? { host: new URL(HTTP_PROXY).hostname, port: new URL(HTTP_PROXY).port, path: 'http://' + host + ':' + port + '/', headers: { host: host + ':' + port } }
  : { host: '127.0.0.1', port, path: '/', headers: { host: host + ':' + port } };
const ask = (onBegin) => new Promise((resolve, reject) => {
  http.get({ ...place, agent: false }, (response) => {
    if (response.statusCode !== 200) return reject(new Error('answered by ' + response.statusCode));
    response.once('readable', () => onBegin && onBegin());
    response.on('data', () => {}).on('end', resolve);
  }).on('error', reject);
});
(async () => {
  if (count === '0') return ask(() => console.log('begun'));
  for (let warm = 0; warm < 10; warm += 1) await ask();
  const begun = performance.now();
  for (let each = 0; each < Number(count); each += 1) await ask();
  console.log((performance.now() - begun) / Number(count));
})();
`;

/** A server of the other side that can be made to stop in the middle of an answer. */
async function startServer() {
  let held: Promise<void> | null = null;
  const serve = async (response: ServerResponse): Promise<void> => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write(answer.slice(0, answer.length / 2));
    await held;
    response.end(answer.slice(answer.length / 2));
  };
  const server = createServer((request, response) => {
    request.resume();
    void serve(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    hold(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return () => {
        held = null;
        resolve();
      };
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Starts the client; the lines that it prints. */
async function startClient(
  { disk, signal }: BenchmarkContext,
  sandbox: Sandbox,
  { port, count, network }: { readonly port: number; readonly count: number; readonly network: readonly string[] },
) {
  const root = join(disk, 'root');
  await mkdir(root, { recursive: true });
  const running = await sandbox.spawn(
    { argv: [process.execPath, '-e', client, 'localhost', String(port), String(count)] },
    { root, readable: [process.execPath], writable: [], network, maxMemoryBytes: null, maxProcesses: null },
    { signal },
  );
  const lines = createInterface({ input: Readable.fromWeb(running.stdout as NodeReadableStream) })[
    Symbol.asyncIterator
  ]();
  return {
    async next(): Promise<string> {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`The client ended: ${await new Response(running.stderr).text()}`);
      return value;
    },
    exit: running.exit,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

/** What standing between a command and the hosts that it may reach costs a request. */
export const networkRequest: Benchmark = {
  name: 'network-request',
  async run(context) {
    await using server = await startServer();
    const { port } = server;
    const network = [`localhost:${port}`];
    const places = {
      proxied: { sandbox: createBubblewrapSandbox({ mode: 'required' }), network },
      direct: { sandbox: createBubblewrapSandbox({ mode: 'off' }), network },
    } as const;
    const measureTime =
      ({ sandbox, network }: (typeof places)['proxied']) =>
      async (): Promise<number> => {
        await using started = await startClient(context, sandbox, { port, count: requestsARound, network });
        return Number(await started.next());
      };
    const measureMemory =
      ({ sandbox, network }: (typeof places)['proxied']) =>
      async (): Promise<number> => {
        const release = server.hold();
        const before = readHeld();
        await using started = await startClient(context, sandbox, { port, count: 0, network });
        await started.next();
        const held = readHeld() - before;
        release();
        await started.exit;
        return held / 1024;
      };
    const rounds = context.quick ? 3 : 15;
    const times = await interleave(
      { proxied: measureTime(places.proxied), direct: measureTime(places.direct) },
      { rounds, warmUps: 1 },
    );
    const heaps = await interleave(
      { proxied: measureMemory(places.proxied), direct: measureMemory(places.direct) },
      { rounds, warmUps: 1 },
    );
    const over = ({ proxied, direct }: { proxied: readonly number[]; direct: readonly number[] }): number[] =>
      proxied.map((value, round) => value - (direct[round] ?? Number.NaN));
    const [ms, kib] = [over(times), over(heaps)];
    return [
      {
        goal: 'time of a request out of the sandbox, over a direct one',
        unit: 'ms',
        measured: spread(ms).median,
        range: { minimum: Math.min(...ms), maximum: Math.max(...ms) },
        limit: { rule: 'at most', value: 2 },
        sides: { proxied: spread(times.proxied), direct: spread(times.direct) },
      },
      {
        goal: 'KiB held while such a request is answered, over a direct one',
        unit: 'count',
        measured: Math.round(spread(kib).median),
        range: { minimum: Math.min(...kib), maximum: Math.max(...kib) },
        limit: { rule: 'at most', value: 1024 },
        sides: { proxied: spread(heaps.proxied, 'count'), direct: spread(heaps.direct, 'count') },
      },
    ];
  },
};
