import { type GateRig, gateContract } from '@baton/conformance';
import type { GateInput } from '@baton/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createChangePolicyGate } from '../../src/index.js';
import { gateInput } from '../gate-input.js';
import { type Entries, judge } from '../judge-change.js';
import { createPlainWorkspace } from '../plain-workspace.js';
import { changeOf } from '../repository.js';

describe('as a gate', () => {
  const opened: AsyncDisposable[] = [];
  afterAll(async () => {
    for (const each of opened) await each[Symbol.asyncDispose]();
  });
  /** Made once for all cases: git takes its time, and the suite itself sees to it that no gate changes a checkout. */
  const situation = (head: Entries): (() => Promise<GateInput>) => {
    let made: Promise<GateInput & AsyncDisposable> | undefined;
    return async () => {
      made ??= changeOf({ 'a.ts': 'one\n' }, head);
      opened.push(await made);
      return made;
    };
  };
  const situations: GateRig['situations'] = {
    pass: situation({ 'a.ts': 'two\n' }),
    rework: situation({ 'a.ts': '<<<<<<< ours\none\n=======\ntwo\n>>>>>>> theirs\n' }),
    hold: situation({ '.github/workflows/ci.yml': 'on: push\n' }),
    stop: situation({ 'vendor/lib': 'gitlink' }),
  };
  gateContract(it, async () => ({
    gate: createChangePolicyGate(),
    checks: [],
    situations,
    processes: async () => [],
    dispose: async () => {},
  }));
});

describe('size', () => {
  it('up to the limits passes; more files or lines than allowed hold', async () => {
    const three = { 'a.ts': '1\n2\n', 'b.ts': '1\n', 'c.ts': '1\n' };
    expect(await judge({}, three, { maxFiles: 3, maxLines: 4 })).toEqual({ verdict: 'pass', checks: [] });
    expect(await judge({}, three, { maxFiles: 2 })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('3 files'),
    });
    expect(await judge({}, three, { maxLines: 3 })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('4 lines'),
    });
  });

  it('no change is none of its business (G24)', async () => {
    expect((await judge({}, {})).verdict).toBe('pass');
  });

  it('a change that leaves nothing holds', async () => {
    expect(await judge({}, { 'README.md': null })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('every file'),
    });
  });

  it.each(['maxFiles', 'maxLines'] as const)('%s below zero is refused', (setting) => {
    expect(() => createChangePolicyGate({ [setting]: Number.NaN })).toThrowError(
      expect.objectContaining({ code: 'CONFIG_INVALID', details: { setting } }),
    );
  });
});

describe('links', () => {
  it.each([
    ['absolute', 'etc', '/etc/passwd'],
    ['out of the tree', 'src/out', '../../secret'],
    ['by way of a directory', 'out', 'src/../../secret'],
    ['into git', 'src/config', '../.git/config'],
  ])('a symlink that leads %s is refused', async (_name, path, link) => {
    expect(await judge({}, { [path]: { link } })).toMatchObject({
      verdict: 'stop',
      outcome: 'refused',
      reason: expect.stringContaining(path),
    });
  });

  it('one that stays inside holds, whether new, changed, moved, or in place of a file', async () => {
    const base = { 'a.ts': 'one\n', 'now.ts': { link: 'a.ts' } };
    expect((await judge(base, { 'src/b.ts': { link: '../a.ts' } })).verdict).toBe('hold');
    expect((await judge(base, { 'now.ts': { link: 'README.md' } })).verdict).toBe('hold');
    expect((await judge(base, { 'now.ts': null, 'src/deep/now.ts': { link: 'a.ts' } })).verdict).toBe('hold');
    expect((await judge(base, { 'a.ts': { link: 'README.md' } })).verdict).toBe('hold');
    expect((await judge(base, { 'a.ts': { link: '/etc/passwd' } })).verdict).toBe('stop');
    expect((await judge(base, { 'now.ts': null })).verdict).toBe('pass');
  });

  it('a nested repository is refused', async () => {
    expect(await judge({}, { 'vendor/lib': 'gitlink' })).toMatchObject({
      verdict: 'stop',
      outcome: 'refused',
      reason: expect.stringContaining('vendor/lib'),
    });
  });
});

describe('what nobody can read', () => {
  const bytes = new Uint8Array([0, 1, 2, 3]);

  it('a new binary file holds, a deleted one does not, and the operator may allow them', async () => {
    expect(await judge({}, { 'logo.png': bytes })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('logo.png'),
    });
    expect((await judge({}, { 'logo.png': bytes }, { onBinary: 'allow' })).verdict).toBe('pass');
    expect((await judge({ 'logo.png': bytes }, { 'logo.png': null })).verdict).toBe('pass');
  });

  it('a diff that is none holds', async () => {
    await using workspace = await createPlainWorkspace({ 'a.ts': 'two\n' });
    const change = { path: 'a.ts', oldPath: null, kind: 'modified', oldMode: '100644', mode: '100644' } as const;
    const result = await createChangePolicyGate().check(
      gateInput(workspace, {
        changes: [{ ...change, added: 1, deleted: 1, binary: false, bytes: 4, oldBytes: 4, filter: null }],
        diff: 'diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -1,9 +1,9 @@\n-one\n+two\n',
      }),
    );
    expect(result).toMatchObject({ verdict: 'hold', reason: expect.stringContaining('could not be read') });
  });
});

describe('conflict markers', () => {
  it('that were added go back, those that stood there do not', async () => {
    const marked = 'text\n<<<<<<< ours\n=======\n>>>>>>> theirs\n';
    expect(await judge({}, { 'a.ts': marked })).toMatchObject({
      verdict: 'rework',
      feedback: expect.stringContaining('`a.ts`'),
    });
    expect((await judge({ 'guide.md': marked }, { 'guide.md': `${marked}more\n` })).verdict).toBe('pass');
  });
});

it('names of files that are not plain are read and shown right', async () => {
  const result = await judge({}, { '.github/caf\u00e9 "x"\u001b[31m\n.yml': 'x\n' });
  expect(result).toMatchObject({
    verdict: 'hold',
    reason: expect.stringContaining('`.github/caf\u00e9 "x" .yml`'),
  });
});
