import { connectAdapter, createSystemRuntime } from '@baton/adapter-kit';
import github from '@baton/github';
import { createMemoryHost } from '@baton/memory';
import { expect, it } from 'vitest';
import { failureOf } from '../failure-of.js';

const app = { id: 1, installation: 2 };

it.each([
  ['a token with characters that none has', {}, 'ghp_…', /GITHUB_TOKEN holds is no token/],
  ['a token in two lines', {}, 'ghp_one\nghp_two', /GITHUB_TOKEN holds is no token/],
  ['a key that is none', { app }, 'hello', /GITHUB_APP_PRIVATE_KEY holds is no private key in PEM/],
  [
    'a token in the place of its variable',
    { tokenEnv: 'ghp_pasted' },
    null,
    /takes the name of an environment variable/,
  ],
])('%s is the fault of the configuration, and not repeated', async (_name, settings, secret, said) => {
  const host = { ...createMemoryHost({ runtime: createSystemRuntime() }), secret: () => secret };
  const whole = { repository: 'acme/shop', ...settings };
  const error = await failureOf(connectAdapter(github, 'source', whole, host));
  expect(error.code).toBe('CONFIG_INVALID');
  expect(error.message).toMatch(said);
  for (const each of ['pasted', 'ghp_', 'hello']) expect(`${error.message} ${error.fix}`).not.toContain(each);
});
