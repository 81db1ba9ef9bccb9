import { describe, expect, it } from 'vitest';
import { runMany } from './runner/run-many.js';

// Those before run with every test.
const [first, last] = [101, 1_000];

describe('the engine while everything goes wrong (G17)', () => {
  it(`keeps every promise in the seeds from ${first} to ${last}, too`, async () => {
    expect((await runMany({ first, last })).broken).toEqual([]);
  });
});
