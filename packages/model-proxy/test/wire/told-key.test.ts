import { FailedAnswer } from '@baton/agent-kit';
import { expect, it } from 'vitest';
import { errorOf, mapModelError } from '../../src/wire/map-model-error.js';

const key = 'sk-Secret/Of+TheModel0123456789';
const place = { adapter: 'x', fixes: { key: '', credit: '', model: '', address: '' }, key, now: 0 };

it.each([
  ['as it is', key],
  ['as part of an address', encodeURIComponent(key)],
  ['in base64', Buffer.from(`Bearer ${key}`).toString('base64')],
  ['in hexadecimal', Buffer.from(key).toString('hex')],
])('no part of a key is told that a server quotes %s, where the words are cut in its middle', (_name, told) => {
  for (const before of [0, 480, 485]) {
    const body = { error: { message: `${'p'.repeat(before)} ${told}`, type: 'x' } };
    const trouble = mapModelError(new FailedAnswer({ status: 401, body, header: () => null }), place);
    if (trouble === null) throw new Error('It is a failure of the model.');
    const { message } = errorOf(trouble, 'x');
    for (const at of [10, 14]) expect(message).not.toContain(told.slice(at, at + 6));
  }
});
