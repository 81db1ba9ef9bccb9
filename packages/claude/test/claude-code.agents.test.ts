import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createTestWorkspace, type TestWorkspace } from '@baton/agent-kit/testing';
import { type CodingAgentRig, codingAgentContract, createManualClock } from '@baton/conformance';
import type { AgentEvent, AgentLimits, AgentSession, TurnEnd } from '@baton/core';
import { createModelProxy, runAgentTurn } from '@baton/model-proxy';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { describe, expect, it, vi } from 'vitest';
import { claudeCodeHome } from '../src/claude-code/command.js';
import { createClaudeCodeAgent } from '../src/index.js';
import { type AskedModel, type Saying, type ScriptedModel, startScriptedModel } from './claude-code-upstream.js';

const cache = process.env['BATON_AGENT_CACHE'];
const program = cache === undefined ? '' : join(cache, 'node_modules/.bin/claude');
const isThere = existsSync(program);
const why = `no Claude Code at $BATON_AGENT_CACHE/node_modules/.bin/claude`;
const realKey = 'sk-ant-real-CANARY-0123456789';
const model = 'claude-sonnet-5-5';
const price = { input: 2, output: 10, cachedInput: 0.2 };
const sandbox = createBubblewrapSandbox({ mode: 'required' });
const readable = cache === undefined ? [] : [join(cache, 'node_modules')];
const unlimited: AgentLimits = { maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: null };

interface Scene extends AsyncDisposable {
  readonly model: ScriptedModel;
  readonly workspace: TestWorkspace;
}

async function openScene(script: (asked: AskedModel) => Saying): Promise<Scene> {
  const [scripted, workspace] = [await startScriptedModel(script), await createTestWorkspace({ sandbox, readable })];
  return {
    model: scripted,
    workspace,
    async [Symbol.asyncDispose]() {
      await workspace.dispose();
      await scripted[Symbol.asyncDispose]();
    },
  };
}

function createAgent(scene: Scene, clock = createSystemRuntime().clock, prices: typeof price | null = price) {
  const baseUrl = scene.model.url;
  return createClaudeCodeAgent({ program, model, baseUrl, key: realKey, price: () => prices, clock });
}

async function takeTurn(session: AgentSession, deed: string, limits: Partial<AgentLimits> = {}) {
  const events: AgentEvent[] = [];
  for await (const event of session.run({ prompt: `Deed: ${deed}`, limits: { ...unlimited, ...limits } })) {
    events.push(event);
  }
  const end = events.at(-1) as TurnEnd;
  return { events, end };
}

async function readTranscripts(scratch: string): Promise<string> {
  const projects = join(claudeCodeHome(scratch), 'projects');
  const names = await readdir(projects, { recursive: true });
  const found = names.filter((name) => name.endsWith('.jsonl')).map((name) => readFile(join(projects, name), 'utf8'));
  return (await Promise.all(found)).join('');
}

if (!isThere) it.skip(`the real Claude Code: ${why}`, () => {});

describe.runIf(isThere)('claude-code, the real program in the real sandbox', () => {
  codingAgentContract(it, async (): Promise<CodingAgentRig> => {
    let outside = '';
    let root = '';
    const scene = await openScene(({ deed, answers }) => {
      if (deed === 'fail') return { status: 500, message: 'broken' };
      if (deed === 'ask') return { say: 'I looked.\n\nQUESTION FOR A PERSON: Which of the two?' };
      if (answers > 0) return { say: 'Done.' };
      if (deed === 'enter') return { read: `${root}/inner/note.txt` };
      if (deed === 'hang') return { run: 'touch hanging; sleep 1000' };
      if (deed === 'escape') return { run: `echo out > ${outside}/escaped` };
      return { run: "printf 'edited\\n' > edited.txt" };
    });
    outside = scene.workspace.outside;
    root = scene.workspace.view.root;
    const clock = createManualClock();
    return {
      createAgent: () => createAgent(scene, clock),
      workspace: scene.workspace.view,
      clock,
      prompts: {
        edit: 'Deed: edit',
        fail: 'Deed: fail',
        hang: 'Deed: hang',
        ask: 'Deed: ask',
        escape: 'Deed: escape',
        enter: 'Deed: enter',
      },
      edit: {
        path: 'edited.txt',
        content: 'edited\n',
        usage: { inputTokens: 2000, cachedInputTokens: 0, outputTokens: 100, microUsd: 5000, basis: 'computed' },
      },
      secrets: [realKey],
      asked: () => scene.model.asked.map(({ text }) => text),
      processes: scene.workspace.processes,
      escaped: async () => (await readdir(outside)).length > 0,
      dispose: async () => scene[Symbol.asyncDispose](),
    };
  });
});

describe.runIf(isThere)('claude-code, the real program among hostile files', () => {
  const words = [
    'planted-in-the-root',
    'planted-in-the-home',
    'planted-among-its-rules',
    'planted-in-its-memory',
  ] as const;
  const plants = ['settings', 'local', 'server', 'home', 'home-server'] as const;

  /** What a repository, and an earlier turn, could leave: each of them creates a file of its name once it is heeded. */
  const plant = async ({ root, scratch }: TestWorkspace['view']): Promise<void> => {
    const hooks = (name: string): string => {
      const hook = [{ hooks: [{ type: 'command', command: `touch ${root}/${name}` }] }];
      return JSON.stringify({ hooks: { SessionStart: hook, UserPromptSubmit: hook, PreToolUse: hook, Stop: hook } });
    };
    const servers = (name: string): string =>
      JSON.stringify({
        mcpServers: { [name]: { type: 'stdio', command: 'sh', args: ['-c', `touch ${root}/${name}`] } },
      });
    const home = claudeCodeHome(scratch);
    const files = {
      [`${root}/.claude/settings.json`]: hooks('settings'),
      [`${root}/.claude/settings.local.json`]: hooks('local'),
      [`${root}/.mcp.json`]: servers('server'),
      [`${home}/settings.json`]: hooks('home'),
      [`${home}/.claude.json`]: servers('home-server'),
      [`${root}/CLAUDE.md`]: words[0],
      [`${home}/CLAUDE.md`]: words[1],
      [`${home}/rules/planted.md`]: words[2],
      // What the program notes for itself, by a name that it makes of the directory.
      [`${home}/projects/${root.replaceAll(/[^A-Za-z0-9]/g, '-')}/memory/MEMORY.md`]: words[3],
    };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  };
  const told = ({ model }: Scene): readonly string[] =>
    words.filter((word) => model.asked.some(({ text }) => text.includes(word)));
  const grown = async ({ root }: TestWorkspace['view']): Promise<readonly string[]> =>
    plants.filter((name) => existsSync(join(root, name)));

  it('heeds no hook and no server of theirs, and tells the model none of their words', async () => {
    await using scene = await openScene(({ answers }) =>
      answers > 0 ? { say: 'Done.' } : { run: 'sleep 1; touch ran' },
    );
    const { view } = scene.workspace;
    await plant(view);
    const session = await createAgent(scene).start({ workspace: view, instructions: '' });
    expect((await takeTurn(session, 'edit')).end.outcome.unified).toBe('done');
    expect(existsSync(join(view.root, 'ran'))).toBe(true);
    expect(await grown(view)).toEqual([]);
    expect(told(scene)).toEqual([]);
  });

  it('would heed them, were it not told otherwise', async () => {
    await using scene = await openScene(({ answers }) => (answers > 0 ? { say: 'Done.' } : { run: 'sleep 1' }));
    const { view } = scene.workspace;
    await plant(view);
    const { clock } = createSystemRuntime();
    const baseUrl = scene.model.url;
    const run = runAgentTurn({
      proxy: createModelProxy({
        adapter: 'control',
        protocol: 'anthropic-messages',
        baseUrl,
        key: realKey,
        models: null,
        price: () => null,
        clock,
      }),
      workspace: view,
      command: (channel) => ({
        command: {
          argv: [program, '--print', '--permission-mode', 'bypassPermissions'],
          env: {
            ANTHROPIC_BASE_URL: channel.endpoint,
            ANTHROPIC_API_KEY: channel.placeholder,
            CLAUDE_CONFIG_DIR: claudeCodeHome(view.scratch),
            IS_SANDBOX: '1',
          },
        },
      }),
      input: 'Deed: edit',
      limits: unlimited,
      clock,
      signal: new AbortController().signal,
    });
    for await (const _ of run.items);
    await run.ended;
    expect(await grown(view)).toEqual(plants);
    expect(told(scene)).toEqual(words);
  });

  it('shows the key nowhere inside: environment, processes, files (G28)', async () => {
    // In two parts, so that the search doesn't find itself.
    const search = [
      `K=${realKey.slice(0, 8)}""${realKey.slice(8)}`,
      'look() { printf %s "$K" | grep -alF -f - "$@" 2>/dev/null; }',
      'look /proc/[0-9]*/environ /proc/[0-9]*/cmdline',
      'printf %s "$K" | grep -ralF -f - . "$CLAUDE_CONFIG_DIR/.." "$HOME" /tmp /etc /run /var 2>/dev/null',
      'printf %s placeholder-is-there | grep -c . ; printf %s "$ANTHROPIC_API_KEY" | grep -c ^baton-',
    ].join('; ');
    let said = '';
    await using scene = await openScene(({ answers, text }) => {
      if (answers === 0) return { run: search };
      said = text;
      return { say: 'Done.' };
    });
    const session = await createAgent(scene).start({ workspace: scene.workspace.view, instructions: '' });
    const { events } = await takeTurn(session, 'edit');
    const found = events.find((event) => event.type === 'tool-result');
    expect(found).toMatchObject({ output: '1\n1', isError: false });
    expect(JSON.stringify(events) + said).not.toContain(realKey);
    expect(scene.model.asked.map(({ headers }) => headers['x-api-key'])).toEqual([realKey, realKey]);
    expect(scene.model.strays).toEqual([]);
  });
});

describe.runIf(isThere)('claude-code, the real program at its limits', () => {
  it('goes on after it was killed, from its checkpoint, and charges nothing twice (G10)', async () => {
    await using scene = await openScene(({ deed, answers }) => {
      if (deed === 'hang') return { run: 'touch hanging; sleep 1000' };
      return answers > 0 ? { say: 'Done.' } : { run: 'touch went-on' };
    });
    const { view } = scene.workspace;
    const session = await createAgent(scene).start({ workspace: view, instructions: '' });
    const events: AgentEvent[] = [];
    for await (const event of session.run({ prompt: 'Deed: hang', limits: unlimited })) {
      events.push(event);
      if (event.type !== 'tool-call') continue;
      // The program writes its transcript late; killed before, there is nothing to go on from.
      await vi.waitFor(async () => expect(await readTranscripts(view.scratch)).toContain('Deed: hang'), 20_000);
      break;
    }
    await session.close();
    expect(await scene.workspace.processes()).toEqual([]);
    const state = events.flatMap((event) => (event.type === 'checkpoint' ? [event.state] : [])).at(-1);
    if (state === undefined) throw new Error('no checkpoint');
    const resumed = await createAgent(scene).resume?.({ workspace: view, instructions: '', state });
    if (resumed === undefined) throw new Error('no resume');
    const { end } = await takeTurn(resumed, 'go-on');
    expect(end.outcome.unified).toBe('done');
    expect(end.usage).toMatchObject({ inputTokens: 2000, outputTokens: 100, microUsd: 5000 });
    expect(scene.model.asked.at(-1)?.text).toContain('Deed: hang');
    expect(existsSync(join(view.root, 'went-on'))).toBe(true);
  });

  it.each<[string, Partial<AgentLimits>, string]>([
    ['of steps', { maxSteps: 3 }, 'error_max_turns'],
    ['of tokens', { maxTokens: 12_000 }, 'max tokens'],
    ['of money', { maxMicroUsd: 40_000 }, 'max cost'],
  ])('stops at its limit %s, and nothing runs on', async (_, limits, raw) => {
    await using scene = await openScene(() => ({ run: 'echo again' }));
    const session = await createAgent(scene).start({ workspace: scene.workspace.view, instructions: '' });
    const { end } = await takeTurn(session, 'loop', limits);
    expect(end.outcome).toEqual({ unified: 'limit-reached', raw });
    const calls = scene.model.asked.length;
    expect(calls).toBeGreaterThan(1);
    if (limits.maxSteps !== undefined) expect(calls).toBe(limits.maxSteps);
    expect(end.usage).toMatchObject({ inputTokens: calls * 1000, outputTokens: calls * 50, microUsd: calls * 2500 });
    expect((end.usage.inputTokens ?? 0) + (end.usage.outputTokens ?? 0)).toBeLessThanOrEqual(
      limits.maxTokens ?? Infinity,
    );
    expect(end.usage.microUsd).toBeLessThanOrEqual(limits.maxMicroUsd ?? Infinity);
    expect(await scene.workspace.processes()).toEqual([]);
  });

  it.each<[string, Saying, string, string]>([
    ['a usage limit', { status: 429, headers: { 'retry-after': '3600' }, message: 'x' }, 'unavailable', 'RATE_LIMITED'],
    ['a refused key', { status: 401, message: 'x' }, 'unavailable', 'AUTH_FAILED'],
    ['an overload', { status: 529, message: 'x' }, 'unavailable', 'UNAVAILABLE'],
    ['a refusal', { say: 'I can not help.', stop: 'refusal' }, 'refused', 'refusal'],
  ])('tells %s as what it is', async (_, saying, unified, raw) => {
    await using scene = await openScene(() => saying);
    const session = await createAgent(scene).start({ workspace: scene.workspace.view, instructions: '' });
    const before = Date.now();
    const { end } = await takeTurn(session, 'edit');
    expect(end.outcome).toEqual({ unified, raw });
    if (raw === 'RATE_LIMITED') expect(end.retryAt).toBeGreaterThanOrEqual(before + 3_600_000);
    if (unified === 'unavailable') expect(scene.model.asked).toHaveLength(1);
  });

  it('tells its own account of the cost where no price is known', async () => {
    await using scene = await openScene(() => ({ say: 'Done.' }));
    const agent = createAgent(scene, createSystemRuntime().clock, null);
    const session = await agent.start({ workspace: scene.workspace.view, instructions: '' });
    const ends = [await takeTurn(session, 'edit'), await takeTurn(session, 'edit')].map(({ end }) => end.usage);
    const usage = { inputTokens: 1000, cachedInputTokens: 0, outputTokens: 50, basis: 'reported' };
    expect(ends).toMatchObject([usage, usage]);
    expect(ends[0]?.microUsd).toBeGreaterThan(0);
    expect(ends[1]?.microUsd).toBe(ends[0]?.microUsd);
  });
});
