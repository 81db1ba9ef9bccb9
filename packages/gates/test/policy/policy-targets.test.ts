import { describe, expect, it } from 'vitest';
import { judge } from '../judge-change.js';

const makefile = `# all: the sum of it
SRC := a:b
.PHONY: all lint \\
  clean
all: test lint
lint clean: ; true
test unit &: build/app.js
	run: everything
build/%.js: src/%.ts
	tsc
export PATH = a:b
%: %.sh
`;

describe('a new file beside a makefile', () => {
  it.each([
    ['test', 'test'],
    ['unit/sum.txt', 'unit'],
    ['build/app.js', 'build/app.js'],
    ['build/sub/other.js', 'build/sub/other.js'],
  ])('holds where it is named like a target: %s', async (path, told) => {
    for (const name of ['Makefile', 'GNUmakefile', 'rules.mk']) {
      const base = { [name]: makefile, 'a.txt': 'x\n' };
      expect(await judge(base, { ...base, [path]: 'x\n' })).toMatchObject({
        verdict: 'hold',
        reason: expect.stringContaining(
          `named like a target of make, which then takes the target for made and doesn't run it: \`${told}\``,
        ),
      });
    }
  });

  it('holds for one in a directory too, by the way from there', async () => {
    const base = { 'app/Makefile': 'test:\n\ttrue\n', 'test/a.txt': 'x\n' };
    expect(await judge(base, { ...base, 'app/test': 'x\n' })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('`app/test`'),
    });
  });

  it('holds where something was moved there', async () => {
    const base = { Makefile: makefile, 'notes.txt': 'one\ntwo\nthree\n' };
    expect((await judge(base, { Makefile: makefile, 'notes.txt': null, test: 'one\ntwo\nthree\n' })).verdict).toBe(
      'hold',
    );
  });

  it.each([
    ['a phony target', 'lint'],
    ['what only lies in a directory that was there', 'build/notes.txt'],
    ['what no target is named like', 'src/other.ts'],
    ['what is in a recipe or a variable', 'run'],
    ['names of variables', 'SRC'],
  ])('passes for %s', async (_what, path) => {
    const base = { Makefile: makefile, 'build/readme.txt': 'x\n' };
    expect((await judge(base, { ...base, [path]: 'x\n' })).verdict).toBe('pass');
  });

  it('takes no longer for what is long', async () => {
    const base = { Makefile: `${' '.repeat(500_000)}a${' '.repeat(500_000)}\n` };
    expect((await judge(base, { ...base, test: 'x\n' })).verdict).toBe('pass');
  });
});
