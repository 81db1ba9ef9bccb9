import { createSystemRuntime, startProcess } from '@baton/adapter-kit';
import { collectTurn, createTestWorkspace } from '@baton/agent-kit/testing';
import type { AdapterHost, AdapterSettings, Command } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { launchAgent } from '../src/agent-launch.js';
import { acpPackage } from '../src/index.js';

const refuse = (): never => {
  throw new Error('not for an agent');
};

const host = (secrets: Readonly<Record<string, string>> = { OPENAI_API_KEY: 'sk-1' }): AdapterHost => ({
  runtime: createSystemRuntime(),
  sandbox: { spec: 'sandbox/1', id: 'none', measure: refuse, spawn: refuse },
  stateDirectory: '/nowhere',
  configDirectory: '/',
  secret: (name) => secrets[name] ?? null,
  mask: (text) => text,
  price: () => null,
  log: refuse,
});

/** One whose sandbox starts programs, and confines nothing. */
const startingHost = (): AdapterHost => {
  const { sandbox, ...rest } = host();
  const spawn = (command: Command) => startProcess(command.argv, { cwd: '/', env: { PATH: '/usr/bin:/bin' } });
  return { ...rest, sandbox: { ...sandbox, spawn } };
};

describe('acpPackage', () => {
  it.each([
    ['neither preset nor run', {}, 'preset'],
    ['both preset and run', { preset: 'opencode', run: 'x', model: 'm' }, 'preset'],
    ['a mode for a preset', { preset: 'opencode', mode: 'yolo', model: 'm' }, 'preset'],
    ['a program to run', { run: 'x', program: 'y', protocol: 'openai-chat' }, 'preset'],
    ['an unknown preset', { preset: 'emacs', model: 'm' }, 'preset'],
    ['a preset without a model', { preset: 'opencode' }, 'model'],
    ['a protocol that the preset lacks', { preset: 'codex-acp', model: 'm', protocol: 'openai-chat' }, 'protocol'],
    ['no protocol for run', { run: 'x' }, 'protocol'],
    ['an unknown key', { preset: 'opencode', model: 'm', modle: 1 }, ''],
    ['an address that is none', { preset: 'opencode', model: 'm', baseUrl: 'ftp://example.com' }, 'baseUrl'],
    ['a key in place of its name', { preset: 'opencode', model: 'm', keyEnv: 'sk-1' }, 'keyEnv'],
  ])('refuses %s', (_, settings: AdapterSettings, setting) => {
    const connect = () => acpPackage.connect({}, host()).agent?.(settings);
    expect(connect).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', details: expect.objectContaining({ setting }) }),
    );
  });

  it('refuses a wrong setting of the connection at once', () => {
    expect(() => acpPackage.connect({ modle: 1 }, host())).toThrow('modle');
  });

  it('names each agent', () => {
    const { agent } = acpPackage.connect({ preset: 'opencode', model: 'm' }, host());
    expect([agent?.({}).id, agent?.({ id: 'opencode' }).id]).toEqual(['acp', 'opencode']);
  });

  it('tells a missing key in a turn and to the doctor, save where none is asked for', async () => {
    const { agent } = acpPackage.connect({ run: 'true', protocol: 'anthropic-messages' }, startingHost());
    const told: unknown[] = [];
    for (const keyEnv of [{}, { keyEnv: 'OPENAI_API_KEY' }, { keyEnv: null }]) {
      for await (const { check, ok, fix } of agent?.(keyEnv).diagnose?.() ?? [])
        if (check === 'key') told.push([ok, fix]);
    }
    expect(told).toEqual([
      [false, 'Set ANTHROPIC_API_KEY in the environment of the daemon.'],
      [true, null],
    ]);
    const workspace = await createTestWorkspace();
    const session = await agent?.({}).start({ workspace: workspace.view, instructions: '' });
    if (session === undefined) throw new Error('no session');
    const { end } = await collectTurn(session, '');
    await workspace.dispose();
    expect(end).toMatchObject({ outcome: { unified: 'unavailable', raw: 'AUTH_FAILED' } });
    expect(end.summary).toContain('ANTHROPIC_API_KEY is not set.');
  });

  it('has the doctor try the program of a preset', async () => {
    const { agent } = acpPackage.connect({ preset: 'opencode', model: 'm', keyEnv: null }, startingHost());
    const told: unknown[] = [];
    for (const program of ['/no/such/program', process.execPath, '/bin/false']) {
      for await (const { check, ok, detail } of agent?.({ program }).diagnose?.() ?? []) told.push([check, ok, detail]);
    }
    expect(told).toEqual([
      ['opencode', false, "/no/such/program can't be run in the sandbox."],
      ['opencode', true, `Version ${process.version}.`],
      ['opencode', false, "/bin/false can't be run in the sandbox."],
    ]);
  });

  it('has the doctor look the program of any other agent up', async () => {
    const settings = { protocol: 'openai-chat', model: 'm', keyEnv: null };
    const { agent } = acpPackage.connect({}, startingHost());
    const told: unknown[] = [];
    for (const run of ['sh -c true', 'no-such-agent --acp']) {
      const lines = agent?.({ ...settings, run }).diagnose?.() ?? [];
      for await (const { check, ok } of lines) told.push([check, ok]);
    }
    expect(told).toEqual([
      ['program', true],
      ['program', false],
    ]);
  });

  it('describes its settings as JSON Schema', () => {
    expect(acpPackage.settingsSchema).toMatchObject({ type: 'object', additionalProperties: false });
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
