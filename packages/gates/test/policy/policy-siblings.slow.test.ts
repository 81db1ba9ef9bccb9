import { describe, expect, it } from 'vitest';
import { judge } from '../judge-change.js';

describe('a new file beside one of its name', () => {
  it('is looked for among so many only as can be looked at', async () => {
    const head = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`src/f${index}.txt`, 'x\n']));
    const judged = await judge({ 'a.txt': 'x\n' }, head, { maxFiles: 1_000, maxLines: 10_000 });
    expect(judged).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('It adds 501 files') });
  });
});
