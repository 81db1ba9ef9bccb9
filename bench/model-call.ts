import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestOptions, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createModelProxy } from '@baton/model-proxy';
import type { Benchmark } from './benchmark.ts';
import { interleave, spread } from './measure.ts';
import { readHeld } from './read-heap.ts';

const model = 'claude-sonnet-5-5';
const callsARound = 20;
const events = 200;
/** Where an answer that is measured under way stands still. */
const heldAt = 100;

const body = JSON.stringify({
  model,
  max_tokens: 1000,
  stream: true,
  messages: Array.from({ length: 100 }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: [{ type: 'text', text: 'a line of what was said before\n'.repeat(33) }],
  })),
});

/** The Messages API with a model that says the same each time, and can be made to stop in between. */
interface MockModel extends AsyncDisposable {
  readonly origin: string;
  /** Further answers stand still until what this gives back is called. */
  hold(): () => void;
}

async function startMock(): Promise<MockModel> {
  let held: Promise<void> | null = null;
  const answer = async (response: ServerResponse): Promise<void> => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let index = 0; index < events; index += 1) {
      if (index === heldAt && held !== null) await held;
      const usage = { input_tokens: 25_000, output_tokens: index };
      const delta = { type: 'text_delta', text: 'a few words ' };
      const event =
        index === 0 ? { type: 'message_start', message: { usage } } : { type: 'content_block_delta', delta };
      response.write(`data: ${JSON.stringify(event)}\n\n`);
    }
    response.end('data: {"type":"message_delta","usage":{"output_tokens":600}}\n\ndata: {"type":"message_stop"}\n\n');
  };
  const server = createServer((asked, response) => {
    asked.resume();
    asked.on('end', () => void answer(response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold() {
      let release: () => void = () => {};
      held = new Promise((resolve) => {
        release = resolve;
      });
      return () => {
        held = null;
        release();
      };
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function ask(place: RequestOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const outgoing = request({ ...place, method: 'POST', path: '/v1/messages', agent: false, signal });
  outgoing.end(body);
  const [answer]: IncomingMessage[] = await once(outgoing, 'response');
  if (answer?.statusCode !== 200) throw new Error(`The call was answered by ${answer?.statusCode ?? 'nothing'}.`);
  return answer;
}

async function readAll(answer: IncomingMessage): Promise<void> {
  let last = '';
  for await (const chunk of answer) last = String(chunk);
  if (!last.includes('message_stop')) throw new Error('The answer ended before its end.');
}

/** What standing between an agent and its model costs a call. */
export const modelCall: Benchmark = {
  name: 'model-call',
  async run({ disk, quick, signal }) {
    const scratch = join(disk, 'scratch');
    await mkdir(scratch);
    await using mock = await startMock();
    const proxy = createModelProxy({
      ...{ adapter: 'bench', protocol: 'anthropic-messages', baseUrl: mock.origin, key: 'sk-bench-0123456789' },
      ...{ models: [model], price: () => null, clock: createSystemRuntime().clock },
    });
    const channel = await proxy.open({ scratch }, { signal });
    channel.beginTurn({ maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: null });
    const [socket = ''] = await readdir(scratch);
    const headers = { host: '127.0.0.1', 'content-type': 'application/json', 'x-api-key': channel.placeholder };
    const { hostname, port } = new URL(mock.origin);
    const places = {
      proxied: { socketPath: join(scratch, socket), headers },
      direct: { hostname, port, headers },
    } as const;
    const measureTime = (place: RequestOptions) => async (): Promise<number> => {
      const begun = performance.now();
      for (let calls = 0; calls < callsARound; calls += 1) await readAll(await ask(place, signal));
      return (performance.now() - begun) / callsARound;
    };
    const measureMemory = (place: RequestOptions) => async (): Promise<number> => {
      const before = readHeld();
      const release = mock.hold();
      const answer = await ask(place, signal);
      await once(answer, 'readable');
      const held = readHeld() - before;
      release();
      await readAll(answer);
      return held / 1024;
    };
    const rounds = quick ? 5 : 25;
    try {
      const times = await interleave(
        { proxied: measureTime(places.proxied), direct: measureTime(places.direct) },
        { rounds, warmUps: 3 },
      );
      const heaps = await interleave(
        { proxied: measureMemory(places.proxied), direct: measureMemory(places.direct) },
        { rounds, warmUps: 3 },
      );
      const over = ({ proxied, direct }: { proxied: readonly number[]; direct: readonly number[] }): number[] =>
        proxied.map((value, round) => value - (direct[round] ?? Number.NaN));
      const [ms, kib] = [over(times), over(heaps)];
      return [
        {
          goal: 'time of a call to a model through the proxy, over a direct one',
          unit: 'ms',
          measured: spread(ms).median,
          range: { minimum: Math.min(...ms), maximum: Math.max(...ms) },
          limit: { rule: 'at most', value: 2 },
          sides: { proxied: spread(times.proxied), direct: spread(times.direct) },
        },
        {
          goal: 'KiB held while such a call is answered, over a direct one',
          unit: 'count',
          measured: Math.round(spread(kib).median),
          range: { minimum: Math.min(...kib), maximum: Math.max(...kib) },
          limit: { rule: 'at most', value: 1024 },
          sides: { proxied: spread(heaps.proxied, 'count'), direct: spread(heaps.direct, 'count') },
        },
      ];
    } finally {
      await channel.close();
    }
  },
};
