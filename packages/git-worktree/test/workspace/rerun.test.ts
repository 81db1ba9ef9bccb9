import { describe, expect, it } from 'vitest';
import { createRerun } from '../../src/workspace/rerun.js';

describe('a task that is asked for again', () => {
  it('runs again when it was asked for in its last moment, never twice at once, and once for many who ask', async () => {
    const seen: string[] = [];
    let wanted = 1;
    const rerun = createRerun(async (key) => {
      const looked = wanted;
      seen.push(`${key}${looked} begins`);
      await Promise.resolve();
      // It has looked already: what changes now it can't know.
      if (looked < 3) {
        wanted += 1;
        for (let each = 0; each < 3; each += 1) expect(await rerun(key)).toBeUndefined();
      }
      seen.push(`${key}${looked} ends`);
    });
    await rerun('a');
    expect(seen).toEqual(['a1 begins', 'a1 ends', 'a2 begins', 'a2 ends', 'a3 begins', 'a3 ends']);
  });

  it('can be asked for again after it failed', async () => {
    let runs = 0;
    const rerun = createRerun(async () => {
      runs += 1;
      if (runs === 1) throw new Error('first');
    });
    await expect(rerun('a')).rejects.toThrow('first');
    await rerun('a');
    expect(runs).toBe(2);
  });
});
