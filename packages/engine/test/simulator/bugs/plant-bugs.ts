import { describe, expect, it } from 'vitest';
import { runMany } from '../runner/run-many.js';
import type { Bug } from './bug.js';

/** In so many runs at most. */
const last = 2_000;

/** Shows of each bug that the simulator finds it by the promise that it breaks. */
export function plantBugs(bugs: readonly (readonly [string, Bug])[]): void {
  describe('a planted bug is found by the promise that it breaks', () => {
    it.each(bugs)('%s', async (bug, { breaks }) => {
      const { broken } = await runMany({ first: 1, last }, { bug, until: breaks });
      expect(broken).not.toEqual([]);
    });
  });
}
