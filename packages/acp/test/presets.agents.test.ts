import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import {
  collectTurn,
  createTestWorkspace,
  type OverheardRequests,
  overhearRequests,
  type TestWorkspace,
} from '@baton/agent-kit/testing';
import { codingAgentContract, createManualClock } from '@baton/conformance';
import type { CodingAgent } from '@baton/core';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { LLMock } from '@copilotkit/aimock';
import { describe, expect, it } from 'vitest';
import { type AcpAgentOptions, createAcpAgent } from '../src/index.js';

const cache = process.env['BATON_AGENT_CACHE'] ?? '';
const sandbox = createBubblewrapSandbox({ mode: 'required' });
const report = await sandbox.measure();
const confined = [report.files, report.network, report.processes].every((each) => each === 'enforced');

const realKey = 'sk-real-0123456789abcdef';
const edit = { path: 'edited.txt', content: 'edited\n' };

/** Both calls of an `edit` turn together. The provider says nothing of a cache. */
const editUsage = {
  ...{ inputTokens: 300, cachedInputTokens: null, outputTokens: 30 },
  ...{ microUsd: 600, basis: 'computed' as const },
};

interface RealAgent {
  readonly program: string;
  readonly options: Pick<AcpAgentOptions, 'agent' | 'protocol' | 'model' | 'env'>;
  /** The tool by which it runs a command, and that command's parameter. */
  readonly shell: readonly [tool: string, parameter: string];
  /** What it reads of its home, by path there. */
  readonly left: readonly string[];
  /** The calls by which it may read `inner/note.txt`. */
  readonly enter: (root: string) => readonly { readonly name: string; readonly input: object }[];
}

const path = (program: string): string => join(cache, 'node_modules/.bin', program);

const agents: readonly RealAgent[] = [
  {
    program: 'codex-acp',
    options: { agent: { preset: 'codex-acp', program: path('codex-acp') }, model: 'gpt-5.6-sol' },
    shell: ['exec_command', 'cmd'],
    left: ['AGENTS.md', 'skills/planted/SKILL.md'],
    enter: () => [{ name: 'exec_command', input: { cmd: 'cat note.txt', workdir: 'inner' } }],
  },
  {
    program: 'opencode',
    options: { agent: { preset: 'opencode', program: path('opencode') }, model: 'some-model' },
    shell: ['bash', 'command'],
    left: ['config/opencode/AGENTS.md', 'config/opencode/skills/planted/SKILL.md', '.opencode/skills/planted/SKILL.md'],
    enter: (root) => [
      // It isn't to have this one: it tells more than the file.
      { name: 'read', input: { filePath: `${root}/inner/note.txt` } },
      { name: 'bash', input: { command: 'cat note.txt', workdir: `${root}/inner`, description: 'A command.' } },
    ],
  },
];

/** A model on loopback that has the agent run what the prompt's deed stands for, and then says how it went. */
async function startModel(
  shell: RealAgent['shell'],
  deeds: Readonly<Record<string, string>>,
  enter: readonly { readonly name: string; readonly arguments: string }[],
): Promise<LLMock> {
  const model = new LLMock({ port: 0 });
  const [tool, parameter] = shell;
  const deedOf = (messages: readonly { role: string; content?: unknown }[]): string =>
    /.*deed: (\w+)/s.exec(JSON.stringify(messages.filter((each) => each.role === 'user')))?.[1] ?? '';
  const usage = (input: number, output: number) => ({
    usage: {
      ...{ input_tokens: input, output_tokens: output, total_tokens: input + output },
      ...{ prompt_tokens: input, completion_tokens: output },
    },
  });
  model.on(
    { predicate: ({ messages }) => deedOf(messages) === 'overload' },
    { error: { message: 'overloaded', type: 'server_error' }, status: 529 },
  );
  // Nobody tries this one again: the contract's clock stands still.
  model.on(
    { predicate: ({ messages }) => deedOf(messages) === 'fail' },
    { error: { message: 'broken', type: 'invalid_request_error' }, status: 400 },
  );
  model.on(
    { predicate: ({ messages }) => deedOf(messages) === 'ask' },
    {
      content: 'I looked.\n\nQUESTION FOR A PERSON: Which of the two?',
      ...usage(150, 15),
    },
  );
  for (const [deed, script] of Object.entries(deeds)) {
    const call = { name: tool, arguments: JSON.stringify({ [parameter]: script, description: 'A command.' }) };
    model.on(
      { hasToolResult: false, predicate: ({ messages }) => deedOf(messages) === deed },
      { toolCalls: [call], ...usage(150, 15) },
    );
  }
  model.on(
    { hasToolResult: false, predicate: ({ messages }) => deedOf(messages) === 'enter' },
    { toolCalls: [...enter], ...usage(150, 15) },
  );
  model.on({ hasToolResult: true }, { content: 'I did what was asked.', ...usage(150, 15) });
  await model.start();
  return model;
}

interface RealScene {
  readonly workspace: TestWorkspace;
  /** Between the agent and the mock, which keeps requests in a form of its own. */
  readonly model: OverheardRequests;
  agent(options?: Partial<AcpAgentOptions>): CodingAgent;
  dispose(): Promise<void>;
}

async function createScene({ options, shell, enter }: RealAgent): Promise<RealScene> {
  const workspace = await createTestWorkspace({ sandbox, readable: [cache] });
  const calls = enter(workspace.view.root).map(({ name, input }) => ({ name, arguments: JSON.stringify(input) }));
  const deeds = {
    edit: `printf 'edited\\n' > ${edit.path}`,
    hang: 'sleep 1000 & touch hanging; sleep 1000',
    escape: `echo owned > ${workspace.outside}/owned; echo owned > /etc/owned; true`,
    look: 'env > seen; cat /proc/*/environ /proc/*/cmdline >> seen 2>/dev/null; true',
  };
  const mock = await startModel(shell, deeds, calls);
  const model = await overhearRequests(mock.url);
  return {
    workspace,
    model,
    agent: (more = {}) =>
      createAcpAgent({
        ...options,
        baseUrl: options.protocol === 'anthropic-messages' ? model.url : `${model.url}/v1`,
        key: realKey,
        price: () => ({ input: 1, output: 10, cachedInput: null }),
        clock: createSystemRuntime().clock,
        ...more,
      }),
    async dispose() {
      await workspace.dispose();
      await model.stop();
      await mock.stop();
    },
  };
}

for (const real of agents) {
  const missing = !confined
    ? report.detail
    : existsSync(path(real.program))
      ? null
      : `no ${real.program} in BATON_AGENT_CACHE`;

  describe.skipIf(missing !== null)(`${real.program}${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
    codingAgentContract(it, async () => {
      const scene = await createScene(real);
      const clock = createManualClock();
      return {
        workspace: scene.workspace.view,
        clock,
        createAgent: () => scene.agent({ clock }),
        prompts: {
          ...{ edit: 'deed: edit', fail: 'deed: fail', hang: 'deed: hang' },
          ...{ ask: 'deed: ask', escape: 'deed: escape', enter: 'deed: enter' },
        },
        edit: { ...edit, usage: editUsage },
        secrets: [realKey],
        asked: scene.model.asked,
        processes: scene.workspace.processes,
        escaped: async () => (await readdir(scene.workspace.outside)).length > 0 || existsSync('/etc/owned'),
        dispose: scene.dispose,
      };
    });

    it('is unavailable where the provider is (G23)', async () => {
      const scene = await createScene(real);
      try {
        const session = await scene.agent().start({ workspace: scene.workspace.view, instructions: '' });
        const { end } = await collectTurn(session, 'deed: overload');
        expect(end.outcome).toEqual({ unified: 'unavailable', raw: 'UNAVAILABLE' });
        expect(await scene.workspace.processes()).toEqual([]);
      } finally {
        await scene.dispose();
      }
    });

    it('tells the model no words that an earlier turn left in its home', async () => {
      const scene = await createScene(real);
      try {
        const { view } = scene.workspace;
        for (const path of real.left) {
          const target = join(view.scratch, 'acp/acp', path);
          await mkdir(dirname(target), { recursive: true });
          const mark = `planted ${real.left.indexOf(path)} words`;
          await writeFile(target, `---\nname: planted\ndescription: ${mark}\n---\n${mark}\n`);
        }
        const session = await scene.agent().start({ workspace: view, instructions: '' });
        expect((await collectTurn(session, 'deed: edit')).end.outcome.unified).toBe('done');
        const asked = scene.model.asked().join('\n');
        expect(real.left.filter((_, index) => asked.includes(`planted ${index} words`))).toEqual([]);
      } finally {
        await scene.dispose();
      }
    });

    it('sees no key inside, and tells what it did', async () => {
      const scene = await createScene(real);
      try {
        const session = await scene.agent().start({ workspace: scene.workspace.view, instructions: '' });
        const { end, events } = await collectTurn(session, 'deed: look');
        expect(end).toMatchObject({ outcome: { unified: 'done', raw: 'end_turn' }, summary: 'I did what was asked.' });
        expect(events.filter((event) => event.type === 'tool-call')).toEqual([
          expect.objectContaining({
            input: expect.objectContaining({ command: expect.stringContaining('env > seen') }),
          }),
        ]);
        expect(events.filter((event) => event.type === 'tool-result')).toEqual([
          expect.objectContaining({ isError: false }),
        ]);
        const seen = await readFile(join(scene.workspace.view.root, 'seen'), 'latin1');
        expect(seen).toContain('baton-');
        expect(seen).not.toContain(realKey);
        expect(await scene.workspace.processes()).toEqual([]);
      } finally {
        await scene.dispose();
      }
    });
  });
}
