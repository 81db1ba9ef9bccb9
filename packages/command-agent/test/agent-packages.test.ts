import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { collectTurn, createTestWorkspace } from '@baton/agent-kit/testing';
import type { AdapterHost, AdapterSettings } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { commandAgentPackage, scriptedAgentPackage } from '../src/index.js';

const refuse = (): never => {
  throw new Error('not for an agent');
};

function createHost(configDirectory: string): AdapterHost {
  return {
    runtime: createSystemRuntime(),
    sandbox: { spec: 'sandbox/1', id: 'none', measure: refuse, spawn: refuse },
    stateDirectory: '/nowhere',
    configDirectory,
    secret: refuse,
    mask: refuse,
    price: refuse,
    log: refuse,
  };
}

describe('adapter packages', () => {
  it.each([
    ['no program', commandAgentPackage, {}, 'run'],
    ['an unknown key', commandAgentPackage, { run: 'true', rum: 1 }, 'rum'],
    ['an environment that is not text', commandAgentPackage, { run: 'true', env: { A: 1 } }, 'env.A'],
    ['a name that is not kebab-case', commandAgentPackage, { run: 'true', id: 'My Agent' }, 'id'],
    ['no file', scriptedAgentPackage, {}, 'file'],
  ])('refuse %s by name', (_, adapterPackage, settings: AdapterSettings, setting) => {
    const connect = () => adapterPackage.connect({}, createHost('/')).agent?.(settings);
    const error = { code: 'CONFIG_INVALID', message: expect.stringContaining(setting) };
    expect(connect).toThrow(expect.objectContaining(error));
  });

  it('refuse a wrong setting of the connection at once', () => {
    expect(() => commandAgentPackage.connect({ rum: 1 }, createHost('/'))).toThrow('rum');
    expect(() => scriptedAgentPackage.connect({ file: 1 }, createHost('/'))).toThrow('file');
  });

  it('describe their settings as JSON Schema', () => {
    expect(commandAgentPackage.settingsSchema).toMatchObject({ required: ['run'], additionalProperties: false });
    expect(scriptedAgentPackage.settingsSchema).toMatchObject({ required: ['file'], additionalProperties: false });
  });

  it('make agents that work', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'baton-agent-packages-'));
    const workspace = await createTestWorkspace();
    try {
      await writeFile(join(directory, 'steps.yaml'), 'default: [{ summary: by the script }]');
      const host = createHost(directory);
      const agents = [
        commandAgentPackage.connect({}, host).agent?.({ run: 'echo "by $NAME"', env: { NAME: 'a program' } }),
        scriptedAgentPackage.connect({ file: 'steps.yaml' }, host).agent?.({ id: 'script-two' }),
      ];
      const said: unknown[] = [];
      for (const agent of agents) {
        const session = await agent?.start({ workspace: workspace.view, instructions: '' });
        if (session) said.push([agent?.id, (await collectTurn(session, '')).end.summary]);
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
});
