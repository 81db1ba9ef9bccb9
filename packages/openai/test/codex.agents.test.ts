import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import {
  createTestWorkspace,
  type OverheardRequests,
  overhearRequests,
  type TestWorkspace,
} from '@baton/agent-kit/testing';
import { type CodingAgentRig, codingAgentContract, createManualClock } from '@baton/conformance';
import type { AgentEvent, AgentLimits, AgentSession, ModelPrice, TurnEnd } from '@baton/core';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { LLMock } from '@copilotkit/aimock';
import { describe, expect, it } from 'vitest';
import { codexHome } from '../src/codex/command.js';
import { createCodexAgent } from '../src/index.js';

const cache = process.env['BATON_AGENT_CACHE'];
const program = cache === undefined ? '' : join(cache, 'node_modules/.bin/codex');
const isThere = existsSync(program);
const realKey = 'sk-real-CANARY-0123456789';
const model = 'gpt-5.6-sol';
const price: ModelPrice = { input: 2, output: 10, cachedInput: null };
const usage = { input_tokens: 1000, output_tokens: 50 };
const sandbox = createBubblewrapSandbox({ mode: 'required' });
const readable = cache === undefined ? [] : [join(cache, 'node_modules')];
const unlimited: AgentLimits = { maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: null };

interface Scene extends AsyncDisposable {
  readonly mock: LLMock;
  /** Between Codex and the mock, which keeps requests in a form of its own. */
  readonly model: OverheardRequests;
  readonly workspace: TestWorkspace;
}

async function openScene(): Promise<Scene> {
  const mock = new LLMock({ port: 0, logLevel: 'silent', journalMaxEntries: 0 });
  const model = await overhearRequests(await mock.start());
  const workspace = await createTestWorkspace({ sandbox, readable });
  return {
    mock,
    model,
    workspace,
    async [Symbol.asyncDispose]() {
      await workspace.dispose();
      await model.stop();
      await mock.stop();
    },
  };
}

function createAgent(scene: Scene, clock = createSystemRuntime().clock, prices: ModelPrice | null = price) {
  const baseUrl = `${scene.model.url}/v1`;
  return createCodexAgent({ program, model, baseUrl, key: realKey, price: () => prices, clock });
}

const run = (cmd: string, more: object = {}) => ({
  toolCalls: [{ name: 'exec_command', arguments: JSON.stringify({ cmd, ...more }) }],
  usage,
});

/** A command, and words once it has answered. */
function script(mock: LLMock, deed: string, cmd: string, content = 'Done.'): void {
  mock.on({ userMessage: deed, hasToolResult: false }, run(cmd));
  mock.on({ userMessage: deed, hasToolResult: true }, { content, usage });
}

async function takeTurn(session: AgentSession, prompt: string, limits: Partial<AgentLimits> = {}) {
  const events: AgentEvent[] = [];
  for await (const event of session.run({ prompt, limits: { ...unlimited, ...limits } })) events.push(event);
  return { events, end: events.at(-1) as TurnEnd };
}

const begin = (scene: Scene) =>
  createAgent(scene).start({ workspace: scene.workspace.view, instructions: 'Be careful.' });

describe.runIf(!isThere)('codex, the real program', () => {
  it.skip('skipped: no Codex at $BATON_AGENT_CACHE/node_modules/.bin/codex', () => {});
});

describe.runIf(isThere)('codex, the real program in the real sandbox', () => {
  codingAgentContract(it, async (): Promise<CodingAgentRig> => {
    const scene = await openScene();
    const { mock, workspace } = scene;
    script(mock, 'edit', "printf 'edited\\n' > edited.txt");
    script(mock, 'hang', 'touch hanging; sleep 1000 & sleep 1000');
    script(mock, 'escape', `echo out > ${workspace.outside}/escaped`);
    mock.on({ userMessage: 'enter', hasToolResult: false }, run('cat note.txt', { workdir: 'inner' }));
    mock.on({ userMessage: 'enter', hasToolResult: true }, { content: 'I read it.', usage });
    mock.onMessage('ask', { content: 'I looked.\n\nQUESTION FOR A PERSON: Which of the two?', usage });
    mock.onMessage('fail', { error: { message: 'broken', type: 'server_error' }, status: 500 });
    const clock = createManualClock();
    return {
      createAgent: () => createAgent(scene, clock),
      workspace: workspace.view,
      clock,
      prompts: { edit: 'edit', fail: 'fail', hang: 'hang', ask: 'ask', escape: 'escape', enter: 'enter' },
      edit: {
        path: 'edited.txt',
        content: 'edited\n',
        usage: { inputTokens: 2000, cachedInputTokens: null, outputTokens: 100, microUsd: 5000, basis: 'computed' },
      },
      secrets: [realKey],
      asked: scene.model.asked,
      processes: workspace.processes,
      escaped: async () => (await readdir(workspace.outside)).length > 0,
      dispose: async () => scene[Symbol.asyncDispose](),
    };
  });

  it.each<[string, Partial<AgentLimits>, string]>([
    ['steps', { maxSteps: 3 }, 'max steps'],
    ['tokens', { maxTokens: 30_000 }, 'max tokens'],
    ['money', { maxMicroUsd: 75_000 }, 'max cost'],
  ])('a loop without end stops at its limit in %s', async (_, limits, raw) => {
    await using scene = await openScene();
    let calls = 0;
    scene.mock.on({ predicate: () => true }, () => {
      calls += 1;
      return run(`echo ${calls}`);
    });
    const session = await begin(scene);
    const { end } = await takeTurn(session, 'loop', limits);
    expect(end.outcome).toEqual({ unified: 'limit-reached', raw });
    expect(calls).toBeGreaterThan(1);
    expect(calls).toBeLessThanOrEqual(limits.maxSteps ?? 30);
    expect((end.usage.inputTokens ?? 0) + (end.usage.outputTokens ?? 0)).toBe(calls * 1050);
    expect(end.usage.microUsd).toBe(calls * 2500);
    expect(calls * 1050).toBeLessThanOrEqual(limits.maxTokens ?? Number.POSITIVE_INFINITY);
    expect(calls * 2500).toBeLessThanOrEqual(limits.maxMicroUsd ?? Number.POSITIVE_INFINITY);
    expect(await scene.workspace.processes()).toEqual([]);
  });

  it('goes on in another process with what was said, and anew where that is gone', async () => {
    await using scene = await openScene();
    script(scene.mock, 'edit', 'echo one > one.txt');
    const first = await takeTurn(await begin(scene), 'edit the first');
    const checkpoint = first.events.findLast((event) => event.type === 'checkpoint');
    if (checkpoint === undefined) return expect.fail('no checkpoint');
    const request = { workspace: scene.workspace.view, instructions: 'Be careful.', state: checkpoint.state };
    scene.mock.clearRequests();
    const resumed = await createAgent(scene).resume?.(request);
    if (resumed === undefined) return expect.fail('no resume');
    expect((await takeTurn(resumed, 'edit again')).end.usage.inputTokens).toBe(2000);
    expect(JSON.stringify(scene.mock.getRequests()[0]?.body)).toContain('edit the first');

    await scene.workspace.view.exec({ argv: ['rm', '-rf', join(scene.workspace.view.scratch, 'codex')] });
    scene.mock.clearRequests();
    const anew = await createAgent(scene).resume?.(request);
    if (anew === undefined) return expect.fail('no resume');
    expect((await takeTurn(anew, 'edit anew')).end.outcome.unified).toBe('done');
    expect(JSON.stringify(scene.mock.getRequests()[0]?.body)).not.toContain('edit the first');
  });

  it('shows no key inside, and tells the model its instructions', async () => {
    await using scene = await openScene();
    const look = `cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n' > seen.txt; env >> seen.txt; grep -rsh . "$CODEX_HOME" ../scratch >> seen.txt; ls -la / /run /home >> seen.txt 2>&1; true`;
    script(scene.mock, 'look', look);
    const session = await begin(scene);
    const { end, events } = await takeTurn(session, 'look around');
    expect(end.outcome.unified).toBe('done');
    const seen = new TextDecoder().decode((await scene.workspace.view.readFile('seen.txt')) ?? new Uint8Array());
    expect(seen).toContain('CODEX_HOME=');
    expect(seen).not.toContain(realKey);
    expect(JSON.stringify(events)).not.toContain(realKey);
    expect(JSON.stringify(scene.mock.getRequests()[0]?.body)).toContain('Be careful.');
  });

  it('heeds no configuration, hooks or servers of the repository', async () => {
    await using scene = await openScene();
    const { view } = scene.workspace;
    const program = '#!/bin/sh\ntouch "$PWD/planted" /tmp/planted\n';
    await view.writeFile('evil.sh', program);
    await view.exec({ argv: ['chmod', '+x', 'evil.sh'] });
    await view.writeFile(
      '.codex/config.toml',
      `model = "gpt-evil"\nnotify = ["${view.root}/evil.sh"]\n[mcp_servers.evil]\ncommand = "${view.root}/evil.sh"\n`,
    );
    const hook = { hooks: [{ type: 'command', command: `${view.root}/evil.sh` }] };
    const hooks = JSON.stringify({ hooks: { SessionStart: [hook], PreToolUse: [hook], Stop: [hook] } });
    await view.writeFile('.codex/hooks.json', hooks);
    script(scene.mock, 'edit', 'echo one > one.txt');
    const { end } = await takeTurn(await begin(scene), 'edit it');
    expect(end.outcome.unified).toBe('done');
    expect(await view.readFile('one.txt')).not.toBeNull();
    expect(await view.readFile('planted')).toBeNull();
  });

  it('tells the model no words to agents of a clone, nor those that an earlier turn left in its home', async () => {
    await using scene = await openScene();
    const { view } = scene.workspace;
    const places = [view.root, codexHome(view.scratch)];
    const planted = places.flatMap((place) =>
      ['AGENTS.md', 'inner/AGENTS.md', '.agents/skills/planted/SKILL.md', 'skills/planted/SKILL.md'].map((path) =>
        join(place, path),
      ),
    );
    for (const path of planted) {
      await mkdir(dirname(path), { recursive: true });
      const mark = `planted ${planted.indexOf(path)} words`;
      await writeFile(path, `---\nname: planted\ndescription: ${mark}\n---\n${mark}\n`);
    }
    await view.writeFile('.git/HEAD', 'ref: refs/heads/main\n');
    script(scene.mock, 'edit', 'cd inner && echo one > one.txt');
    const { end } = await takeTurn(await begin(scene), 'edit it');
    expect(end.outcome.unified).toBe('done');
    const asked = scene.model.asked().join('\n');
    expect(planted.filter((_, index) => asked.includes(`planted ${index} words`))).toEqual([]);
  });

  it('a usage limit with an instant, and a refused key, are unavailable', async () => {
    await using scene = await openScene();
    scene.mock.onMessage('limit', { error: { message: 'Wait.' }, status: 429, retryAfter: 3600 });
    scene.mock.onMessage('key', { error: { message: 'Incorrect API key' }, status: 401 });
    const session = await begin(scene);
    const limit = await takeTurn(session, 'limit');
    expect(limit.end).toMatchObject({ outcome: { unified: 'unavailable', raw: 'RATE_LIMITED' } });
    expect((limit.end.retryAt ?? 0) - Date.now()).toBeGreaterThan(3_500_000);
    const key = await takeTurn(session, 'key');
    expect(key.end).toMatchObject({ outcome: { unified: 'unavailable', raw: 'AUTH_FAILED' } });
    expect(key.end.summary).toContain('OPENAI_API_KEY');
  });

  it('is found by diagnose', async () => {
    const { clock } = createSystemRuntime();
    const lines = [];
    const agent = createCodexAgent({ program, key: realKey, price: () => null, clock, sandbox });
    for await (const line of agent.diagnose?.() ?? []) lines.push(`${line.check} ${line.ok} ${line.detail}`);
    expect(lines[0]).toMatch(/^codex true Version \d/);
    expect(lines[1]).toMatch(/^key true/);
  });
});
