import { expect, it } from 'vitest';
import { runMany } from './runner/run-many.js';

// Those before run with every test.
const [first, last] = [101, 1_000];

it(`the engine keeps every promise in the seeds from ${first} to ${last}, too (G17)`, {
  timeout: 600_000,
}, async () => {
  expect((await runMany({ first, last })).broken).toEqual([]);
});
