import { expect, it } from 'vitest';
import { createBaton } from '../../src/index.js';
import { findBrokenSeeds } from './broken-seeds.js';

// Those before run with every test.
const [first, last] = [301, 1_500];

it(`the engine keeps every promise in the seeds from ${first} to ${last}, too (G17)`, {
  timeout: 600_000,
}, async () => {
  expect(await findBrokenSeeds({ createBaton }, { first, last })).toEqual([]);
});
