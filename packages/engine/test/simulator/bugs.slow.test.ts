import { describe, expect, it } from 'vitest';
import type { Bug } from './bugs/bug.js';
import { bugs } from './bugs/bugs.js';
import { runMany } from './runner/run-many.js';

/** In so many runs at most. */
const last = 2_000;

describe('a planted bug is found by the promise that it breaks', () => {
  it.each(Object.entries<Bug>(bugs))('%s', async (bug, { breaks }) => {
    const { broken } = await runMany({ first: 1, last }, { bug, until: breaks });
    expect(broken).not.toEqual([]);
  });
});
