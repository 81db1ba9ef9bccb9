import { describe, expect, it } from 'vitest';
import { type ChangePolicyOptions, createChangePolicyGate } from '../../src/index.js';
import { gateInput } from '../gate-input.js';
import { type Entries, judge, judgeName } from '../judge-change.js';
import { createPlainWorkspace } from '../plain-workspace.js';

describe('what Baton itself is run by', () => {
  const refusal = {
    verdict: 'stop',
    outcome: 'refused',
    reason: expect.stringContaining('It changes what Baton itself is run by, which only people may'),
  };
  const lenient: ChangePolicyOptions = { onProtected: 'allow', protectDefaults: false, onBinary: 'allow' };

  it.each([
    'baton.config.yaml',
    'baton.config.yml',
    'baton.config.json',
    'baton.config.ts',
    'packages/web/baton.config.mjs',
    '.baton.yaml',
    '.baton.yml',
    '.baton',
    '.baton.yaml/anything',
    '.baton.yml/anything',
    '.baton/local/people.yaml',
    '.baton/local/issues/0002-next.md',
    'tools/.baton/policy.yaml',
    // As other file systems and readers take them.
    'Baton.Config.YAML',
    'ｂaton.config.yaml',
    'baton\u200d.config.yaml',
    'baton.config.yaml.',
    'baton.config.yaml::$DATA',
    '.BATON\\local\\people.yaml',
  ])('%s is refused whatever is set', async (path) => {
    expect(await judgeName(path, lenient)).toMatchObject(refusal);
  });

  it('a change, a move, a link in its place and a deletion are refused too, and so is one that no diff tells', async () => {
    const base = { 'baton.config.yaml': 'version: 1\nprojects: []\nconcurrency: 3\n', 'a.ts': 'one\n' };
    const text = base['baton.config.yaml'];
    const heads: readonly Entries[] = [
      { 'baton.config.yaml': `${text}# more\n` },
      { 'baton.config.yaml': null, 'old.yaml': text },
      { 'baton.config.yaml': { link: 'a.ts' } },
      { 'baton.config.yaml': null },
      { '.baton': 'gitlink' },
    ];
    for (const head of heads) expect(await judge(base, head, lenient)).toMatchObject(refusal);
    await using workspace = await createPlainWorkspace();
    const change = { path: '.baton.yaml', oldPath: null, kind: 'added', oldMode: null, mode: '100644' } as const;
    const unread = {
      changes: [{ ...change, added: 1, deleted: 0, binary: false, bytes: 4, oldBytes: 0, filter: null }],
      diff: '@@ -1 +1,9 @@\n+a\n',
    };
    expect(await createChangePolicyGate().check(gateInput(workspace, unread))).toMatchObject(refusal);
  });

  it('files that the operator names are among it, and others are not', async () => {
    const options = { ...lenient, controls: ['ops/Daemon.yaml'] };
    expect(await judgeName('ops/daemon.yaml', options)).toMatchObject(refusal);
    for (const path of ['ops/other.yaml', 'src/baton.ts', 'baton.yaml', 'docs/baton.config.md.txt/a']) {
      expect(await judgeName(path, options)).toMatchObject({ verdict: 'pass' });
    }
  });

  it('a folder that the operator names is among it as a whole, and so is what would stand in its way', async () => {
    const options = { ...lenient, controls: ['ops/tracker'] };
    for (const path of ['ops/tracker', 'ops/tracker/people.yaml', 'OPS/Tracker/issues/0001-a/1.md', 'ops']) {
      expect(await judgeName(path, options)).toMatchObject(refusal);
    }
    for (const path of ['ops/tracker.md', 'ops/trackers/people.yaml', 'tracker/people.yaml']) {
      expect(await judgeName(path, options)).toMatchObject({ verdict: 'pass' });
    }
  });
});
