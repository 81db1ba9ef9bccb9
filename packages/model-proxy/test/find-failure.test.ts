import { expect, it } from 'vitest';
import { findFailure } from '../src/index.js';

it.each([
  [null, 'error', {}],
  ['busy', 'error', 'busy'],
  [{ type: 'error' }, null, { type: 'error' }],
  [{ error: { message: 'busy' } }, null, { message: 'busy' }],
  [[{ error: 'busy' }], null, 'busy'],
  [null, null, null],
  [{ error: null, choices: [] }, 'message', null],
])('a server that says %j in an event named %s tells of %j', (value, name, found) => {
  expect(findFailure(value, name)).toEqual(found);
});
