import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ChatCompletionRequest, LLMock } from '@copilotkit/aimock';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startDaemon } from './support/daemon-process.js';
import { leftProcesses } from './support/left-processes.js';
import { type LocalScene, makeLocalScene } from './support/local-scene.js';

const cache = process.env['BATON_AGENT_CACHE'] ?? '';
const keys = { ANTHROPIC_API_KEY: 'sk-ant-CANARY-0123456789abcdef', OPENAI_API_KEY: 'sk-CANARY-fedcba9876543210' };
const price = { input: 2, output: 10, cached: 0.2 };

/** One agent as configuration names it, and how its model calls the tool that runs a command. */
interface Tried {
  readonly name: string;
  /** Below the cache; null where the agent is Baton's own. */
  readonly program: string | null;
  readonly settings: (program: string, url: string) => Readonly<Record<string, unknown>>;
  readonly call: (command: string) => { readonly name: string; readonly arguments: string };
  /** Whether a turn that was cut off is gone on with, and not begun anew. */
  readonly resumes: boolean;
}

const tool = (name: string, input: object) => ({ name, arguments: JSON.stringify(input) });

const agents: readonly Tried[] = [
  {
    name: 'claude',
    program: null,
    settings: (_program, url) => ({ use: 'claude', model: 'claude-sonnet-5-5', baseUrl: url }),
    call: (command) => tool('run_command', { command }),
    resumes: true,
  },
  {
    name: 'openai',
    program: null,
    settings: (_program, url) => ({ use: 'openai', model: 'gpt-6-sol', baseUrl: `${url}/v1` }),
    call: (command) => tool('run_command', { command }),
    resumes: true,
  },
  {
    name: 'openai over chat',
    program: null,
    settings: (_program, url) => ({ use: 'openai', api: 'chat', model: 'gpt-6-sol', baseUrl: `${url}/v1` }),
    call: (command) => tool('run_command', { command }),
    resumes: true,
  },
  {
    name: 'claude-code',
    program: 'claude',
    settings: (program, url) => ({ use: 'claude-code', program, model: 'claude-sonnet-5-5', baseUrl: url }),
    call: (command) => tool('Bash', { command }),
    resumes: true,
  },
  {
    name: 'codex',
    program: 'codex',
    settings: (program, url) => ({ use: 'codex', program, model: 'gpt-5.6-sol', baseUrl: `${url}/v1` }),
    call: (command) => tool('exec_command', { cmd: command }),
    resumes: true,
  },
  {
    name: 'acp, opencode',
    program: 'opencode',
    settings: (program, url) => ({ use: 'acp', preset: 'opencode', program, model: 'gpt-6-sol', baseUrl: `${url}/v1` }),
    call: (command) => tool('bash', { command, description: 'Work' }),
    resumes: true,
  },
  {
    name: 'acp, codex-acp',
    program: 'codex-acp',
    settings: (program, url) => ({
      use: 'acp',
      preset: 'codex-acp',
      program,
      model: 'gpt-5.6-sol',
      baseUrl: `${url}/v1`,
    }),
    call: (command) => tool('exec_command', { cmd: command }),
    resumes: true,
  },
];

/** Where a program keeps its session in its own home. */
const transcript = /\/scratch\/.*\.(jsonl|db)(-wal)?$/;

/** What a model says next, by how many commands have answered so far. */
type Script = (answered: number, request: ChatCompletionRequest) => { readonly run: string } | { readonly say: string };

/** A model on loopback for one agent. */
async function startModel(tried: Tried, script: Script): Promise<LLMock> {
  const mock = new LLMock({ port: 0, logLevel: 'silent' });
  mock.on({ predicate: () => true }, (request) => {
    const answered = request.messages.filter(({ role }) => role === 'tool').length;
    const said = script(answered, request);
    const usage = { prompt_tokens: 1_000, completion_tokens: 50, input_tokens: 1_000, output_tokens: 50 };
    return 'run' in said ? { toolCalls: [tried.call(said.run)], usage } : { content: said.say, usage };
  });
  await mock.start();
  onTestFinished(async () => {
    await mock.stop();
  });
  return mock;
}

function programOf(tried: Tried): string {
  return tried.program === null ? '' : join(cache, 'node_modules', '.bin', tried.program);
}

async function sceneOf(agents: readonly Readonly<Record<string, unknown>>[], limits: object = {}): Promise<LocalScene> {
  const readable = cache === '' ? [] : [join(cache, 'node_modules')];
  return makeLocalScene({
    agent: () => 'true',
    project: () => ({ agents, limits, sandbox: { mode: 'best-effort', readable } }),
    config: { prices: { 'claude-sonnet-5-5': price, 'gpt-6-sol': price, 'gpt-5.6-sol': price } },
    env: keys,
  });
}

/** That neither key stands in anything that the run left or printed, and that nothing runs on. */
async function checkNothingLeft(scene: LocalScene, printed: string): Promise<void> {
  expect(leftProcesses(scene.name)).toEqual([]);
  for (const key of Object.values(keys)) {
    expect(printed).not.toContain(key);
    expect(await scene.filesWith(key)).toEqual([]);
  }
}

const mend: Script = (answered) =>
  answered === 0 ? { run: "printf 'right\\n' > answer.txt" } : { say: 'answer.txt now says right.' };

describe.each(agents)('$name takes an issue', (tried) => {
  const program = programOf(tried);
  const isThere = tried.program === null || existsSync(program);
  const test = isThere ? it : it.skip;
  const where = isThere ? '' : `: needs ${tried.program} below $BATON_AGENT_CACHE`;

  test(`to a pull request by \`baton run\`, and its cost is told${where}`, async () => {
    const mock = await startModel(tried, mend);
    await using scene = await sceneOf([tried.settings(program, mock.url)]);
    const ran = await scene.baton('run', 'local:0001');
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    const [pull, ...others] = await scene.pulls();
    expect(others).toEqual([]);
    expect(pull?.fields['state']).toBe('open');
    expect(await scene.inRemote('show', 'baton/issue-1:answer.txt')).toBe('right');
    const shown = await scene.baton('show', 'local:0001');
    expect(shown.stdout).toMatch(/\$0\.0\d+/);
    await checkNothingLeft(scene, `${ran.stdout}${ran.stderr}${shown.stdout}`);
  });

  test(`and goes on after kill -9 of the daemon, without starting over (G17)${where}`, async () => {
    const asked: string[] = [];
    const mock = await startModel(tried, (answered, request) => {
      asked.push(JSON.stringify(request.messages));
      if (answered === 0 && asked.length === 1) return { run: 'echo first-command; touch hanging; sleep 1000' };
      return asked.length < 3 && answered < 2 ? { run: "printf 'right\\n' > answer.txt" } : { say: 'Done.' };
    });
    await using scene = await sceneOf([tried.settings(program, mock.url)]);
    await using first = startDaemon(scene.path, keys);
    await scene.untilInWorktree('hanging');
    // Programs write their transcripts late; killed before, there is nothing to go on from.
    const isWritten = async () => (await scene.filesWith('first-command')).some((file) => transcript.test(file));
    if (program !== '') await vi.waitFor(async () => expect(await isWritten()).toBe(true), 20_000);
    await first.kill();
    await using second = startDaemon(scene.path, keys);
    await second.waitFor('review', (line) => line.phase === 'reviewing');
    await second.stop();
    expect(await scene.inRemote('show', 'baton/issue-1:answer.txt')).toBe('right');
    expect(await scene.pulls()).toHaveLength(1);
    // Its model is told of the command that was under way.
    if (tried.resumes) expect(asked[1]).toContain('first-command');
    const turns = (await scene.journal()).filter((line) => line.type === 'turn-started');
    expect(turns.map(({ data }) => data['resumed'])).toEqual([false, tried.resumes]);
    await checkNothingLeft(scene, JSON.stringify(second.log));
  });

  test(`and shows no key to what it runs: environment, processes, files, sockets (G28)${where}`, async () => {
    // Each key in two parts, and on standard input, so that the search does not find itself; by the real grep,
    // since one of the agents puts another one in its place.
    const search = [
      ...Object.values(keys).flatMap((key) => [
        `K="${key.slice(0, 9)}""${key.slice(9)}"`,
        `look() { printf %s "$K" | command grep "$@" -F -f - 2>/dev/null && echo FOUND-ONE; }`,
        'env | { read -r all; printf %s "$all"; cat; } > /tmp/environment; look -al /tmp/environment',
        'look -al /proc/[0-9]*/environ /proc/[0-9]*/cmdline',
        'look -ral --exclude-dir=node_modules . "$HOME" /tmp /etc /run /var',
        'find / -xdev -type s 2>/dev/null > /tmp/sockets; look -al /tmp/sockets',
      ]),
      'echo searched',
    ].join('; ');
    const asked: string[] = [];
    const mock = await startModel(tried, (answered, request) => {
      asked.push(JSON.stringify(request));
      return answered === 0 ? { run: search } : mend(answered - 1, request);
    });
    await using scene = await sceneOf([tried.settings(program, mock.url)]);
    const ran = await scene.baton('run', 'local:0001');
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    // What the command found is what the model is told, beside the command itself.
    const answers = asked.join('').replaceAll(JSON.stringify(JSON.stringify(search)).slice(3, -3), '');
    expect(answers).toContain('searched');
    expect(answers.replaceAll('echo FOUND-ONE', '')).not.toContain('FOUND-ONE');
    for (const key of Object.values(keys)) expect(answers).not.toContain(key);
    await checkNothingLeft(scene, ran.stderr);
  });

  test(`and is stopped at the step limit${where}`, async () => {
    let calls = 0;
    const mock = await startModel(tried, () => {
      calls += 1;
      return { run: `echo again ${calls}` };
    });
    await using scene = await sceneOf([tried.settings(program, mock.url)], { steps: 4 });
    const ran = await scene.baton('run', 'local:0001');
    expect(ran, ran.stderr).toMatchObject({ exitCode: 9 });
    expect(await scene.job()).toMatchObject({ outcome: 'limit-reached' });
    expect(calls).toBe(4);
    expect(await scene.pulls()).toEqual([]);
    await checkNothingLeft(scene, `${ran.stdout}${ran.stderr}`);
  });
});

describe('when the first agent is at its usage limit', () => {
  it('the second finishes the job, and `baton show` tells the story and the cost of each (G23)', async () => {
    const [claude, openai] = agents;
    if (!claude || !openai) throw new Error('two agents are needed');
    const limited = new LLMock({ port: 0, logLevel: 'silent' });
    limited.on(
      { predicate: ({ messages }) => messages.some(({ role }) => role === 'tool') },
      {
        error: { message: 'You have reached your limit.', type: 'rate_limit_error' },
        status: 429,
        retryAfter: 3_600,
      },
    );
    limited.on(
      { predicate: () => true },
      { toolCalls: [claude.call('echo looking')], usage: { input_tokens: 1_000, output_tokens: 50 } },
    );
    await limited.start();
    onTestFinished(async () => {
      await limited.stop();
    });
    const mock = await startModel(openai, mend);
    await using scene = await sceneOf([claude.settings('', limited.url), openai.settings('', mock.url)]);
    const ran = await scene.baton('run', 'local:0001');
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    const shown = await scene.baton('show', 'local:0001');
    expect(shown.stdout).toMatch(/claude \(claude-sonnet-5-5\) · unavailable.*\$0\.0025/);
    expect(shown.stdout).toMatch(/openai \(gpt-6-sol\) · done.*\$0\.0050/);
    expect(await scene.job()).toMatchObject({ attempt: 1, phase: 'reviewing' });
    await checkNothingLeft(scene, `${ran.stderr}${shown.stdout}`);
  });
});
