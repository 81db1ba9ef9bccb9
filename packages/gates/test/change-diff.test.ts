import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bytesOfPath, pathOfBytes } from '@baton/adapter-kit';
import type { Change } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseChangeDiff } from '../src/diff/change-diff.js';
import { judgeLinks } from '../src/policy/tree-links.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'baton-change-diff-'));
  git('init', '-q');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...argv: readonly string[]): string {
  const env = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', argv, { cwd: root, encoding: 'latin1', env });
}

const placeOf = (path: string): Buffer => Buffer.concat([Buffer.from(`${root}/`), bytesOfPath(path)]);

function write(path: string, text: string | Buffer): void {
  const place = placeOf(path);
  mkdirSync(dirname(place.toString('latin1')), { recursive: true });
  writeFileSync(place, text);
}

function tree(): string {
  git('add', '-A');
  return git('write-tree').trim();
}

const diffOf = (before: string, after: string, ...options: readonly string[]): string =>
  Buffer.from(git(...options, 'diff-tree', '-r', '-M', '--patch', before, after, '--'), 'latin1').toString('utf8');

/** The names, as git tells them to programs. */
const namesOf = (before: string, after: string): readonly string[] =>
  pathOfBytes(git('diff-tree', '-r', '-M', '-z', '--name-only', before, after))
    .split('\0')
    .slice(0, -1);

/** Each is another file than the one before it to git, and would be the same to who reads its name loosely. */
const odd = [
  'plain.txt',
  'plain.txt ',
  'plain.txt\u00a0',
  'plain.txt\t',
  '"plain.txt"',
  'back\\slash',
  'back\\\\slash',
  'line\nbreak',
  'a',
  'a b/a',
  'x b/x',
  'dev/null',
  'grün',
  '\ufeffgrün',
  'caf\udce9.txt',
  'caf\udce8.txt',
  'caf\ufffd.txt',
  'both"\udce9\u00a0',
];

describe('the files of a diff', () => {
  it.each([
    ['as git quotes them', []],
    ['unquoted where they can be', ['-c', 'core.quotePath=false']],
  ])('go by their exact names, whatever is in these, %s', (_name, options) => {
    const empty = tree();
    const names = options.length === 0 ? odd : odd.filter((name) => name.isWellFormed());
    for (const [index, name] of names.entries()) write(name, `line ${index}\n`);
    const first = tree();
    for (const [index, name] of names.entries()) write(name, `line ${index}\nmore\n`);
    const second = tree();
    const told = (before: string, after: string) => parseChangeDiff(diffOf(before, after, ...options)) ?? [];
    const known = namesOf(empty, first);
    expect(known.toSorted()).toEqual(names.toSorted());
    expect(told(empty, first).map(({ oldPath, path }) => [oldPath, path])).toEqual(known.map((name) => [null, name]));
    expect(told(first, second).map(({ oldPath, path }) => [oldPath, path])).toEqual(known.map((name) => [name, name]));
    expect(told(second, empty).map(({ oldPath, path }) => [oldPath, path])).toEqual(known.map((name) => [name, null]));
    for (const { path, addedLines } of told(empty, first)) {
      expect(addedLines).toEqual([`line ${names.indexOf(path ?? '')}`]);
    }
  });

  it('go by these where no line of theirs is shown: moved, of another mode, empty, or no text', () => {
    for (const name of odd) write(name, `the text of ${JSON.stringify(name)}\n`.repeat(20));
    const first = tree();
    for (const name of odd) rmSync(placeOf(name));
    for (const name of odd) write(`moved/${name}`, `the text of ${JSON.stringify(name)}\n`.repeat(20));
    const moved = tree();
    const files = parseChangeDiff(diffOf(first, moved)) ?? [];
    expect(files.map(({ oldPath, path }) => `moved/${oldPath}` === path)).toEqual(odd.map(() => true));
    expect(files.map(({ path }) => path)).toEqual(namesOf(first, moved));

    git('read-tree', '--empty');
    for (const name of odd) {
      rmSync(placeOf(`moved/${name}`));
      write(name, Buffer.of(0, 1, 2));
    }
    const binary = tree();
    for (const name of odd) write(name, '');
    const empty = tree();
    const none = git('mktree', '--missing').trim();
    for (const [before, after] of [
      [none, binary],
      [binary, empty],
      [none, empty],
    ] as const) {
      expect(parseChangeDiff(diffOf(before, after))?.map(({ path }) => path)).toEqual(namesOf(before, after));
    }
    expect(parseChangeDiff(diffOf(empty, none))?.map(({ oldPath }) => oldPath)).toEqual(namesOf(empty, none));
  });
});

describe('a line of a diff', () => {
  // To a regular expression these end a line; to git they stand in one.
  it.each(['\r', '\u2028', '\u2029'])('is one to its end at %j, whatever stands behind that', (end) => {
    const forged = (name: string): string => `it${end}diff --git a/${name} b/${name}${end}@@ -1 +1 @@`;
    write('a.txt', 'first\n');
    write('b.txt', `first\n2\n3\n4\n5\n6\n${forged('a.txt')}\n8\n9\n10\n11\n12\nlast\n`);
    const before = tree();
    write('a.txt', `second\n${forged('b.txt')}\n`);
    write('b.txt', `second\n2\n3\n4\n5\n6\n${forged('a.txt')}\n8\n9\n10\n11\n12\n${forged('a.txt')}\n`);
    const after = tree();
    const files = parseChangeDiff(diffOf(before, after)) ?? expect.fail('unread');
    expect(files.map(({ path, addedLines, deletedLines }) => [path, addedLines, deletedLines])).toEqual([
      ['a.txt', ['second', forged('b.txt')], ['first']],
      ['b.txt', ['second', forged('a.txt')], ['first', 'last']],
    ]);
  });
});

describe('an added line', () => {
  const old = Array.from({ length: 40 }, (_, index) => `old ${index}`);
  it.each([
    ['in a new file', null, 'a\nb\n'],
    ['in one without an end of its last line', null, 'a\nb'],
    ['behind a last line that had no end', old.join('\n'), `${old.join('\n')}\nnew`],
    ['in several places', `${old.join('\n')}\n`, `${old.with(2, 'x').toSpliced(20, 4, 'y', '').join('\n')}\nz\n`],
    ['in place of all', 'a\nb', 'c\n\nd'],
  ])('stands where the diff says, %s', (_name, before, now) => {
    if (before !== null) write('a.txt', before);
    const first = tree();
    write('a.txt', now);
    const [file] = parseChangeDiff(diffOf(first, tree())) ?? [];
    const lines = now.split('\n');
    expect(file?.addedLines.length).toBeGreaterThan(0);
    expect(file?.addedAt.map((at) => lines[at - 1])).toEqual(file?.addedLines);
    expect(file?.restore(now)).toBe(before ?? '');
  });
});

describe('a link', () => {
  it.each(odd.filter((name) => !name.includes('/')))('is judged by where it leads, called %j', (name) => {
    const empty = tree();
    symlinkSync('/etc/passwd', placeOf(name));
    // One that is harmless, and that a loose reading would take for it.
    for (const other of ['caf\ufffd.txt', 'plain.txt', 'plain.txt\udce9']) {
      if (other !== name) symlinkSync('inside', placeOf(other));
    }
    const after = tree();
    const files = parseChangeDiff(diffOf(empty, after)) ?? expect.fail('unread');
    const changes = namesOf(empty, after).map(
      (path): Change => ({
        ...{ path, oldPath: null, kind: 'added', oldMode: null, mode: '120000', added: 1, deleted: 0 },
        ...{ binary: false, bytes: 0, oldBytes: 0, filter: null },
      }),
    );
    expect(judgeLinks(changes, files)).toContainEqual({
      verdict: 'stop',
      text: expect.stringContaining('lead out of the repository'),
    });
  });
});
