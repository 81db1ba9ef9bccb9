import { describe, expect, it } from 'vitest';
import { judge } from '../judge-change.js';

describe('a new file beside one of its name', () => {
  it.each([
    ['src/index.ts', 'src/index.js'],
    ['src/cart.js', 'src/cart.mjs'],
    ['src/cart/index.ts', 'src/cart.ts'],
    ['shop/cart.py', 'shop/cart/__init__.py'],
  ])('holds where it can be loaded in place of it: %s, %s', async (old, path) => {
    expect(await judge({ [old]: 'x\n' }, { [old]: 'y\n', [path]: 'z\n' })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringMatching(new RegExp(`loaded in place of others.*\`${path}\`, \`${old}\``)),
    });
    const [text, other] = ['first line\nsecond line\nthird line\n', 'other\n'];
    const moved = await judge(
      { [old]: other, 'lib/spare.txt': text },
      { [old]: other, 'lib/spare.txt': null, [path]: text },
    );
    expect(moved.verdict).toBe('hold');
  });

  it.each([
    ['two that are new', {}, { 'src/a.js': 'x\n', 'src/a.mjs': 'x\n' }],
    ['what it is renamed from', { 'src/a.js': 'x\ny\nz\n' }, { 'src/a.js': null, 'src/a.ts': 'x\ny\nz\n' }],
    [
      'types, styles, data and tests',
      { 'src/a.js': 'x\n' },
      { 'src/a.d.ts': 'x\n', 'src/a.css': 'x\n', 'src/a.json': '1\n', 'src/a.test.ts': 'x\n' },
    ],
    ['a directory that a file of the name comes before', { 'src/a.js': 'x\n' }, { 'src/a/index.js': 'x\n' }],
    ['a change of both', { 'src/a.js': 'x\n', 'src/a.mjs': 'x\n' }, { 'src/a.js': 'y\n', 'src/a.mjs': 'y\n' }],
  ])('passes for %s', async (_what, base, head) => {
    expect((await judge(base, head)).verdict).toBe('pass');
  });
});
