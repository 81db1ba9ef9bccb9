import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cartTotal } from '../src/cart.js';

const cart = [
  { cents: 250, quantity: 2 },
  { cents: 500, quantity: 1 },
];

test('adds up what is in the cart', () => {
  assert.equal(cartTotal(cart), 1000);
});

test('takes a fixed coupon off', () => {
  assert.equal(cartTotal(cart, [{ kind: 'fixed', value: 300 }]), 700);
});

test('takes a percentage off', () => {
  assert.equal(cartTotal(cart, [{ kind: 'percent', value: 10 }]), 900);
});
