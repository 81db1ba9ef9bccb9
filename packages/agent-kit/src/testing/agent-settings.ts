import assert from 'node:assert/strict';
import { type AdapterPackage, connectAdapter, settingsJsonSchema } from '@baton/adapter-kit';
import { type AdapterHost, type AdapterSettings, BatonError } from '@baton/core';

/** A package of an agent, and what its settings are tried with. */
export interface AgentSettingsRig {
  readonly adapter: AdapterPackage;
  /** What has to be there beside what is tried. */
  readonly valid: AdapterSettings;
  /** The name that its agent has by itself. */
  readonly id: string;
  /** Where the address comes from, unless the settings say it, and what is usual. */
  readonly address: { readonly variable: string; readonly usual: RegExp };
  /** Where the key comes from, unless the settings say it. */
  readonly keyEnv: string;
  /** A host of these variables, in which `key` names a key that is there. */
  createHost(variables?: Readonly<Record<string, string>>): AdapterHost;
  readonly key: string;
}

/** Runs a test of this name. `it` of any runner. */
export type RunTest = (name: string, test: () => Promise<void>) => void;

/** What is refused, with the setting that the error names. */
const refused: readonly (readonly [string, AdapterSettings, string])[] = [
  ['a name that is a number', { id: 1 }, 'id'],
  ['a name that is not kebab-case', { id: 'Two Words' }, 'id'],
  ['a model that is a list', { model: ['m'] }, 'model'],
  ['a model without a name', { model: '' }, 'model'],
  ['a setting without a value', { model: null }, 'model'],
  ['an address that is a port', { baseUrl: 443 }, 'baseUrl'],
  ['an address that is none', { baseUrl: 'somewhere' }, 'baseUrl'],
  ['an address of another protocol', { baseUrl: 'ftp://example.com' }, 'baseUrl'],
  ['an address with a password', { baseUrl: 'https://me:secret@example.com' }, 'baseUrl'],
  ['an address to which the key would go in the clear', { baseUrl: 'http://example.com' }, 'baseUrl'],
  ['a key in place of its name', { keyEnv: 'sk-123' }, 'keyEnv'],
  ['a key that is refused by a word', { keyEnv: false }, 'keyEnv'],
];

/** What every package of an agent makes of the settings that all of them have. */
export function agentSettingsContract(it: RunTest, rig: AgentSettingsRig): void {
  const { adapter, address, id } = rig;
  const connect = (settings: AdapterSettings, host = rig.createHost()) =>
    connectAdapter(adapter, 'agent', { ...rig.valid, keyEnv: rig.key, ...settings }, host);
  /** `setting`: `''` where it is of no single one, as of an unknown one, and the message says. */
  const refuses = (settings: AdapterSettings, setting: string, words = '') =>
    assert.rejects(connect(settings), (error) => {
      assert.ok(BatonError.is(error, 'CONFIG_INVALID'), String(error));
      assert.equal(error.details.setting, setting);
      assert.ok(error.message.includes(words), error.message);
      return true;
    });

  for (const [name, settings, setting] of refused) {
    it(`refuses ${name} by name`, () => refuses(settings, setting));
  }

  it('refuses each setting of a wrong type', async () => {
    const settings = Object.keys(Object(settingsJsonSchema(adapter)).properties);
    assert.ok(settings.includes('baseUrl'));
    for (const setting of settings) await refuses({ [setting]: true }, setting);
  });

  for (const name of ['modle', 'baseURL', 'base_url', 'apiKey', 'keyenv', 'binary']) {
    it(`refuses ${name}, for which it has no setting`, () => refuses({ [name]: 'x' }, '', `"${name}"`));
  }

  it('is named by itself, or as its settings say', async () => {
    assert.equal((await connect({})).id, id);
    assert.equal((await connect({ id: 'second' })).id, 'second');
  });

  for (const given of ['http://elsewhere.example', 'somewhere']) {
    it(`takes its address from the environment where the file says none, and names the variable where ${given} is wrong`, async () => {
      const host = rig.createHost({ [address.variable]: given });
      const details = { setting: 'baseUrl', environmentVariable: address.variable };
      await assert.rejects(connect({}, host), { code: 'CONFIG_INVALID', details });
      assert.equal((await connect({ baseUrl: 'https://here.example' }, host)).id, id);
    });
  }

  it('describes its settings, what holds by default, and where an address may come from', async () => {
    const schema = Object(settingsJsonSchema(adapter));
    assert.equal(schema.additionalProperties, false);
    assert.equal(schema.properties.id.default, id);
    assert.equal(schema.properties.keyEnv.default, rig.keyEnv);
    assert.equal(schema.properties.baseUrl.environmentVariable, address.variable);
    assert.match(schema.properties.baseUrl.description, address.usual);
  });
}
