import { describe, expect, it } from 'vitest';
import { namedFolders } from '../../src/context/named-folders.js';

describe('the folders that a text names', () => {
  it.each([
    ['The sum in `src/cart/total.ts:40:7` is wrong.', ['src', 'src/cart']],
    ['Everything below packages/web/ is slow', ['packages', 'packages/web']],
    ['at total (src/cart/total.ts:4)\n at main (src/main.ts:1)', ['src', 'src/cart']],
    ['see ./docs/guide and "apps/a/b.c/d.e"', ['docs', 'apps', 'docs/guide', 'apps/a', 'apps/a/b.c']],
    ['.github/workflows/ci.yml', ['.github', '.github/workflows']],
    ['nothing but words, and total.ts', []],
    ['../outside/a.ts and src/../../b.ts', []],
    ['/etc/passwd and https://example.com/acme/web/blob/main/src/a.ts', []],
    ['either/or', ['either', 'either/or']],
  ])('%s', (text, folders) => {
    expect(namedFolders(text, 12)).toEqual(folders);
  });

  it('the outermost first, and no more than are asked for', () => {
    expect(namedFolders('a/b/c/d/e.ts f/g.ts', 3)).toEqual(['a', 'f', 'a/b']);
  });

  it('takes no time over a text without an end', () => {
    const begun = process.cpuUsage();
    const text = `${'a'.repeat(300_000)} ${'a/'.repeat(300_000)}x ${'a/'.repeat(149)}x ${'b/c.ts '.repeat(100_000)}`;
    expect(namedFolders(text, 2)).toEqual(['a', 'b']);
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1e6).toBeLessThan(1);
  });
});
