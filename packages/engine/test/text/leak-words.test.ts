import { describe, expect, it } from 'vitest';
import { describeLeaks } from '../../src/render/describe-leaks.js';

describe('why nothing was pushed', () => {
  it('says where the daemon\u2019s own stands, and to exchange it', () => {
    const place = { path: 'src/a.js', line: 14 };
    expect(describeLeaks([{ where: 'diff', kind: 'FORGE_TOKEN (base64)', by: 'held', place }])).toBe(
      "Nothing was pushed: src/a.js:14 holds the daemon's own FORGE_TOKEN (base64). Exchange what the daemon holds: whoever made the change may know it.",
    );
  });

  it('says what only looks like one, and what to do on a false alarm', () => {
    const place = { path: 'a\nb.env', line: null };
    expect(describeLeaks([{ where: 'diff', kind: 'github: GITHUB_TOKEN', by: 'shape', place }])).toBe(
      'Nothing was pushed: a b.env, over several lines, holds what looks like a secret by its shape (github: GITHUB_TOKEN). If it is no secret, ask in the issue for a text that is put together from parts, and try again.',
    );
  });

  it('is bounded, and gives no advice that would be wrong for one of them', () => {
    const leaks = Array.from({ length: 9 }, (_, index) => ({ where: `comment ${index}`, kind: 'x' }));
    const told = describeLeaks([{ where: 'title', kind: 'y', by: 'shape' }, ...leaks]);
    expect(told).toContain(
      'the title holds what looks like a secret by its shape (y); the comment 0 holds a secret (x)',
    );
    expect(told).toMatch(/\. And 5 more\.$/);
  });
});
