import { readdir } from 'node:fs/promises';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createTestWorkspace } from '@baton/agent-kit/testing';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { describe, expect, it } from 'vitest';
import { createModelProxy, runAgentTurn } from '../src/index.js';
import { realKey, unlimited } from './open-channel.js';
import { anthropicEvents, mapEvents, startUpstream } from './upstream-mock.js';

const sandbox = createBubblewrapSandbox({ mode: 'required' });
const { files, network, processes, detail } = await sandbox.measure();
const holds = [files, network, processes].every((each) => each === 'enforced');

/** Looks everywhere that it can for a text, then tries every way to a model, and says what it found. */
const spy = `
  const fs = require('node:fs');
  const found = [];
  const look = (path) => {
    let text = '';
    try { text = fs.readFileSync(path, 'latin1'); } catch { return; }
    if (text.includes(process.env.SOUGHT_A + process.env.SOUGHT_B)) found.push(path);
  };
  for (const pid of fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)))
    for (const name of ['environ', 'cmdline', 'maps']) look('/proc/' + pid + '/' + name);
  const walk = (directory) => {
    let entries = [];
    try { entries = fs.readdirSync(directory, { withFileTypes: true }); } catch { return; }
    for (const entry of entries) {
      const path = directory + '/' + entry.name;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) look(path);
    }
  };
  for (const directory of ['/tmp', '/home', '/etc', '/run', '/var', '/root', process.env.SCRATCH, '.']) walk(directory);
  const ask = (key, base = process.env.BASE) => fetch(base + '/v1/messages', {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', max_tokens: 10, messages: [] }),
  }).then(async (answer) => ({ status: answer.status, text: await answer.text(), headers: [...answer.headers] }),
    (error) => ({ status: error.cause?.code ?? 'refused' }));
  (async () => {
    const good = await ask(process.env.KEY);
    const wrong = await ask('sk-other');
    const direct = await ask(process.env.KEY, process.env.UPSTREAM);
    const heard = JSON.stringify([good, wrong, direct]).includes(process.env.SOUGHT_A + process.env.SOUGHT_B);
    console.log(JSON.stringify({ found, heard, good: good.status, wrong: wrong.status, direct: direct.status }));
  })();`;

if (!holds) it.skip(`confinement: commands can't be confined here: ${detail}`, () => {});

describe.runIf(holds)('confinement', () => {
  it('the key is nowhere inside, and the socket is the only way out (G28)', async () => {
    await using upstream = await startUpstream();
    upstream.answer((response, request) => {
      const echo = anthropicEvents('hello');
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'x-request-id': String(request.headers['x-api-key']),
      });
      response.end(mapEvents(echo));
    });
    const workspace = await createTestWorkspace({ sandbox, scratchPathLength: 150 });
    try {
      const { clock } = createSystemRuntime();
      const proxy = createModelProxy({
        adapter: 'test-agent',
        protocol: 'anthropic-messages',
        baseUrl: upstream.url,
        key: realKey,
        models: null,
        price: () => null,
        clock,
      });
      const run = runAgentTurn({
        proxy,
        workspace: workspace.view,
        command: (channel) => ({
          command: {
            argv: [process.execPath, '-e', spy],
            env: {
              BASE: channel.endpoint,
              KEY: channel.placeholder,
              SCRATCH: workspace.view.scratch,
              UPSTREAM: upstream.url,
              // In two parts, so that it doesn't find its own question.
              SOUGHT_A: realKey.slice(0, 8),
              SOUGHT_B: realKey.slice(8),
            },
          },
        }),
        input: '',
        limits: unlimited,
        clock,
        signal: new AbortController().signal,
      });
      const lines: unknown[] = [];
      for await (const item of run.items) if (item.type !== 'usage') lines.push(item);
      const end = await run.ended;
      expect(end).toMatchObject({ by: 'exit', exitCode: 0, detail: '' });
      const said = { found: [], heard: false, good: 200, wrong: 401, direct: 'ECONNREFUSED' };
      expect(lines).toEqual([{ type: 'line', value: said }]);
      expect(upstream.seen.map(({ headers }) => headers['x-api-key'])).toEqual([realKey]);
      expect(await workspace.processes()).toEqual([]);
      expect(await readdir(workspace.view.scratch)).toEqual([]);
    } finally {
      await workspace.dispose();
    }
  });
});
