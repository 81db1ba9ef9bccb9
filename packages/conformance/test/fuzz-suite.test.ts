import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzed } from '../src/fuzz.js';

describe('a fuzzed parser', () => {
  it.each([1, 2, 3])('is thrown its corpus first, whatever the seed (%s)', async (seed) => {
    const seen: number[] = [];
    const parser = fuzzed('x', fc.nat(), (each) => void seen.push(each), [-1, -2]);
    await parser.check({ numRuns: 10, seed });
    expect(seen.length).toBe(10);
    expect(seen.slice(0, 2)).toEqual([-1, -2]);
    expect(seen.slice(2).every((each) => each >= 0)).toBe(true);
  });
});
