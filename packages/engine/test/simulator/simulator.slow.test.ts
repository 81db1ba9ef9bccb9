import { describe, expect, it } from 'vitest';
import { createBaton } from '../../src/index.js';
import { describeStory } from './runner/describe-story.js';
import { runMany } from './runner/run-many.js';
import { simulate } from './simulate.js';

// Those before run with every test.
const [first, last] = [101, 1_000];
/** Beyond those: in each a promise was broken once. */
const mended = [4_384, 6_975, 8_782];

describe('the engine while everything goes wrong (G17)', () => {
  it(`keeps every promise in the seeds from ${first} to ${last}, too`, { timeout: 600_000 }, async () => {
    expect((await runMany({ first, last })).broken).toEqual([]);
  });

  it.each(mended)('keeps every promise in seed %d, where it once did not', async (seed) => {
    const report = await simulate({ seed, createBaton });
    expect(report.violations, describeStory(report)).toEqual([]);
  });
});
