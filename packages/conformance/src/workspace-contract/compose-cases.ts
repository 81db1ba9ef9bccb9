import assert from 'node:assert/strict';
import type { Workspace } from '@baton/core';
import type { ContractCase } from '../contract.js';
import { type WorkspaceRig, workspaceFixture } from './rig.js';
import { commitOf, openAtMain, rejectsWith, textOf } from './scene.js';

/** The files of a tree, as the remote has them once a commit of it was pushed. */
async function filesOf(rig: WorkspaceRig, work: Workspace, tree: string): Promise<Readonly<Record<string, string>>> {
  const commit = await work.commit(commitOf(work, tree));
  await work.push({ remote: rig.remote, branch: `look/${tree}`, commit, expected: null });
  return Object.fromEntries(await rig.filesAt(commit));
}

/** A tree put together of two. */
export const composeCases: readonly ContractCase<WorkspaceRig>[] = [
  {
    id: 'a-composed-tree-has-some-paths-of-another',
    run: async (rig) => {
      const work = await openAtMain(rig);
      const base = await work.snapshot();
      await work.writeFile('README.md', 'changed\n');
      await work.writeFile('src/a.txt', 'changed\n');
      await work.writeFile('added.txt', 'added\n');
      await work.writeFile('deep/er/added.txt', 'added\n');
      await rig.delete(work, 'src/b.txt');
      const { tree } = await work.snapshot();
      const paths = ['README.md', 'added.txt', 'src/b.txt', 'never/there.txt'];
      const composed = await work.compose({ tree, from: base.tree, paths });
      assert.deepEqual(await filesOf(rig, work, composed), {
        ...workspaceFixture,
        'src/a.txt': 'changed\n',
        'deep/er/added.txt': 'added\n',
      });
      assert.equal(await work.compose({ tree, from: base.tree, paths }), composed);
      assert.equal(await work.compose({ tree, from: base.tree, paths: [] }), tree);
    },
  },
  {
    id: 'a-tree-with-every-change-taken-back-is-the-other',
    run: async (rig) => {
      const work = await openAtMain(rig);
      const base = await work.snapshot();
      // The last isn't UTF-8, and the others would be patterns or options.
      const names = ['src/*', '-x', ':(top)README.md', 'a "b"\tc\nd', 'ünïcode', 'caf\udce9.txt'];
      for (const name of names) await work.writeFile(name, 'added\n');
      await work.writeFile('src/a.txt', 'changed\n');
      await rig.delete(work, 'README.md');
      const { tree, changes } = await work.snapshot();
      const paths = changes.flatMap(({ path, oldPath }) => (oldPath === null ? [path] : [path, oldPath]));
      assert.equal(paths.length, names.length + 2);
      const { 'README.md': _deleted, ...left } = workspaceFixture;
      assert.deepEqual((await work.pathsOf(tree)).toSorted(), [...Object.keys(left), ...names].toSorted());
      assert.equal(await work.compose({ tree, from: base.tree, paths }), base.tree);
      const but = await work.compose({ tree, from: base.tree, paths: names });
      assert.notEqual(but, base.tree);
      assert.equal(await work.textOf(but, 'src/a.txt'), 'changed\n');
      assert.equal(await work.textOf(but, 'src/b.txt'), workspaceFixture['src/b.txt']);
    },
  },
  {
    id: 'what-stands-in-the-way-of-a-composed-path-goes',
    run: async (rig) => {
      const work = await openAtMain(rig);
      const base = await work.snapshot();
      await rig.delete(work, 'src/a.txt');
      await rig.delete(work, 'src/b.txt');
      await rig.delete(work, 'README.md');
      await work.writeFile('README.md/now/a/directory.txt', 'x\n');
      const { tree } = await work.snapshot();
      const composed = await work.compose({ tree, from: base.tree, paths: ['README.md', 'src/a.txt'] });
      const { 'src/b.txt': _gone, ...rest } = workspaceFixture;
      assert.deepEqual(await filesOf(rig, work, composed), rest);
      const turned = await work.compose({ tree: base.tree, from: tree, paths: ['README.md/now/a/directory.txt'] });
      const { 'README.md': _file, ...others } = workspaceFixture;
      assert.deepEqual(await filesOf(rig, work, turned), { ...others, 'README.md/now/a/directory.txt': 'x\n' });
    },
  },
  {
    id: 'a-composed-path-is-of-the-kind-that-it-has-there',
    requires: { what: 'symbolic links', holds: (rig) => rig.symlink !== undefined },
    run: async (rig) => {
      const work = await openAtMain(rig);
      const base = await work.snapshot();
      await rig.delete(work, 'src/a.txt');
      await rig.symlink?.(work, 'src/a.txt', 'b.txt');
      const { tree } = await work.snapshot();
      assert.notEqual(tree, base.tree);
      assert.equal(await work.compose({ tree, from: base.tree, paths: ['src/a.txt'] }), base.tree);
      assert.equal(await work.compose({ tree: base.tree, from: tree, paths: ['src/a.txt'] }), tree);
    },
  },
  {
    id: 'composing-changes-no-checkout-and-runs-in-one',
    run: async (rig) => {
      const work = await openAtMain(rig);
      const base = await work.snapshot();
      await work.writeFile('README.md', 'changed\n');
      await work.writeFile('new.txt', 'new\n');
      const standing = await work.snapshot();
      const verify = await openAtMain(rig, { role: 'verify' });
      await verify.renew(standing.tree);
      const composed = await verify.compose({ tree: standing.tree, from: base.tree, paths: ['README.md'] });
      assert.deepEqual(await work.snapshot(), standing);
      assert.deepEqual([await textOf(verify, 'README.md'), await verify.altered()], ['changed\n', []]);
      await verify.renew(composed);
      assert.deepEqual([await textOf(verify, 'README.md'), await textOf(verify, 'new.txt')], ['hello\n', 'new\n']);
    },
  },
  {
    id: 'composing-of-an-unknown-tree-not-found',
    run: async (rig) => {
      const work = await openAtMain(rig);
      const { tree } = await work.snapshot();
      const unknown = '1'.repeat(40);
      await rejectsWith(work.compose({ tree: unknown, from: tree, paths: ['README.md'] }), 'NOT_FOUND');
      await rejectsWith(work.compose({ tree, from: unknown, paths: ['README.md'] }), 'NOT_FOUND');
    },
  },
];
