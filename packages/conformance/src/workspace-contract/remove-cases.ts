import assert from 'node:assert/strict';
import type { ContractCase } from '../contract.js';
import type { WorkspaceRig } from './rig.js';
import { collect, commitAll, openAtMain, textOf } from './scene.js';

const spoils = { what: 'a checkout that can be spoilt', holds: (rig: WorkspaceRig) => rig.spoil !== undefined };

/** What becomes of a checkout's work: rescued where it stands, and before it goes. */
export const removeCases: readonly ContractCase<WorkspaceRig>[] = [
  {
    id: 'rescue-keeps-untracked',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('src/new.txt', 'new\n');
      await workspace.writeFile('README.md', 'changed\n');
      assert.equal(await workspace.rescue(), 'refs/baton/rescue/j1/1');
      const kept = await rig.rescued('refs/baton/rescue/j1/1');
      assert.equal(kept?.get('src/new.txt'), 'new\n');
      assert.equal(kept?.get('README.md'), 'changed\n');
      assert.equal(await workspace.rescue(), 'refs/baton/rescue/j1/1');
      assert.equal(await textOf(workspace, 'src/new.txt'), 'new\n');
    },
  },
  {
    id: 'rescue-of-nothing-is-null',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      assert.equal(await workspace.rescue(), null);
      await workspace.writeFile('ignored/deps.txt', 'not work\n');
      assert.equal(await workspace.rescue(), null);
      assert.equal(await rig.rescued('refs/baton/rescue/j1/1'), null);
    },
  },
  {
    id: 'remove-rescues-first',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'work\n');
      assert.equal(await rig.provider.remove(workspace.key), 'refs/baton/rescue/j1/1');
      assert.equal((await rig.rescued('refs/baton/rescue/j1/1'))?.get('new.txt'), 'work\n');
      assert.deepEqual(await collect(rig.provider.list()), []);
      const later = await rig.restart();
      assert.equal(await later.remove(workspace.key), 'refs/baton/rescue/j1/1');
    },
  },
  {
    id: 'remove-rescues-unpushed-commits',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'work\n');
      await commitAll(workspace);
      await rig.delete(workspace, 'new.txt');
      await rig.provider.remove(workspace.key);
      assert.equal((await rig.rescued('refs/baton/rescue/j1/1'))?.get('new.txt'), 'work\n');
    },
  },
  {
    id: 'remove-after-push-rescues-nothing',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'work\n');
      const commit = await commitAll(workspace);
      await workspace.push({ remote: rig.remote, branch: 'baton/issue-1', commit, expected: null });
      assert.equal(await rig.provider.remove(workspace.key), null);
      assert.equal(await rig.rescued('refs/baton/rescue/j1/1'), null);
    },
  },
  {
    id: 'remove-twice',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      const other = await openAtMain(rig, { job: 'j2' });
      assert.equal(await rig.provider.remove(workspace.key), null);
      assert.equal(await rig.provider.remove(workspace.key), null);
      assert.equal(await rig.provider.remove({ job: 'never', attempt: 7, role: 'work' }), null);
      assert.equal(await textOf(other, 'README.md'), 'hello\n');
    },
  },
  {
    id: 'remove-of-verify-leaves-the-work-alone',
    run: async (rig) => {
      const work = await openAtMain(rig);
      const verify = await openAtMain(rig, { role: 'verify' });
      await work.writeFile('new.txt', 'work\n');
      await verify.writeFile('report.xml', 'left by a check\n');
      assert.equal(await rig.provider.remove(verify.key), null);
      assert.equal(await textOf(work, 'new.txt'), 'work\n');
      assert.equal(await rig.provider.remove(work.key), 'refs/baton/rescue/j1/1');
      assert.equal((await rig.rescued('refs/baton/rescue/j1/1'))?.has('report.xml'), false);
    },
  },
  {
    id: 'remove-keeps-what-cannot-be-read',
    requires: spoils,
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'work\n');
      await rig.spoil?.(workspace);
      await rig.provider.remove(workspace.key).catch(() => {});
      assert.equal(await rig.isThere?.(workspace), true);
      assert.equal((await collect(rig.provider.list())).length, 1);
    },
  },
  {
    id: 'spoilt-goes-where-its-room-is-wanted',
    requires: spoils,
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'work\n');
      await rig.spoil?.(workspace);
      assert.equal(await rig.provider.remove(workspace.key, { unrescued: 'discard' }), null);
      assert.equal(await rig.isThere?.(workspace), false);
      assert.deepEqual(await collect(rig.provider.list()), []);
    },
  },
  {
    id: 'work-is-rescued-where-room-is-wanted',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'work\n');
      const ref = await rig.provider.remove(workspace.key, { unrescued: 'discard' });
      assert.equal((await rig.rescued(ref ?? ''))?.get('new.txt'), 'work\n');
      assert.deepEqual(await collect(rig.provider.list()), []);
    },
  },
];
