import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createTestWorkspace, type TestWorkspace } from '@baton/agent-kit/testing';
import { createManualClock } from '@baton/conformance';
import type { AgentLimits, Clock, JsonValue } from '@baton/core';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AgentTurnItem,
  createModelProxy,
  type LaunchFiles,
  type ModelChannel,
  type RunningAgentTurn,
  runAgentTurn,
} from '../../src/index.js';
import { realKey, unlimited } from '../open-channel.js';
import { anthropicEvents, mapEvents, startUpstream, type UpstreamMock } from '../upstream-mock.js';

const node = process.execPath;
/** Asks the model so many times, and prints each status. */
const asking = (times: number, then = '') => `
  const ask = () => fetch(process.env.BASE + '/v1/messages', {
    method: 'POST',
    headers: { 'x-api-key': process.env.KEY, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', max_tokens: 10, messages: [] }),
  }).then(async (answer) => { await answer.text(); console.log(JSON.stringify({ status: answer.status })); });
  (async () => { for (let i = 0; i < ${times}; i++) await ask(); ${then} })();`;

describe('runAgentTurn', () => {
  let workspace: TestWorkspace;
  let upstream: UpstreamMock;
  const system = createSystemRuntime().clock;
  beforeEach(async () => {
    workspace = await createTestWorkspace({ sandbox: createBubblewrapSandbox({ mode: 'off' }) });
    upstream = await startUpstream();
    upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(mapEvents(anthropicEvents('hello')));
    });
  });
  afterEach(async () => {
    await workspace.dispose();
    await upstream[Symbol.asyncDispose]();
  });

  const begin = (
    argv: readonly [string, ...string[]],
    options: {
      readonly limits?: Partial<AgentLimits>;
      readonly clock?: Clock;
      readonly signal?: AbortSignal;
      readonly input?: string;
      readonly place?: TestWorkspace;
      readonly files?: LaunchFiles;
      isLast?(line: JsonValue): boolean;
    } = {},
  ): RunningAgentTurn => {
    const clock = options.clock ?? system;
    const proxy = createModelProxy({
      adapter: 'test-agent',
      protocol: 'anthropic-messages',
      baseUrl: upstream.url,
      key: realKey,
      models: null,
      price: () => null,
      clock,
    });
    return runAgentTurn({
      proxy,
      workspace: (options.place ?? workspace).view,
      command: (channel: ModelChannel) => ({
        command: { argv, env: { BASE: channel.endpoint, KEY: channel.placeholder } },
        ...(options.files ? { files: options.files } : {}),
      }),
      input: options.input ?? '',
      limits: { ...unlimited, ...options.limits },
      clock,
      signal: options.signal ?? new AbortController().signal,
      ...(options.isLast ? { isLast: options.isLast } : {}),
    });
  };
  const collect = async (run: RunningAgentTurn) => {
    const items: AgentTurnItem[] = [];
    for await (const item of run.items) items.push(item);
    return { items, end: await run.ended };
  };
  const checkNothingLeft = async (): Promise<void> => {
    expect(await workspace.processes()).toEqual([]);
    expect(await readdir(workspace.view.scratch)).toEqual([]);
  };

  it('hands prompt, streams and exit code through the launcher, and leaves nothing', async () => {
    const script = 'read -r line; echo "{\\"said\\":\\"$line\\"}"; echo plain; echo oops >&2; exit 7';
    const { items, end } = await collect(begin(['sh', '-c', script], { input: 'a prompt\n' }));
    expect(items).toEqual([
      { type: 'line', value: { said: 'a prompt' } },
      { type: 'noise', text: 'plain' },
    ]);
    expect(end).toMatchObject({ by: 'exit', exitCode: 7, detail: 'oops\n', passed: null, failure: null });
    await checkNothingLeft();
  });

  it('gives the agent its model, and refuses the call past the limit', async () => {
    const run = begin([node, '-e', asking(3)], { limits: { maxSteps: 2 } });
    const { items, end } = await collect(run);
    const statuses = items.flatMap((item) => (item.type === 'line' ? [item.value] : []));
    expect(statuses).toEqual([{ status: 200 }, { status: 200 }, { status: 403 }]);
    expect(items.filter((item) => item.type === 'usage')).toHaveLength(2);
    expect(end).toMatchObject({ by: 'exit', exitCode: 0, passed: 'max steps', usage: { inputTokens: 200 } });
    expect(upstream.seen).toHaveLength(2);
    await checkNothingLeft();
  });

  it('ends an agent that goes on after a refused call, when its time is over', async () => {
    const clock = createManualClock();
    const run = begin([node, '-e', asking(1, 'setInterval(() => {}, 1000)')], { limits: { maxSteps: 0 }, clock });
    const [first] = await take(run, 1);
    expect(first).toEqual({ type: 'line', value: { status: 403 } });
    clock.advance(5_000);
    expect(await run.ended).toMatchObject({ by: 'limit', passed: 'max steps', signal: 'SIGKILL' });
    expect(clock.sleeping).toBe(0);
    await checkNothingLeft();
  });

  it('ends an agent that never ends, soon after its last line', async () => {
    const clock = createManualClock();
    const isLast = (line: JsonValue): boolean => JSON.stringify(line) === '{"last":true}';
    const run = begin(['sh', '-c', `echo '{"last":true}'; trap '' TERM; sleep 1000`], { clock, isLast });
    await take(run, 1);
    clock.advance(5_000);
    expect(await run.ended).toMatchObject({ by: 'exit', exitCode: null });
    expect(clock.sleeping).toBe(0);
    await checkNothingLeft();
  });

  it('ends at the deadline, with everything that the agent began (G11)', async () => {
    const clock = createManualClock();
    const script = `(setsid sh -c "trap '' TERM HUP; sleep 1000" &); echo '{}'; sleep 1000`;
    const run = begin(['sh', '-c', script], { clock, limits: { deadline: clock.now() + 60_000 } });
    await take(run, 1);
    clock.advance(60_000);
    expect(await run.ended).toMatchObject({ by: 'deadline' });
    expect(clock.sleeping).toBe(0);
    await checkNothingLeft();
  });

  it('cuts a call to the model that is under way at the deadline, and counts it', async () => {
    const clock = createManualClock();
    upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(mapEvents(anthropicEvents('x'.repeat(300)).slice(0, 3)), () => clock.advance(60_000));
    });
    const { end } = await collect(
      begin([node, '-e', asking(1)], { clock, limits: { deadline: clock.now() + 60_000 } }),
    );
    expect(end).toMatchObject({ by: 'deadline', usage: { inputTokens: 100 } });
    await upstream.seen[0]?.closed;
    await checkNothingLeft();
  });

  it('has counted a call to the model that was under way at an abort', async () => {
    const aborting = new AbortController();
    const reason = new Error('it said nothing');
    upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(mapEvents(anthropicEvents('x'.repeat(300)).slice(0, 3)), () => aborting.abort(reason));
    });
    const run = begin([node, '-e', asking(1)], { signal: aborting.signal });
    await expect(run.ended).rejects.toBe(reason);
    expect(run.usage()).toMatchObject({ inputTokens: 100 });
    await checkNothingLeft();
  });

  it('rejects with the reason of an abort, taken or not, and leaves nothing', async () => {
    const aborting = new AbortController();
    const run = begin(['sh', '-c', `yes '{}'`], { signal: aborting.signal });
    await take(run, 1);
    const reason = new Error('changed my mind');
    aborting.abort(reason);
    await expect(run.ended).rejects.toBe(reason);
    await checkNothingLeft();
  });

  it('ends an agent that prints a line without end, by name and within bounded memory', async () => {
    const run = begin(['sh', '-c', `yes x | tr -d '\\n'`]);
    const before = process.memoryUsage().rss;
    for await (const _item of run.items);
    const detail = 'The agent printed a line of more than 16777216 bytes.';
    expect(await run.ended).toMatchObject({ by: 'flood', detail });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 ** 2);
    await checkNothingLeft();
  });

  it('takes a line of more values than anybody tells in one for noise', async () => {
    const many = `[${'{},'.repeat(100_000)}{}]`;
    const { items } = await collect(begin(['cat'], { input: `${many}\n{"a":1}` }));
    expect(items).toMatchObject([{ type: 'noise' }, { type: 'line', value: { a: 1 } }]);
  });

  it('takes lines that are nested past all reason for noise', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const { items } = await collect(begin(['cat'], { input: `${deep}\n{"a":1}` }));
    expect(items).toEqual([
      { type: 'noise', text: '['.repeat(500) },
      { type: 'line', value: { a: 1 } },
    ]);
  });

  it('loses no line to a reader who is slow, and none that was split within a character', async () => {
    const script = `for (let i = 0; i < 2000; i++) process.stdout.write(JSON.stringify({ i, text: 'ä€😀'.repeat(50) }) + '\\n');`;
    const run = begin([node, '-e', script]);
    let count = 0;
    for await (const item of run.items) {
      if (count % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(item).toEqual({ type: 'line', value: { i: count++, text: 'ä€😀'.repeat(50) } });
    }
    expect(count).toBe(2000);
  });

  it('says that the program is not there', async () => {
    const { end } = await collect(begin(['no-such-agent-anywhere']));
    expect(end).toMatchObject({ by: 'start', detail: 'no-such-agent-anywhere: ENOENT' });
    await checkNothingLeft();
  });

  it('ends as its agent ends by a signal', async () => {
    const { end } = await collect(begin(['sh', '-c', 'kill -9 $$']));
    expect(end).toMatchObject({ by: 'exit', exitCode: null, signal: 'SIGKILL' });
  });

  it('ends when the agent kills its launcher, and leaves nothing', async () => {
    const { end } = await collect(begin(['sh', '-c', 'kill -9 $PPID; sleep 1000']));
    expect(end).toMatchObject({ by: 'exit', exitCode: null, signal: 'SIGKILL' });
    await checkNothingLeft();
  });

  it('writes files inside, with the port filled in, over links that stand in their place', async () => {
    const { scratch } = workspace.view;
    const target = join(workspace.outside, 'target');
    await writeFile(target, 'untouched');
    await symlink(target, join(scratch, 'settings.json'));
    const files = { [join(scratch, 'settings.json')]: 'new' };
    const script = `cat "${scratch}/settings.json" >&2; rm "${scratch}/settings.json"; cat "${target}" >&2`;
    const { end } = await collect(begin(['sh', '-c', script], { files }));
    expect(end).toMatchObject({ exitCode: 0, detail: 'newuntouched' });
  });

  it('leaves nothing where nothing may stand, and writes what is longer than an argument may be', async () => {
    const { scratch } = workspace.view;
    await mkdir(join(scratch, 'config/deep'), { recursive: true });
    const long = '"\u{1f3bc}\n'.repeat(30_000);
    const files = { [join(scratch, 'config')]: null, [join(scratch, 'long.md')]: long };
    const script = `[ -e "${scratch}/config" ] && echo there >&2; wc -c < "${scratch}/long.md" >&2; rm "${scratch}/long.md"`;
    const { end } = await collect(begin(['sh', '-c', script], { files }));
    expect(end).toMatchObject({ exitCode: 0, detail: '180000\n' });
  });

  it('reaches the model from a directory whose path is too long for a socket', async () => {
    const deep = await createTestWorkspace({
      sandbox: createBubblewrapSandbox({ mode: 'off' }),
      scratchPathLength: 150,
    });
    try {
      expect(deep.view.scratch.length).toBeGreaterThan(150);
      const { items, end } = await collect(begin([node, '-e', asking(1)], { place: deep }));
      expect(items).toContainEqual({ type: 'line', value: { status: 200 } });
      expect(end).toMatchObject({ exitCode: 0 });
      expect(await readdir(deep.view.scratch)).toEqual([]);
    } finally {
      await deep.dispose();
    }
  });
});

async function take(run: RunningAgentTurn, count: number): Promise<readonly AgentTurnItem[]> {
  const items: AgentTurnItem[] = [];
  const iterator = run.items[Symbol.asyncIterator]();
  while (items.length < count) {
    const step = await iterator.next();
    if (step.done === true) break;
    items.push(step.value);
  }
  return items;
}
