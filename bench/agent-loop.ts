import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createClaudeAgent } from '@baton/claude';
import type { TurnEnd, WorkspaceView } from '@baton/core';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import type { Finding } from './finding.ts';
import { interleave, spread } from './measure.ts';
import { readHeap } from './read-heap.ts';

const steps = 30;
const model = 'claude-sonnet-5-5';
/** What the provider charges for tokens of the cache, as a share of other input. */
const readShare = 0.1;
const writeShare = 1.25;

interface MessagesBody {
  readonly tools?: readonly object[];
  readonly system?: readonly object[];
  readonly messages: readonly { readonly role: string; readonly content: string | readonly object[] }[];
}

/** Tokens of one call: what the whole of it takes, and how much of that the cache knew. */
interface CallTokens {
  readonly read: number;
  readonly written: number;
  readonly other: number;
}

/** The Messages API with a model that reads the same file, part by part, and then ends. */
interface MockModel extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly CallTokens[];
}

/** Blocks without their marks, and where the marks stand. */
function mapBlocks({ tools = [], system = [], messages }: MessagesBody) {
  const said = messages.flatMap(({ content }) => (typeof content === 'string' ? [{ text: content }] : content));
  const blocks = [...tools, ...system, ...said];
  return {
    bare: blocks.map((block) => JSON.stringify({ ...block, cache_control: undefined })),
    marks: blocks.flatMap((block, index) => ('cache_control' in block ? [index + 1] : [])),
  };
}

/** Finds a prefix again from a mark at most 20 blocks behind it, as the provider documents it. */
function createCache(): (body: MessagesBody) => CallTokens {
  const known = new Set<string>();
  return (body) => {
    const { bare, marks } = mapBlocks(body);
    const tokensTo = (end: number): number => Math.ceil(bare.slice(0, end).join('').length / 4);
    const prefix = (end: number): string => bare.slice(0, end).join('\n');
    let read = 0;
    for (const mark of marks) {
      for (let end = mark; end > Math.max(read, mark - 20); end -= 1) if (known.has(prefix(end))) read = end;
    }
    for (const mark of marks) known.add(prefix(mark));
    const last = Math.max(0, ...marks);
    return {
      read: tokensTo(read),
      written: tokensTo(last) - tokensTo(read),
      other: tokensTo(bare.length) - tokensTo(last),
    };
  };
}

async function startMock(linesAtOnce: number, withCache: boolean): Promise<MockModel> {
  const calls: CallTokens[] = [];
  const cache = createCache();
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: MessagesBody = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      const tokens = withCache ? cache(body) : { read: 0, written: 0, other: 100 };
      calls.push(tokens);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of mapReply(calls.length, linesAtOnce, tokens)) {
        response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function mapReply(
  call: number,
  lines: number,
  tokens: CallTokens,
): readonly { type: string; [key: string]: unknown }[] {
  const usage = {
    input_tokens: tokens.other,
    cache_read_input_tokens: tokens.read,
    cache_creation_input_tokens: tokens.written,
    output_tokens: 50,
  };
  const input = { path: 'file.txt', start_line: call, end_line: call + lines - 1 };
  const isLast = call >= steps;
  const tool = [
    {
      type: 'content_block_start',
      index: 1,
      content_block: { type: 'tool_use', id: `t${call}`, name: 'read_file', input: {} },
    },
    { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: JSON.stringify(input) } },
    { type: 'content_block_stop', index: 1 },
  ];
  return [
    { type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', content: [], model, usage } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: `I read part ${call}.` } },
    { type: 'content_block_stop', index: 0 },
    ...(isLast ? [] : tool),
    { type: 'message_delta', delta: { stop_reason: isLast ? 'end_turn' : 'tool_use' }, usage: { output_tokens: 50 } },
    { type: 'message_stop' },
  ];
}

async function openView(disk: string): Promise<WorkspaceView> {
  const root = join(disk, 'root');
  const scratch = join(disk, 'scratch');
  for (const folder of [root, scratch]) await mkdir(folder, { recursive: true });
  const text = Array.from({ length: 2_000 }, (_, index) => `${index}: a line of a file that a model looks at\n`).join(
    '',
  );
  await writeFile(join(root, 'file.txt'), text);
  const refuse = (): never => {
    throw new Error('Nothing is run here.');
  };
  return {
    root,
    scratch,
    exec: refuse,
    spawn: refuse,
    writeFile: refuse,
    readFile: (path) => readFile(join(root, path)),
  };
}

/** What one side took: the time of all its calls, and the heap that its conversation holds. */
interface Taken {
  readonly ms: number;
  readonly heapBytes: number;
}

async function runAgent(
  view: WorkspaceView,
  url: string,
  signal: AbortSignal,
): Promise<Taken & { readonly end: TurnEnd }> {
  const before = readHeap();
  const begun = performance.now();
  const agent = createClaudeAgent({ model, apiKey: 'none', baseUrl: url, clock: createSystemRuntime().clock });
  const session = await agent.start({ workspace: view, instructions: 'Work well.' });
  const limits = { maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: null };
  let end: TurnEnd | null = null;
  for await (const event of session.run({ prompt: 'Read the file.', limits }, { signal })) {
    if (event.type === 'turn-end') end = event;
  }
  const ms = performance.now() - begun;
  const heapBytes = readHeap() - before;
  await session.close();
  if (end?.outcome.unified !== 'done') throw new Error(`The turn ended as ${end?.outcome.raw ?? 'nothing'}.`);
  return { ms, heapBytes, end };
}

/** The same conversation by the SDK alone, as one writes it by hand. */
async function runBare(view: WorkspaceView, url: string, signal: AbortSignal): Promise<Taken> {
  const before = readHeap();
  const begun = performance.now();
  const client = new Anthropic({ apiKey: 'none', baseURL: url, maxRetries: 0 });
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Read the file.' }];
  const tools: Anthropic.Tool[] = [
    { name: 'read_file', description: 'Reads a file.', input_schema: { type: 'object' } },
  ];
  for (;;) {
    const request = { model, max_tokens: 16_384, system: 'Work well.', tools, messages };
    const message = await client.messages.stream(request, { signal }).finalMessage();
    messages.push({ role: 'assistant', content: message.content });
    const calls = message.content.filter((block) => block.type === 'tool_use');
    if (calls.length === 0) break;
    const text = new TextDecoder().decode((await view.readFile('file.txt')) ?? undefined);
    const lines = text.split('\n').slice(0, 20).join('\n');
    const results = calls.map((call) => ({ type: 'tool_result' as const, tool_use_id: call.id, content: lines }));
    messages.push({ role: 'user', content: results });
  }
  const ms = performance.now() - begun;
  const heapBytes = readHeap() - before;
  if (messages.length < steps) throw new Error('The bare conversation ended early.');
  return { ms, heapBytes };
}

async function measureOverhead({ quick, disk, signal }: BenchmarkContext): Promise<readonly Finding[]> {
  const view = await openView(disk);
  const heaps = { agent: [] as number[], bare: [] as number[] };
  const side = (name: keyof typeof heaps, run: (url: string) => Promise<Taken>) => async (round: number) => {
    await using mock = await startMock(20, false);
    const { ms, heapBytes } = await run(mock.url);
    // The first round loads what both need.
    if (round > 0) heaps[name].push(heapBytes / 1024 / steps);
    return ms / steps;
  };
  const values = await interleave(
    {
      agent: side('agent', (url) => runAgent(view, url, signal)),
      bare: side('bare', (url) => runBare(view, url, signal)),
    },
    { rounds: quick ? 5 : 15 },
  );
  const over = (ours: readonly number[], theirs: readonly number[]) =>
    ours.map((value, round) => value - (theirs[round] ?? Number.NaN));
  const ms = over(values.agent, values.bare);
  const heap = over(heaps.agent, heaps.bare);
  return [
    {
      goal: "the loop's own time a model call, over the bare SDK",
      unit: 'ms',
      measured: spread(ms).median,
      range: { minimum: Math.min(...ms), maximum: Math.max(...ms) },
      limit: { rule: 'at most', value: 5 },
      sides: { agent: spread(values.agent), 'bare SDK': spread(values.bare) },
    },
    {
      goal: 'KiB of heap that the loop holds a model call, over the bare SDK',
      unit: 'count',
      measured: Math.round(spread(heap).median),
      range: { minimum: Math.min(...heap), maximum: Math.max(...heap) },
      limit: { rule: 'at most', value: 1024 },
      sides: { agent: spread(heaps.agent, 'count'), 'bare SDK': spread(heaps.bare, 'count') },
    },
  ];
}

/** What a session of thirty steps sends, against one that neither marks anything nor leaves anything out. */
async function measureTokens({ disk, signal }: BenchmarkContext): Promise<readonly Finding[]> {
  const view = await openView(disk);
  const findings: Finding[] = [];
  for (const [size, lines] of [
    ['short', 40],
    ['long', 600],
  ] as const) {
    await using mock = await startMock(lines, true);
    const { end } = await runAgent(view, mock.url, signal);
    const totals = mock.calls.map(({ read, written, other }) => read + written + other);
    const input = end.usage.inputTokens ?? Number.NaN;
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const charged = sum(mock.calls.map((call) => call.read * readShare + call.written * writeShare + call.other));
    // Without trimming each call would grow by what the first ones grew by.
    const growth = ((totals[5] ?? 0) - (totals[1] ?? 0)) / 4;
    const untrimmed = sum(totals.map((_, step) => (totals[0] ?? 0) + growth * step));
    const one = (value: number) => spread([value], 'count');
    const finding = (goal: string, measured: number, limit: number | null, sides: Finding['sides']): Finding => ({
      goal: `${goal}, ${size} outputs`,
      unit: 'ratio',
      measured,
      range: null,
      limit: limit === null ? null : { rule: 'at most', value: limit },
      sides,
    });
    const missed = input - (end.usage.cachedInputTokens ?? 0);
    findings.push(
      finding('input not read from the cache : all input', missed / input, 0.4, {
        missed: one(missed),
        input: one(input),
      }),
      finding('input sent : without trimming', input / untrimmed, null, {
        sent: one(input),
        untrimmed: one(untrimmed),
      }),
      finding('input as charged : without caching and trimming', charged / untrimmed, null, {
        charged: one(charged),
        untrimmed: one(untrimmed),
      }),
    );
  }
  return findings;
}

/** The loop around a model: its own cost a call, and the tokens that it sends. */
export const agentLoop: Benchmark = {
  name: 'agent-loop',
  async run(context) {
    return [...(await measureOverhead(context)), ...(await measureTokens(context))];
  },
};
