import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCents } from '../src/money.js';

test('writes dollars and cents', () => {
  assert.equal(formatCents(1234), '$12.34');
});

test('pads small amounts', () => {
  assert.equal(formatCents(5), '$0.05');
});
