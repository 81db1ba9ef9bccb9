import { connectAdapter, createSystemRuntime, settingsJsonSchema, startProcess } from '@baton/adapter-kit';
import { collectTurn, createTestWorkspace } from '@baton/agent-kit/testing';
import type { AdapterHost, AdapterSettings, Command } from '@baton/core';
import { createMemoryHost } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { launchAgent } from '../src/command.js';
import { acpPackage } from '../src/index.js';

const createHost = (variables: Readonly<Record<string, string>> = {}): AdapterHost =>
  createMemoryHost({ runtime: createSystemRuntime(), secrets: { OPENAI_API_KEY: 'sk-1' }, variables });

/** One whose sandbox starts programs, and confines nothing. */
const startingHost = (): AdapterHost => {
  const host = createHost();
  const spawn = (command: Command) => startProcess(command.argv, { cwd: '/', env: { PATH: '/usr/bin:/bin' } });
  return { ...host, sandbox: { ...host.sandbox, spawn } };
};

const connect = (settings: AdapterSettings, host = createHost()) => connectAdapter(acpPackage, 'agent', settings, host);

/** The setting that an error names; where it is of no single one, as of an unknown one, `''` and the message says. */
const refusal = (setting: string) =>
  expect.objectContaining({ code: 'CONFIG_INVALID', details: expect.objectContaining({ setting }) });

describe('acpPackage', () => {
  const preset = { preset: 'opencode', model: 'm' };
  const run = { run: 'x', protocol: 'openai-chat' };

  it.each<[string, AdapterSettings, string]>([
    ['neither preset nor run', {}, 'preset'],
    ['both preset and run', { ...preset, ...run }, 'preset'],
    ['a mode for a preset', { ...preset, mode: 'yolo' }, 'mode'],
    ['a program to run', { ...run, program: 'y' }, 'program'],
    ['an unknown preset', { ...preset, preset: 'emacs' }, 'preset'],
    ['a preset without a model', { preset: 'opencode' }, 'model'],
    ['a protocol that the preset lacks', { ...preset, preset: 'codex-acp', protocol: 'openai-chat' }, 'protocol'],
    ['no protocol for run', { run: 'x' }, 'protocol'],
    ['an unknown protocol', { ...run, protocol: 'smoke-signals' }, 'protocol'],
    ['nothing to run', { ...run, run: '' }, 'run'],
    ['blanks to run', { ...run, run: ' ' }, 'run'],
    ['a program without a name', { ...preset, program: '' }, 'program'],
    ['a mode without a name', { ...run, mode: '' }, 'mode'],
    ['a model without a name', { ...preset, model: '' }, 'model'],
    ['a setting without a value', { ...preset, model: null }, 'model'],
    ['a name that is not kebab-case', { ...preset, id: 'Two Words' }, 'id'],
    ['an address that is none', { ...preset, baseUrl: 'somewhere' }, 'baseUrl'],
    ['an address of another protocol', { ...preset, baseUrl: 'ftp://example.com' }, 'baseUrl'],
    ['an address with a password', { ...preset, baseUrl: 'https://a:b@example.com' }, 'baseUrl'],
    ['an address to which the key would go in the clear', { ...preset, baseUrl: 'http://example.com' }, 'baseUrl'],
    ['a key in place of its name', { ...preset, keyEnv: 'sk-1' }, 'keyEnv'],
    ['an environment that is a list', { ...run, env: ['A=1'] }, 'env'],
    ['an environment that is not text', { ...run, env: { A: 1 } }, 'env.A'],
    ['one thing to allow that is no list', { ...run, allow: 'anthropic-beta=x' }, 'allow'],
    ['nothing to allow', { ...run, allow: ['anthropic-beta=x', ''] }, 'allow.1'],
  ])('refuses %s', (_, settings, setting) => expect(connect(settings)).rejects.toThrow(refusal(setting)));

  it('refuses each setting of a wrong type', async () => {
    const settings = Object.keys(Object(settingsJsonSchema(acpPackage)).properties);
    expect(settings).toContain('preset');
    for (const setting of settings) {
      await expect(connect({ ...preset, [setting]: true })).rejects.toThrow(refusal(setting));
    }
  });

  it.each(['modle', 'command', 'presets', 'baseURL', 'apiKey'])(
    'refuses %s, for which it has no setting',
    async (name) => {
      const connecting = connect({ ...preset, [name]: 'x' });
      await expect(connecting).rejects.toThrow(`"${name}"`);
      await expect(connecting).rejects.toThrow(refusal(''));
    },
  );

  it('tells all that does not go together at once', async () => {
    const connecting = connect({ preset: 'codex-acp', mode: 'yolo', protocol: 'openai-chat' });
    for (const told of ['mode: goes', 'model: has', 'protocol: has to be openai-responses for codex-acp']) {
      await expect(connecting).rejects.toThrow(told);
    }
    const other = connect({ run: 'x', program: 'y' });
    for (const told of ['program: goes', 'protocol: has']) await expect(other).rejects.toThrow(told);
  });

  it('names each agent', async () => {
    expect((await connect(preset)).id).toBe('acp');
    expect((await connect({ ...preset, id: 'opencode' })).id).toBe('opencode');
  });

  it.each<[string, AdapterSettings, string]>([
    [
      'anthropic-messages',
      { run: 'x', protocol: 'anthropic-messages', keyEnv: 'OPENAI_API_KEY' },
      'ANTHROPIC_BASE_URL',
    ],
    ['openai-chat', run, 'OPENAI_BASE_URL'],
    ['openai-responses', { preset: 'codex-acp', model: 'm' }, 'OPENAI_BASE_URL'],
  ])('takes its address from the environment by what it speaks: %s', async (_, settings, environmentVariable) => {
    const host = createHost({ [environmentVariable]: 'http://elsewhere.example' });
    const wrong = { code: 'CONFIG_INVALID', details: { setting: 'baseUrl', environmentVariable } };
    await expect(connect(settings, host)).rejects.toThrow(expect.objectContaining(wrong));
    expect((await connect({ ...settings, baseUrl: 'https://here.example' }, host)).id).toBe('acp');
    const others = ['ANTHROPIC_BASE_URL', 'OPENAI_BASE_URL'].filter((name) => name !== environmentVariable);
    const elsewhere = createHost(Object.fromEntries(others.map((name) => [name, 'http://elsewhere.example'])));
    expect((await connect(settings, elsewhere)).id).toBe('acp');
  });

  it('tells a missing key in a turn and to the doctor, save where none is asked for', async () => {
    const settings = { run: 'true', protocol: 'anthropic-messages' };
    const told: unknown[] = [];
    for (const keyEnv of [{}, { keyEnv: 'OPENAI_API_KEY' }, { keyEnv: null }]) {
      const agent = await connect({ ...settings, ...keyEnv }, startingHost());
      for await (const { check, ok, fix } of agent.diagnose?.() ?? []) if (check === 'key') told.push([ok, fix]);
    }
    expect(told).toEqual([
      [false, 'Set ANTHROPIC_API_KEY in the environment of the daemon.'],
      [true, null],
    ]);
    const workspace = await createTestWorkspace();
    const agent = await connect(settings, startingHost());
    const session = await agent.start({ workspace: workspace.view, instructions: '' });
    const { end } = await collectTurn(session, '');
    await workspace.dispose();
    expect(end).toMatchObject({ outcome: { unified: 'unavailable', raw: 'AUTH_FAILED' } });
    expect(end.summary).toContain('ANTHROPIC_API_KEY is not set.');
  });

  it('has the doctor try the program of a preset', async () => {
    const told: unknown[] = [];
    for (const program of ['/no/such/program', process.execPath, '/bin/false']) {
      const agent = await connect({ ...preset, keyEnv: null, program }, startingHost());
      for await (const { check, ok, detail } of agent.diagnose?.() ?? []) told.push([check, ok, detail]);
    }
    expect(told).toEqual([
      ['opencode', false, "/no/such/program can't be run in the sandbox."],
      ['opencode', true, `Version ${process.version}.`],
      ['opencode', false, "/bin/false can't be run in the sandbox."],
    ]);
  });

  it('has the doctor look the program of any other agent up', async () => {
    const settings = { protocol: 'openai-chat', model: 'm', keyEnv: null };
    const told: unknown[] = [];
    for (const each of ['sh -c true', 'no-such-agent --acp']) {
      const agent = await connect({ ...settings, run: each }, startingHost());
      for await (const { check, ok } of agent.diagnose?.() ?? []) told.push([check, ok]);
    }
    expect(told).toEqual([
      ['program', true],
      ['program', false],
    ]);
  });

  it('describes its settings as JSON Schema, with what holds by default', () => {
    const schema = settingsJsonSchema(acpPackage);
    expect(schema).toMatchObject({
      type: 'object',
      properties: {
        id: { default: 'acp' },
        env: { default: {} },
        allow: { default: [] },
        baseUrl: { description: expect.stringContaining('ANTHROPIC_BASE_URL or OPENAI_BASE_URL') },
      },
      additionalProperties: false,
    });
    expect(schema).not.toHaveProperty('required');
  });
});

describe('launchAgent', () => {
  const place = { scratch: '/scratch', root: '/root' };
  const channel = { endpoint: 'http://127.0.0.1:1/v1', placeholder: 'baton-0' };

  it('fills in the variables of an agent that it knows nothing about', () => {
    const launched = launchAgent(
      {
        id: 'mine',
        program: { run: 'my-agent --acp', mode: 'yolo' },
        protocol: 'anthropic-messages',
        model: 'm',
        env: { MY_ADDRESS: '{endpoint}', MY_KEY: '{key}', MY_HOME: '{home}/x', MY_MODEL: '{model}', BRACES: '{a}' },
      },
      place,
      channel,
    );
    expect(launched).toEqual({
      command: {
        argv: ['sh', '-c', 'my-agent --acp'],
        env: {
          HOME: '/scratch/acp/mine',
          ANTHROPIC_BASE_URL: 'http://127.0.0.1:1/v1',
          ANTHROPIC_API_KEY: 'baton-0',
          MY_ADDRESS: 'http://127.0.0.1:1/v1',
          MY_KEY: 'baton-0',
          MY_HOME: '/scratch/acp/mine/x',
          MY_MODEL: 'm',
          BRACES: '{a}',
        },
      },
      files: { '/scratch/acp/mine/.baton': '' },
      mode: 'yolo',
    });
  });

  it.each(['codex-acp', 'opencode'] as const)('keeps %s out of the repository’s settings', (preset) => {
    const { command, files } = launchAgent(
      { id: 'acp', program: { preset }, protocol: 'openai-responses', model: 'm', env: { MORE: '1' } },
      place,
      channel,
    );
    const paths = [
      ...Object.keys(files),
      ...Object.entries(command.env ?? {}).flatMap(([name, value]) => (/HOME$/.test(name) ? [value] : [])),
    ];
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !path.startsWith('/scratch/acp/acp'))).toEqual([]);
    expect(command.env).toMatchObject({ MORE: '1' });
  });
});
