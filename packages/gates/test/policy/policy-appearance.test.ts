import { describe, expect, it } from 'vitest';
import { type Entries, judge, judgeName } from '../judge-change.js';

describe('what reads as something else', () => {
  it.each([
    ["git's own directory", '.g\u200cit/config'],
    ["git's own directory", 'docs/GIT~1/config'],
    ["git's own directory", '.git./config'],
    ["git's own directory", '.git::$INDEX_ALLOCATION/config'],
    ['characters that nobody sees', 'src/a\u202egpj.ts'],
    ['characters that nobody sees', 'src/a\u2028b.ts'],
    ['Windows', 'src/nul.ts'],
    ['Windows', 'docs/BATONC~1.YAM'],
    ['Windows', 'src/a?.ts'],
    ['Windows', 'src/a\udcff.ts'],
  ])('a name that is read as %s holds: %j', async (told, path) => {
    expect(await judgeName(path)).toMatchObject({ verdict: 'hold', reason: expect.stringContaining(told) });
  });

  it.each<[string, Entries, Entries, string]>([
    ['a directory', { 'src/a.ts': 'x\n' }, { 'SRC/a.ts': 'y\n' }, '`SRC/a.ts` beside `src/a.ts`'],
    ['a directory of others', { 'src/a.ts': 'x\n' }, { 'SRC/b.ts': 'y\n' }, '`SRC` beside `src`'],
    ['a file', { 'docs/Guide.md': 'x\n' }, { 'docs/guide.md': 'y\n' }, '`docs/guide.md` beside `docs/Guide.md`'],
    ['a directory that is a file there', { 'src/a.ts': 'x\n' }, { Src: 'y\n' }, '`Src` beside `src`'],
    [
      'a file that was moved',
      { 'a.ts': 'x\n'.repeat(9), 'B.ts': 'y\n' },
      { 'a.ts': null, 'b.ts': 'x\n'.repeat(9) },
      'B.ts',
    ],
    [
      'another form of Unicode',
      { 'caf\u00e9.txt': 'x\n' },
      { 'cafe\u0301.txt': 'y\n' },
      '(in another form of Unicode)',
    ],
  ])(
    'a new name that is one with that of an unchanged file holds, and both are told: %s',
    async (_, base, head, told) => {
      expect(await judge(base, head)).toMatchObject({ verdict: 'hold', reason: expect.stringContaining(told) });
    },
  );

  it('twins that the base has are nobody’s change', async () => {
    const twins = { 'src/a.ts': 'x\n', 'Src/a.ts': 'y\n', 'B.md': 'x\n', 'b.md': 'y\n' };
    expect((await judge(twins, { 'src/a.ts': 'z\n', 'Src/a.ts': 'z\n', 'b.md': 'z\n' })).verdict).toBe('pass');
    expect((await judge(twins, { 'src/new.ts': 'z\n' })).verdict).toBe('pass');
    expect((await judge(twins, { 'SRC/new.ts': 'z\n' })).verdict).toBe('hold');
    expect((await judge(twins, { 'b.md': null })).verdict).toBe('pass');
  });

  it('names that differ in case alone hold, of files and of directories', async () => {
    expect((await judge({}, { 'src/a.ts': 'x\n', 'src/A.ts': 'x\n' })).verdict).toBe('hold');
    expect((await judge({}, { 'src/a.ts': 'x\n', 'Src/b.ts': 'x\n' })).verdict).toBe('hold');
    expect((await judge({ 'src/a.ts': 'one\n' }, { 'src/a.ts': null, 'src/A.ts': 'one\n' })).verdict).toBe('pass');
  });

  it('a repository written as plain files holds', async () => {
    const head = { 'docs/api/HEAD': 'ref: refs/heads/main\n', 'docs/api/config': '[core]\n', 'docs/api/objects/x': '' };
    expect(await judge({}, head)).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('docs/api/HEAD') });
    expect((await judge({}, { 'bin/head': '#!/bin/sh\n' })).verdict).toBe('pass');
  });

  it.each([
    ['if (user !== "admin\u202e \u2066// check\u2069 \u2066") {}'],
    ['const a\u200b = 1;'],
    ['const \u3164 = 1;'],
    ['text\u{e0041}\u{e0042}'],
    ['const x\u200d = 1;'],
    ['a\ufeffb'],
    ['a\ufe01b'],
    ['"ad\u00admin"'],
    ['"a\u034fb"'],
    ['"\u{1bca0}\u{1bca1}\u{1d173}\u{1d174}"'],
    ['"\ufff9a\ufffab\ufffb"'],
    ['"❤\ufe0f\ufe0e\ufe0f\ufe0e"'],
    ['"é\u200d\u200c\u200d\u200c"'],
    ['"❤\u200d\ufe0e"'],
    ['echo \u001b[2Kfine'],
    ['// a remark\u2028process.exit(0);'],
    ['// a remark\u2029process.exit(0);'],
    ['# a remark\rraise SystemExit'],
    ['# a remark\rraise SystemExit\r'],
  ])('an added line that shows other than it is holds: %j', async (line) => {
    expect(await judge({}, { 'a.ts': `${line}\n` })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('a.ts'),
    });
    expect((await judge({ 'a.ts': `${line}\n` }, { 'a.ts': 'x\n' })).verdict).toBe('pass');
  });

  it.each([
    ['\ufeffusing System;'],
    ['"👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 ❤\ufe0f\u200d🔥"'],
    ['"می\u200cخواهم"'],
    ['a\tb\r'],
  ])('writing as people write passes: %j', async (line) => {
    expect((await judge({}, { 'a.ts': `${line}\n` })).verdict).toBe('pass');
  });
});
