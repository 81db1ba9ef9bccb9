import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAdapter, createSystemRuntime, settingsJsonSchema } from '@baton/adapter-kit';
import { agentSettingsContract, collectTurn, createTestWorkspace } from '@baton/agent-kit/testing';
import type { AdapterHost, AdapterSettings, Diagnosis } from '@baton/core';
import { createMemoryHost } from '@baton/memory';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { describe, expect, it } from 'vitest';
import { claudeCodePackage, claudePackage } from '../src/index.js';
import { writeFakeProgram } from './claude-code-fake.js';
import { sayText, startMessagesServer } from './messages-server.js';

const model = 'claude-sonnet-5-5';
const realKey = 'sk-ant-real-CANARY-0123456789';

const createHost = (variables: Readonly<Record<string, string>> = {}): AdapterHost =>
  createMemoryHost({
    runtime: createSystemRuntime(),
    sandbox: createBubblewrapSandbox({ mode: 'off' }),
    secrets: { SOME_KEY: realKey },
    variables,
    price: () => ({ input: 1, output: 1, cachedInput: null }),
  });

/** The setting that an error names; where it is of no single one, as of an unknown one, `''` and the message says. */
const refusal = (setting: string) =>
  expect.objectContaining({ code: 'CONFIG_INVALID', details: expect.objectContaining({ setting }) });

describe.each([
  ['claude', claudePackage, { model }],
  ['claude-code', claudeCodePackage, {}],
])('the package %s', (id, adapter, valid) => {
  const address = { variable: 'ANTHROPIC_BASE_URL', usual: /anthropic\.com/ };
  const keyEnv = 'ANTHROPIC_API_KEY';
  agentSettingsContract(it, { id, adapter, valid, address, keyEnv, createHost, key: 'SOME_KEY' });

  it('needs a key', () =>
    expect(connectAdapter(adapter, 'agent', { ...valid, keyEnv: null }, createHost())).rejects.toThrow(
      refusal('keyEnv'),
    ));
});

describe('claudePackage', () => {
  it.each<[string, AdapterSettings, string]>([
    ['no model', {}, 'model'],
    ['too short a reply', { model, maxOutputTokens: 1_023 }, 'maxOutputTokens'],
    ['half a token', { model, maxOutputTokens: 2_048.5 }, 'maxOutputTokens'],
    ['tokens as text', { model, maxOutputTokens: '2048' }, 'maxOutputTokens'],
    ['too narrow a window', { model, contextWindow: 16_383 }, 'contextWindow'],
    ['a window as text', { model, contextWindow: '200k' }, 'contextWindow'],
    ['a window without room', { model, contextWindow: 20_000, maxOutputTokens: 16_000 }, 'contextWindow'],
  ])('refuses %s by name', (_, settings, setting) =>
    expect(connectAdapter(claudePackage, 'agent', settings, createHost())).rejects.toThrow(refusal(setting)),
  );

  it('describes what it needs, and how much holds by default', () => {
    expect(settingsJsonSchema(claudePackage)).toMatchObject({
      properties: { maxOutputTokens: { default: 16_384 }, contextWindow: { default: 200_000 } },
      required: ['model'],
    });
  });

  it.each(['settings', 'environment'])('makes an agent that works, its address from the %s', async (place) => {
    const server = await startMessagesServer([sayText('By the package.')]);
    const workspace = await createTestWorkspace();
    try {
      const settings = { model, keyEnv: 'SOME_KEY', id: 'claude-two', maxOutputTokens: 2_048 };
      const agent =
        place === 'settings'
          ? await connectAdapter(claudePackage, 'agent', { ...settings, baseUrl: server.url }, createHost())
          : await connectAdapter(claudePackage, 'agent', settings, createHost({ ANTHROPIC_BASE_URL: server.url }));
      const session = await agent.start({ workspace: workspace.view, instructions: '' });
      const { end } = await collectTurn(session, 'the task');
      expect(end).toMatchObject({ summary: 'By the package.', usage: { microUsd: 110, basis: 'computed' } });
      expect(server.requests[0]).toMatchObject({ body: { model, max_tokens: 2_048 } });
      expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${realKey}`);
      expect(agent.id).toBe('claude-two');
    } finally {
      await workspace.dispose();
      await server.close();
    }
  });
});

describe('claudeCodePackage', () => {
  it.each<[string, AdapterSettings, string]>([
    ['an alias for a model', { model: 'sonnet' }, 'model'],
    ['a program without a name', { program: '' }, 'program'],
    ['a program that is a list', { program: ['claude'] }, 'program'],
    ['one thing to allow that is no list', { allow: 'anthropic-beta=x' }, 'allow'],
    ['nothing to allow', { allow: ['anthropic-beta=x', ''] }, 'allow.1'],
  ])('refuses %s by name', (_, settings, setting) =>
    expect(connectAdapter(claudeCodePackage, 'agent', settings, createHost())).rejects.toThrow(refusal(setting)),
  );

  it('describes what it runs by default', () => {
    const schema = settingsJsonSchema(claudeCodePackage);
    expect(schema).toMatchObject({ properties: { program: { default: 'claude' }, allow: { default: [] } } });
    expect(schema).not.toHaveProperty('required');
  });

  it('tells a doctor whether the program is there and new enough, and the key', async () => {
    const programs = await mkdtemp(join(tmpdir(), 'baton-claude-code-package-'));
    const diagnose = async (settings: AdapterSettings): Promise<readonly Diagnosis[]> => {
      const agent = await connectAdapter(claudeCodePackage, 'agent', settings, createHost());
      return Array.fromAsync(agent.diagnose?.() ?? []);
    };
    try {
      const program = await writeFakeProgram(programs);
      expect(await diagnose({ program, keyEnv: 'SOME_KEY' })).toMatchObject([
        { check: 'claude-code', ok: true, detail: 'Version 2.1.330.', fix: null },
        { check: 'key', ok: true, fix: null },
      ]);
      for (const each of [await writeFakeProgram(programs, '2.1.9'), 'no-claude-anywhere']) {
        expect(await diagnose({ program: each })).toMatchObject([
          { check: 'claude-code', ok: false, fix: expect.stringContaining('2.1.330') },
          { check: 'key', ok: false, fix: expect.stringContaining('ANTHROPIC_API_KEY') },
        ]);
      }
      expect(JSON.stringify(await diagnose({ program, keyEnv: 'SOME_KEY' }))).not.toContain(realKey);
    } finally {
      await rm(programs, { recursive: true, force: true });
    }
  });
});
