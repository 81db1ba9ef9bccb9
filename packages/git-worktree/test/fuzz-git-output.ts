import { bytesOfPath, pathOfBytes } from '@baton/adapter-kit';
import { fuzzed, mutatedText } from '@baton/conformance/fuzz';
import { BatonError } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { refuseSkipped } from '../src/bounds/snapshot-bounds.js';
import type { Git } from '../src/git/git.js';
import { type GitFailure, isLocked, mapGitError, mapMachineFailure, staleLockOf } from '../src/git/map-error.js';
import { readFileCommits } from '../src/person/read-file-commits.js';
import { readAttributes } from '../src/snapshot/attributes.js';
import { createComparison, mapTreeChanges, type TreeChange } from '../src/snapshot/changes.js';
import { describeChanges } from '../src/snapshot/describe-changes.js';
import { findTreeEntry, readTreeFile } from '../src/vault/read-tree-file.js';
import { createSubmodules, refuseSubmodules } from '../src/vault/submodules.js';
import { listVaultRefs, readRescueRef } from '../src/vault/vault-refs.js';

const [one, other, none] = ['1'.repeat(40), '2'.repeat(40), '0'.repeat(40)];
const says =
  (stdout: string): Git =>
  async () => ({ exitCode: 0, stdout, stderr: '', isCut: false });

/** Whatever stands in a name on Linux: any bytes but two, as latin1. */
const name = fc
  .array(fc.oneof(fc.constantFrom(...':\t\n "\\\u00e9\u00c3\u00a9\u00f0\u009f'), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((bytes) => bytes.map((each) => (typeof each === 'string' ? each : String.fromCharCode(each))).join(''))
  .filter((each) => !each.includes('/'));

export const names = fuzzed('a name is the same bytes again', name, (each) => {
  expect(bytesOfPath(pathOfBytes(each)).toString('latin1')).toBe(each);
});

interface Told {
  readonly kind: TreeChange['kind'];
  readonly name: string;
  readonly oldName: string;
  readonly lines: number;
}
const told = fc.uniqueArray(
  fc.record({
    kind: fc.constantFrom('added', 'deleted', 'modified', 'renamed', 'type-changed'),
    name,
    oldName: name,
    lines: fc.integer({ min: -1, max: 9 }),
  }),
  { selector: (each) => each.name, maxLength: 6 },
);
const letters: Readonly<Record<TreeChange['kind'], string>> = {
  added: 'A',
  deleted: 'D',
  modified: 'M',
  renamed: 'R090',
  'type-changed': 'T',
};

/** As `git diff-tree -r -z -M --raw --numstat` writes it. */
function write(changes: readonly Told[]): string {
  const raw = changes.map(({ kind, name: now, oldName }) => {
    const [before, after] = [kind === 'added' ? '000000' : '100644', kind === 'deleted' ? '000000' : '100755'];
    const paths = kind === 'renamed' ? `${oldName}\0${now}` : now;
    return `:${before} ${after} ${kind === 'added' ? none : one} ${other} ${letters[kind]}\0${paths}\0`;
  });
  const counts = changes.map(({ kind, name: now, oldName, lines }) => {
    const count = lines < 0 ? '-\t-' : `${lines}\t1`;
    return kind === 'renamed' ? `${count}\t\0${oldName}\0${now}\0` : `${count}\t${now}\0`;
  });
  return raw.join('') + counts.join('');
}

export const changes = fuzzed('what git tells of a change is what it was', told, async (each) => {
  const found = mapTreeChanges(write(each));
  expect(found.map((change) => [change.kind, change.name, change.oldName])).toEqual(
    each.map(({ kind, name: now, oldName }) => [kind, now, kind === 'renamed' ? oldName : null]),
  );
  expect(found.map(({ binary, added }) => (binary ? -1 : added))).toEqual(each.map(({ lines }) => lines));
  const attributes = new Map(each.map(({ name: now }) => [now, { filter: 'lfs', converts: false }]));
  const described = await describeChanges(says('12\nmissing\n'), 'vault', found, {
    attributes,
    alsoAt: (path) => [path, path],
  });
  for (const { bytes, path, filter, mode } of described) {
    expect(bytes).toBeGreaterThanOrEqual(0);
    expect(bytesOfPath(path).length).toBeGreaterThan(0);
    expect(filter).toBe(mode === null ? null : 'lfs');
  }
});

const pieces = [
  '\0',
  '\t',
  ' ',
  '\n',
  ':',
  '-',
  '\0\0',
  ':100644 160000 ',
  'R100',
  'C',
  'X',
  '160000 commit ',
  "'",
  '(',
  ')',
];
const listing = mutatedText(
  [
    `:100644 100644 ${one} ${other} M\0a\0:100644 100644 ${one} ${other} R090\0a\0b\0:100644 160000 ${one} ${other} C80\0a\0c\x001\t1\ta\x000\t0\t\0a\0b\0`,
    `100644 blob ${one}\ta\x00160000 commit ${other}\tlib/\u00ffx\0`,
    `100755 blob ${one}      12\ta\0`,
    `120000 blob ${one}       -\ta\0`,
    `040000 tree ${one}       -\ta\0`,
    `${one}\na@example.com\nb@example.com\nSay more\n\nBaton-Job: j1\n\0${other}\n\n\n`,
    `refs/baton/rescue/j1/1 ${one}\nrefs/baton/commits/j1/2 ${other}\n`,
    'a\0filter\0lfs\0a\0text\0set\0a\0eol\0unspecified\0b\0filter\0unset\0b\0filter\0set\0b\0crlf\0input\0',
  ],
  pieces,
);

/** Git never writes these. A disk that lies, or a git of another day, may. */
export const listings = fuzzed('whatever git prints is read without harm', listing, async (each) => {
  for (const change of mapTreeChanges(each)) {
    expect(change.added).toBeGreaterThanOrEqual(0);
    expect(['added', 'deleted', 'modified', 'renamed', 'type-changed']).toContain(change.kind);
  }
  expect((await readAttributes(says(each), { gitDir: 'x' }, ['a'])).size).toBeLessThanOrEqual(each.length);
  expect((await readAttributes(says(each), { gitDir: 'x' }, [])).size).toBe(0);
  const trees = {
    of: async () => one,
    recall: () => null,
    inIndex: async () => null,
    noteIndex: async () => {},
    forget: () => {},
  };
  const isCut = each.length % 9 === 0;
  const comparison = createComparison(async () => ({ ...(await says(each)({ argv: ['x'] })), isCut }), trees);
  expect(await comparison.changes('x', other, one)).toEqual([]);
  for (const ask of [comparison.changes, comparison.diff]) {
    const asked = ask('x', one, other);
    if (isCut) await expect(asked).rejects.toMatchObject({ code: 'TOO_LARGE' });
    else expect(await ask('x', one, other)).toEqual(await asked);
  }
  for (const { name: ref } of await listVaultRefs(says(each), 'x')) {
    expect(ref).not.toMatch(/^$|\n/);
    const rescued = readRescueRef(ref);
    if (rescued !== null) expect(`refs/baton/rescue/${rescued.job}/`).toBe(ref.slice(0, ref.lastIndexOf('/') + 1));
  }
  for (const { id, emails } of readFileCommits(each)) expect([id.length > 0, emails.length]).toEqual([true, 2]);
  const submodules = createSubmodules(says(each));
  const paths = await submodules.of('x', one);
  expect(await submodules.of('x', one)).toBe(paths);
  expect(refuseSubmodules('r', paths).message).toMatch(/^The base of r has submodules .*\.$/);
  const entry = await findTreeEntry(says(each), 'x', { tree: one, path: 'a' });
  if (entry !== null) expect(entry.id).toMatch(/^[0-9a-f]+$/);
  expect(await findTreeEntry(says(each), 'x', { tree: one, path: `a/../${each}` })).toBe(null);
  const text = await readTreeFile(says(each), 'x', { tree: one, path: 'a' });
  if (text !== null) expect(entry?.regular).toBe(true);
});

const words = mutatedText(
  [
    "fatal: Authentication failed for 'https://git.example/a.git/'\n",
    "remote: error: GH006: Protected branch update failed\nremote: \u001b[31mno\u001b[0m\n!\ta:refs/heads/b\t[remote rejected] (pre-receive hook declined)\nerror: failed to push some refs to 'x'\n",
    `remote: error: GH013: Repository rule violations found for refs/heads/a.\nremote: Review all rules at https://x\nremote: \nremote: ----\nremote:   Found 1 violation:\nremote: - ${'The branch is protected. '.repeat(30)}\nremote:   2eac12b1d0\n ! [remote rejected] a -> b (push declined due to repository rule violations)\n`,
    ' ! [remote rejected] a -> b (pre-receive hook declined)\n',
    "fatal: Unable to create '/vault/index.lock': File exists.\n\nAnother git process seems to be running\n",
    "fatal: unable to access 'https://x/': The requested URL returned error: 503\n",
    'error: unable to write file: No space left on device\n',
    'fatal: mismatched algorithms: client sha256; server sha1\n',
    "fatal: couldn't find remote ref refs/heads/x\n",
    ' ! [rejected]        a -> b (stale info)\n',
    "warning: could not open directory 'a\nb/': Permission denied\n",
    "warning: could not open directory 'a/': File name too long\n",
    "warning: unable to access 'a/.gitattributes': Permission denied\n",
    "error: cannot lock ref 'refs/heads/a': 'refs/heads/a/b' exists; cannot create\n",
    '',
  ],
  [
    ...pieces,
    'remote: ',
    'fatal: ',
    'error: ',
    '! [remote rejected] ',
    'hook declined',
    'timed out',
    "'",
    'returned error: 4',
    '\ud83d\ude00'.repeat(300),
  ],
);
const failure: fc.Arbitrary<GitFailure> = fc.record({
  verb: fc.constantFrom('push', 'fetch', 'write-tree'),
  exitCode: fc.constantFrom(1, 128),
  stdout: words,
  stderr: words,
  url: fc.constantFrom(null, 'https://git.example/a.git'),
});

export const failures = fuzzed('a failure of git is one of ours, in words of one line', failure, (each) => {
  const { message, code, details } = mapGitError(each, 'git-worktree');
  expect(message).toMatch(/^git \S+ (at \S+ )?(failed|was refused): .+/s);
  expect(message).not.toMatch(/\p{Cc}/u);
  expect(message.length).toBeLessThan(1_200);
  expect(message.isWellFormed()).toBe(true);
  expect(BatonError.is(new BatonError(code, message, { details }))).toBe(true);
  expect(isLocked(each)).toBeTypeOf('boolean');
  expect(staleLockOf(each) ?? '.lock').toMatch(/\.lock$/);
  const full = mapMachineFailure(
    Object.assign(new Error(each.stderr), { code: each.exitCode === 1 ? 'ENOSPC' : each.stdout }),
    'x',
  );
  expect(BatonError.is(full, 'DISK_FULL')).toBe(each.exitCode === 1);
  try {
    refuseSkipped(each.stderr);
  } catch (error) {
    expect(BatonError.is(error) ? error.message : String(error)).toMatch(/^(?:The path )?"[^\p{Cc}\p{Cf}]+$/u);
  }
});
