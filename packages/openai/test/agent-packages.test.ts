import { connectAdapter, createSystemRuntime, settingsJsonSchema } from '@baton/adapter-kit';
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
  const connect = (settings: AdapterSettings, host = createHost()) =>
    connectAdapter(adapter, 'agent', { ...valid, ...settings }, host);

  it.each<[string, AdapterSettings, string]>([
    ['a name that is a number', { id: 1 }, 'id'],
    ['a name that is not kebab-case', { id: 'Two Words' }, 'id'],
    ['a model that is a list', { model: ['m'] }, 'model'],
    ['a model without a name', { model: '' }, 'model'],
    ['a setting without a value', { model: null }, 'model'],
    ['an address that is a port', { baseUrl: 443 }, 'baseUrl'],
    ['an address that is none', { baseUrl: 'somewhere' }, 'baseUrl'],
    ['an address of another protocol', { baseUrl: 'ftp://h' }, 'baseUrl'],
    ['a password in the address', { baseUrl: 'https://me:secret@h/v1' }, 'baseUrl'],
    ['an address to which the key would go in the clear', { baseUrl: 'http://h/v1' }, 'baseUrl'],
    ['a key in place of its name', { keyEnv: 'sk-123' }, 'keyEnv'],
    ['a key that is refused by a word', { keyEnv: false }, 'keyEnv'],
  ])('refuses %s by name', (_, settings, setting) => expect(connect(settings)).rejects.toThrow(refusal(setting)));

  it('refuses each setting of a wrong type', async () => {
    const settings = Object.keys(Object(settingsJsonSchema(adapter)).properties);
    expect(settings).toContain('baseUrl');
    for (const setting of settings) await expect(connect({ [setting]: true })).rejects.toThrow(refusal(setting));
  });

  it.each(['modle', 'baseURL', 'apiKey', 'binary'])('refuses %s, for which it has no setting', async (name) => {
    const connecting = connect({ [name]: 'x' });
    await expect(connecting).rejects.toThrow(`"${name}"`);
    await expect(connecting).rejects.toThrow(refusal(''));
  });

  it('is named by itself, or as its settings say, and needs no key where none is asked for', async () => {
    expect(await connect({})).toMatchObject({ spec: 'coding-agent/1', id });
    expect(await connect({ id: 'other' })).toMatchObject({ id: 'other' });
    expect(await connect({ keyEnv: null, baseUrl: 'http://gpu.internal:8000/v1' })).toMatchObject({ id });
  });

  it.each(['http://elsewhere.example/v1', 'somewhere'])(
    'takes its address from the environment where the file says none, and names the variable where %s is wrong',
    async (address) => {
      const host = createHost({ OPENAI_BASE_URL: address });
      const details = { setting: 'baseUrl', environmentVariable: 'OPENAI_BASE_URL' };
      const wrong = expect.objectContaining({ code: 'CONFIG_INVALID', details });
      await expect(connect({}, host)).rejects.toThrow(wrong);
      expect(await connect({ baseUrl: 'https://here.example/v1' }, host)).toMatchObject({ id });
    },
  );

  it('describes its settings, what holds by default, and where an address may come from', () => {
    expect(settingsJsonSchema(adapter)).toMatchObject({
      properties: {
        id: { default: id },
        baseUrl: { environmentVariable: 'OPENAI_BASE_URL', description: expect.stringContaining('api.openai.com') },
        keyEnv: { default: 'OPENAI_API_KEY', description: expect.stringContaining('null') },
      },
      additionalProperties: false,
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
