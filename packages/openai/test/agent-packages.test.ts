import { connectAdapter, createSystemRuntime, settingsJsonSchema } from '@baton/adapter-kit';
import { agentSettingsContract } from '@baton/agent-kit/testing';
import type { AdapterHost, AdapterSettings, Diagnosis } from '@baton/core';
import { createMemoryHost } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { codexPackage, openaiPackage } from '../src/index.js';
import { key, type RawAnswer, startRawServer } from './raw-server.js';

const createHost = (variables: Readonly<Record<string, string>> = {}): AdapterHost =>
  createMemoryHost({ runtime: createSystemRuntime(), secrets: { OPENAI_API_KEY: key }, variables });

/** The setting that an error names; where it is of no single one, as of an unknown one, `''` and the message says. */
const refusal = (setting: string) =>
  expect.objectContaining({ code: 'CONFIG_INVALID', details: expect.objectContaining({ setting }) });

describe.each([
  ['openai', openaiPackage, { model: 'm' }],
  ['codex', codexPackage, {}],
])('the package %s', (id, adapter, valid) => {
  const address = { variable: 'OPENAI_BASE_URL', usual: /api\.openai\.com/ };
  const keyEnv = 'OPENAI_API_KEY';
  agentSettingsContract(it, { id, adapter, valid, address, keyEnv, createHost, key: keyEnv });

  it('needs no key where none is asked for', async () => {
    const settings = { ...valid, keyEnv: null, baseUrl: 'http://gpu.internal:8000/v1' };
    expect(await connectAdapter(adapter, 'agent', settings, createHost())).toMatchObject({ id });
    expect(settingsJsonSchema(adapter)).toMatchObject({
      properties: { keyEnv: { description: expect.stringContaining('null') } },
    });
  });
});

describe('openaiPackage', () => {
  it.each<[string, AdapterSettings, string]>([
    ['no model', {}, 'model'],
    ['an unknown API', { model: 'm', api: 'completions' }, 'api'],
    ['too short a reply', { model: 'm', maxOutputTokens: 255 }, 'maxOutputTokens'],
    ['half a token', { model: 'm', maxOutputTokens: 256.5 }, 'maxOutputTokens'],
    ['too narrow a window', { model: 'm', contextWindow: 4_095 }, 'contextWindow'],
    ['a window as text', { model: 'm', contextWindow: '128k' }, 'contextWindow'],
    ['no room for input', { model: 'm', contextWindow: 8192, maxOutputTokens: 8192 }, 'contextWindow'],
    ['no room for input by default', { model: 'm', api: 'chat', maxOutputTokens: 16_385 }, 'contextWindow'],
  ])('refuses %s by name', (_, settings, setting) =>
    expect(connectAdapter(openaiPackage, 'agent', settings, createHost())).rejects.toThrow(refusal(setting)),
  );

  it('describes what it needs, and what depends on the API', () => {
    expect(settingsJsonSchema(openaiPackage)).toMatchObject({
      properties: {
        api: { default: 'responses', enum: ['responses', 'chat'] },
        maxOutputTokens: { description: expect.stringContaining('16384, with chat 8192') },
        contextWindow: { description: expect.stringContaining('200000, with chat 32768') },
      },
      required: ['model'],
    });
  });

  const diagnose = async (settings: AdapterSettings, host: AdapterHost): Promise<readonly Diagnosis[]> => {
    const agent = await connectAdapter(openaiPackage, 'agent', { model: 'm', ...settings }, host);
    return Array.fromAsync(agent.diagnose?.() ?? []);
  };

  it('asks the server that the environment names', async () => {
    await using server = await startRawServer(() => ({
      headers: { 'content-type': 'application/json' },
      text: '{"object":"list","data":[{"id":"m"}]}',
    }));
    const lines = await diagnose({}, createHost({ OPENAI_BASE_URL: `${server.url}/v1` }));
    expect(lines).toEqual([{ check: 'model', ok: true, detail: 'The server answers and has m.', fix: null }]);
    expect(server.requests[0]?.path).toBe('/v1/models');
  });

  it.each<[string, RawAnswer, string]>([
    [
      'another model',
      { headers: { 'content-type': 'application/json' }, text: '{"data":[{"id":"n"}]}' },
      "doesn't list m, only n",
    ],
    ['a wrong key', { status: 401, text: '{"error":{"message":"no"}}' }, 'refused the key'],
    ['a page', { headers: { 'content-type': 'text/html' }, text: '<html></html>' }, 'text/html'],
  ])('tells a doctor of %s', async (_, answer, detail) => {
    await using server = await startRawServer(() => answer);
    const lines = await diagnose({ baseUrl: `${server.url}/v1` }, createHost());
    expect(lines).toEqual([expect.objectContaining({ detail: expect.stringContaining(detail) })]);
  });
});

describe('codexPackage', () => {
  it.each<[string, AdapterSettings, string]>([
    ['a program without a name', { program: '' }, 'program'],
    ['a program that is a list', { program: ['codex'] }, 'program'],
    ['one thing to allow that is no list', { allow: 'tools[].type=web_search' }, 'allow'],
    ['nothing to allow', { allow: ['tools[].type=web_search', ''] }, 'allow.1'],
  ])('refuses %s by name', (_, settings, setting) =>
    expect(connectAdapter(codexPackage, 'agent', settings, createHost())).rejects.toThrow(refusal(setting)),
  );

  it('describes what it runs by default', () => {
    const schema = settingsJsonSchema(codexPackage);
    expect(schema).toMatchObject({ properties: { program: { default: 'codex' }, allow: { default: [] } } });
    expect(schema).not.toHaveProperty('required');
  });
});
