import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AdapterPackage, connectAdapter, createSystemRuntime, settingsJsonSchema } from '@baton/adapter-kit';
import { collectTurn, createTestWorkspace } from '@baton/agent-kit/testing';
import type { AdapterHost, AdapterSettings } from '@baton/core';
import { createMemoryHost } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { commandAgentPackage, scriptedAgentPackage } from '../src/index.js';

const createHost = (configDirectory: string): AdapterHost =>
  createMemoryHost({ runtime: createSystemRuntime(), configDirectory });

/** The setting that an error names; where it is of no single one, as of an unknown one, `''` and the message says. */
const refusal = (setting: string) =>
  expect.objectContaining({ code: 'CONFIG_INVALID', details: { setting }, message: expect.any(String) });

describe('adapter packages', () => {
  it.each<[string, AdapterPackage, AdapterSettings, string]>([
    ['no program', commandAgentPackage, {}, 'run'],
    ['an empty program', commandAgentPackage, { run: '' }, 'run'],
    ['a blank program', commandAgentPackage, { run: ' ' }, 'run'],
    ['a program that is no text', commandAgentPackage, { run: true }, 'run'],
    ['an environment that is a list', commandAgentPackage, { run: 'true', env: ['A=1'] }, 'env'],
    ['an environment that is not text', commandAgentPackage, { run: 'true', env: { A: 1 } }, 'env.A'],
    ['a name that is not kebab-case', commandAgentPackage, { run: 'true', id: 'My Agent' }, 'id'],
    ['a name that is a number', commandAgentPackage, { run: 'true', id: 1 }, 'id'],
    ['a setting without a value', commandAgentPackage, { run: 'true', id: null }, 'id'],
    ['no file', scriptedAgentPackage, {}, 'file'],
    ['an empty file', scriptedAgentPackage, { file: '' }, 'file'],
    ['a file that is a number', scriptedAgentPackage, { file: 1 }, 'file'],
    ['the name of a script that is not kebab-case', scriptedAgentPackage, { file: 'a', id: 'a_b' }, 'id'],
  ])('refuse %s by name', async (_, adapter, settings, setting) => {
    await expect(connectAdapter(adapter, 'agent', settings, createHost('/'))).rejects.toThrow(refusal(setting));
  });

  it.each<[AdapterPackage, AdapterSettings]>([
    [commandAgentPackage, { run: 'true' }],
    [scriptedAgentPackage, { file: 'a' }],
  ])('refuse each setting of a wrong type ($1)', async (adapter, valid) => {
    const settings = Object.keys(Object(settingsJsonSchema(adapter)).properties);
    expect(settings).toContain('id');
    for (const setting of settings) {
      const connecting = connectAdapter(adapter, 'agent', { ...valid, [setting]: true }, createHost('/'));
      await expect(connecting).rejects.toThrow(refusal(setting));
    }
  });

  it.each<[AdapterPackage, AdapterSettings, string]>([
    [commandAgentPackage, { run: 'true', rum: 1 }, 'rum'],
    [commandAgentPackage, { run: 'true', environment: {} }, 'environment'],
    [commandAgentPackage, { run: 'true', file: 'steps.yaml' }, 'file'],
    [scriptedAgentPackage, { file: 'a', files: 'b' }, 'files'],
    [scriptedAgentPackage, { file: 'a', run: 'true' }, 'run'],
  ])('refuse what they have no setting for ($1)', async (adapter, settings, unknown) => {
    const connecting = connectAdapter(adapter, 'agent', settings, createHost('/'));
    await expect(connecting).rejects.toThrow(`"${unknown}"`);
    await expect(connecting).rejects.toThrow(refusal(''));
  });

  it('tell all that is wrong at once', async () => {
    const settings = { rum: 1, env: { A: 1, B: 2 }, id: 'My Agent' };
    const { message } = await connectAdapter(commandAgentPackage, 'agent', settings, createHost('/')).then(
      () => expect.fail('it was taken'),
      (error: unknown) => (error instanceof Error ? error : expect.fail('no error')),
    );
    for (const setting of ['run:', 'env.A:', 'env.B:', 'id:', '"rum"']) expect(message).toContain(setting);
  });

  it('describe their settings as JSON Schema, with what holds by default', () => {
    expect(settingsJsonSchema(commandAgentPackage)).toMatchObject({
      properties: { id: { default: 'command' }, env: { default: {} } },
      required: ['run'],
      additionalProperties: false,
    });
    expect(settingsJsonSchema(scriptedAgentPackage)).toMatchObject({
      properties: { id: { default: 'scripted' } },
      required: ['file'],
      additionalProperties: false,
    });
  });

  it('make agents that work', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'baton-agent-packages-'));
    const workspace = await createTestWorkspace();
    try {
      await writeFile(join(directory, 'steps.yaml'), 'default: [{ summary: by the script }]');
      const host = createHost(directory);
      const program = { run: 'echo "by $NAME"', env: { NAME: 'a program' } };
      const agents = [
        await connectAdapter(commandAgentPackage, 'agent', program, host),
        await connectAdapter(scriptedAgentPackage, 'agent', { file: 'steps.yaml', id: 'script-two' }, host),
      ];
      const said: unknown[] = [];
      for (const agent of agents) {
        const session = await agent.start({ workspace: workspace.view, instructions: '' });
        said.push([agent.id, (await collectTurn(session, '')).end.summary]);
      }
      expect(said).toEqual([
        ['command', 'by a program'],
        ['script-two', 'by the script'],
      ]);
    } finally {
      await workspace.dispose();
      await rm(directory, { recursive: true });
    }
  });

  it('take a path below the home directory as every other setting does', async () => {
    const file = '~/no-such-folder-of-baton/steps.yaml';
    const agent = await connectAdapter(scriptedAgentPackage, 'agent', { file }, createHost('/nowhere'));
    const found = await Array.fromAsync(agent.diagnose?.() ?? []);
    expect(found).toMatchObject([{ ok: false, detail: expect.stringContaining(join(homedir(), file.slice(2))) }]);
  });
});
