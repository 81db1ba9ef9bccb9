import { describe, expect, it } from 'vitest';
import { type Bug, bugs } from './bugs/bugs.js';
import { runMany } from './runner/run-many.js';

/** In so many runs at most. */
const last = 2_000;

describe('a planted bug is found', () => {
  it.each(Object.entries<Bug>(bugs))('%s: %o', { timeout: 300_000 }, async (bug) => {
    const { broken } = await runMany({ first: 1, last }, { bug, isFirstEnough: true });
    expect(broken).not.toEqual([]);
  });
});
