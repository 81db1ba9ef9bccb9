import { describe, expect, it } from 'vitest';
import type { GitlabNote } from '../src/host/shapes.js';
import { titleBefore } from '../src/source/title-history.js';

const changed = (words: string): GitlabNote => ({
  ...{ id: 1, system: true, created_at: 0, updated_at: 0 },
  body: `changed title from **${words}**`,
});

describe('a title before it was changed', () => {
  it('is read from the notes, newest first', () => {
    expect(titleBefore('New name', [changed('{-Old-} name** to **{+New+} name')])).toBe('Old name');
  });

  it('is in doubt where a note is longer than any of the host', () => {
    const filled = `a** to **b${'{+'.repeat(200_000)}`;
    const before = process.cpuUsage();
    expect(titleBefore('b', [changed(filled)])).toBeNull();
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });
});
