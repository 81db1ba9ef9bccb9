import assert from 'node:assert/strict';
import type { ContractCase } from '../contract.js';
import type { WorkspaceRig } from './rig.js';
import { commitAll, commitOf, openAtMain, rejectsWith, textOf } from './scene.js';

/** What a snapshot takes up, what its changes tell, and what is made of it. */
export const snapshotCases: readonly ContractCase<WorkspaceRig>[] = [
  {
    id: 'snapshot-includes-untracked',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('src/new.txt', 'one\ntwo\n');
      const { changes } = await workspace.snapshot();
      assert.deepEqual(changes, [
        {
          path: 'src/new.txt',
          oldPath: null,
          kind: 'added',
          oldMode: null,
          mode: '100644',
          added: 2,
          deleted: 0,
          binary: false,
          bytes: 8,
          oldBytes: 0,
          filter: null,
        },
      ]);
    },
  },
  {
    id: 'snapshot-leaves-ignored-out',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      const before = await workspace.snapshot();
      await workspace.writeFile('ignored/deps.txt', 'x\n');
      await workspace.writeFile('src/debug.log', 'x\n');
      assert.deepEqual(await workspace.snapshot(), before);
    },
  },
  {
    id: 'changes-tell-what-became-of-each-file',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('src/a.txt', 'one\n2\nthree\n');
      await rig.delete(workspace, 'README.md');
      await rig.delete(workspace, 'src/b.txt');
      await workspace.writeFile('moved.txt', 'four\nfive\nsix\n');
      const { changes } = await workspace.snapshot();
      assert.deepEqual(
        changes.map((each) => [each.kind, each.oldPath, each.path, each.added, each.deleted, each.oldMode, each.mode]),
        [
          ['deleted', null, 'README.md', 0, 1, '100644', null],
          ['renamed', 'src/b.txt', 'moved.txt', 0, 0, '100644', '100644'],
          ['modified', null, 'src/a.txt', 1, 1, '100644', '100644'],
        ],
      );
    },
  },
  {
    id: 'names-come-through-as-they-are',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      // The last ones aren't UTF-8: Latin-1, and a surrogate in bytes.
      const names = [
        ...['-x', 'a "b"\tc\nd', 'name -> other', 'ünïcode', 'sp ace ', '"quoted"', 'back\\slash', 'x'.repeat(255)],
        ...['caf\udce9.txt', 'dir\udcff/na\udcefve', '\udced\udca0\udc80'],
      ];
      const contentOf = (name: string): string => `${JSON.stringify(name)}\n`;
      for (const name of names) await workspace.writeFile(name, contentOf(name));
      const { tree, changes } = await workspace.snapshot();
      assert.deepEqual(changes.map((each) => each.path).sort(), [...names].sort());
      const verify = await openAtMain(rig, { role: 'verify' });
      await verify.load(tree);
      for (const name of names) assert.equal(await textOf(verify, name), contentOf(name));
    },
  },
  {
    id: 'a-filter-that-nobody-ran-is-told',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('.gitattributes', '*.key filter=crypt -text\n');
      await workspace.writeFile('new.key', 'plain\n');
      await workspace.writeFile('new.txt', 'new\n');
      const { changes } = await workspace.snapshot();
      assert.deepEqual(
        changes.map(({ path, filter }) => [path, filter]),
        [
          ['.gitattributes', null],
          ['new.key', 'crypt'],
          ['new.txt', null],
        ],
      );
    },
  },
  {
    id: 'a-filter-of-the-base-is-told-after-its-attribute-went',
    run: async (rig) => {
      const attributes = '*.key filter=crypt -text\n';
      await rig.advance('main', { '.gitattributes': attributes, 'old.key': 'cipher\n', 'moved.key': 'cipher too\n' });
      const workspace = await openAtMain(rig);
      await workspace.writeFile('.gitattributes', '');
      await workspace.writeFile('old.key', 'plain\n');
      await rig.delete(workspace, 'moved.key');
      await workspace.writeFile('here.key', 'cipher too\n');
      const { changes } = await workspace.snapshot();
      assert.deepEqual(
        changes.map(({ path, filter }) => [path, filter]),
        [
          ['.gitattributes', null],
          // As it is in the base, wherever it stands now.
          ['here.key', null],
          ['old.key', 'crypt'],
        ],
      );
    },
  },
  {
    id: 'lengths-are-of-contents',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('README.md', 'é\n');
      await rig.delete(workspace, 'src/a.txt');
      const { changes } = await workspace.snapshot();
      assert.deepEqual(
        changes.map(({ path, bytes, oldBytes }) => [path, bytes, oldBytes]),
        [
          ['README.md', 3, 6],
          ['src/a.txt', 0, 14],
        ],
      );
    },
  },
  {
    id: 'what-is-too-large-is-refused-and-kept',
    requires: { what: 'files of any length', holds: (rig) => rig.grow !== undefined && rig.isThere !== undefined },
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'work\n');
      await rig.grow?.(workspace, 'huge', 2 ** 40);
      await rejectsWith(workspace.readFile('huge'), 'TOO_LARGE');
      await rejectsWith(workspace.snapshot(), 'TOO_LARGE');
      await rejectsWith(workspace.rescue(), 'TOO_LARGE');
      assert.equal(await rig.provider.remove(workspace.key), null);
      assert.equal(await rig.isThere?.(workspace), true);
      assert.equal(await textOf(workspace, 'new.txt'), 'work\n');
      await rig.delete(workspace, 'huge');
      assert.deepEqual(
        (await workspace.snapshot()).changes.map(({ path }) => path),
        ['new.txt'],
      );
    },
  },
  {
    id: 'snapshot-back-at-the-base-is-empty',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      const before = await workspace.snapshot();
      await workspace.writeFile('README.md', 'changed\n');
      assert.notEqual((await workspace.snapshot()).tree, before.tree);
      await workspace.writeFile('README.md', 'hello\n');
      assert.deepEqual(await workspace.snapshot(), before);
    },
  },
  {
    id: 'diff-names-binaries',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('README.md', 'hello\nthere\n');
      await workspace.writeFile('blob.bin', 'a\0b\0c');
      const { tree, changes } = await workspace.snapshot();
      const diff = await workspace.diff(tree);
      assert.match(diff, /^\+there$/m);
      assert.match(diff, /^Binary files .*blob\.bin differ$/m);
      assert.ok(!diff.includes('\0'));
      const binary = changes.find((each) => each.path === 'blob.bin');
      assert.deepEqual([binary?.binary, binary?.added, binary?.deleted], [true, 0, 0]);
    },
  },
  {
    id: 'load-makes-equal',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      const base = await workspace.snapshot();
      await workspace.writeFile('new.txt', 'new\n');
      await rig.delete(workspace, 'src/a.txt');
      const { tree } = await workspace.snapshot();
      await workspace.writeFile('later.txt', 'later\n');
      await workspace.writeFile('README.md', 'later\n');
      await workspace.load(tree);
      assert.equal((await workspace.snapshot()).tree, tree);
      assert.equal(await textOf(workspace, 'later.txt'), null);
      assert.equal(await textOf(workspace, 'src/a.txt'), null);
      await workspace.load(base.tree);
      assert.deepEqual((await workspace.snapshot()).changes, []);
      assert.equal(await textOf(workspace, 'src/a.txt'), 'one\ntwo\nthree\n');
    },
  },
  {
    id: 'a-change-behind-a-link-says-so',
    requires: { what: 'symbolic links', holds: (rig) => rig.symlink !== undefined },
    run: async (rig) => {
      const { provider, repository, remote } = rig;
      const first = await openAtMain(rig);
      await rig.symlink?.(first, 'GUIDE.md', 'README.md');
      await rig.symlink?.(first, 'lib', 'src');
      await first.push({ remote, branch: 'linked', commit: await commitAll(first), expected: null });
      const baseCommit = await provider.fetch({ repository, remote, branch: 'linked', readableBy: 'commands' });
      const second = await openAtMain(rig, { job: 'j2', baseCommit });
      await second.writeFile('README.md', 'changed\n');
      await second.writeFile('src/a.txt', 'changed\n');
      await second.writeFile('other.txt', 'new\n');
      await rig.symlink?.(second, 'mine', 'src');
      const { changes } = await second.snapshot();
      assert.deepEqual(changes.map(({ path, alsoAt = [] }) => [path, alsoAt]).toSorted(), [
        ['README.md', ['GUIDE.md']],
        ['mine', []],
        ['other.txt', []],
        // By a link of the change's own nobody reads the base.
        ['src/a.txt', ['lib/a.txt']],
      ]);
    },
  },
  {
    id: 'load-keeps-ignored',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('ignored/deps.txt', 'dependency\n');
      const { tree } = await workspace.snapshot();
      await workspace.writeFile('new.txt', 'new\n');
      await workspace.load(tree);
      assert.equal(await textOf(workspace, 'ignored/deps.txt'), 'dependency\n');
      assert.equal(await textOf(workspace, 'new.txt'), null);
    },
  },
  {
    id: 'load-of-an-unknown-tree-not-found',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'new\n');
      await rejectsWith(workspace.load('1'.repeat(40)), 'NOT_FOUND');
      assert.equal(await textOf(workspace, 'new.txt'), 'new\n');
    },
  },
  {
    id: 'same-commit-request-same-id',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'new\n');
      const { tree } = await workspace.snapshot();
      const commit = await workspace.commit(commitOf(workspace, tree));
      const again = await openAtMain(rig, { provider: await rig.restart() });
      assert.equal(await again.commit(commitOf(again, tree)), commit);
      assert.notEqual(await again.commit(commitOf(again, tree, { message: 'Other words\n' })), commit);
    },
  },
];
