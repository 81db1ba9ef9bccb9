import { expect, it } from 'vitest';
import { BatonError, messageOf } from '../src/index.js';

it.each([
  [new Error('it broke'), 'it broke'],
  [new BatonError('UNAVAILABLE', 'It is away.', { details: {} }), 'It is away.'],
  ['only words', 'only words'],
  [undefined, 'undefined'],
  [['a', 'list'], 'a,list'],
])('what a caught value says: %s', (caught, message) => {
  expect(messageOf(caught)).toBe(message);
});
