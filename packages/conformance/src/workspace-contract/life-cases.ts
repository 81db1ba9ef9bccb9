import assert from 'node:assert/strict';
import type { ContractCase } from '../contract.js';
import type { WorkspaceRig } from './rig.js';
import { closedSandbox, collect, openAtMain, rejectsWith, textOf } from './scene.js';

const vanishes = { what: 'a checkout that can vanish', holds: (rig: WorkspaceRig) => rig.vanish !== undefined };
const measures = {
  what: 'growth that is measured',
  holds: (rig: WorkspaceRig) => rig.provider.measureGrowth !== undefined,
};

/** Opening, finding again, listing. */
export const lifeCases: readonly ContractCase<WorkspaceRig>[] = [
  {
    id: 'speaks-this-contract',
    run: async (rig) => {
      assert.equal(rig.provider.spec, 'workspace/1');
      assert.match(rig.provider.id, /^[a-z][a-z0-9-]*$/);
    },
  },
  {
    id: 'open-is-at-the-base',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      assert.equal(workspace.reused, false);
      assert.equal(workspace.baseCommit, (await rig.branches()).get('main'));
      assert.deepEqual(workspace.key, { job: 'j1', attempt: 1, role: 'work' });
      assert.equal(await textOf(workspace, 'src/a.txt'), 'one\ntwo\nthree\n');
      assert.deepEqual((await workspace.snapshot()).changes, []);
    },
  },
  {
    id: 'open-is-idempotent',
    run: async (rig) => {
      const first = await openAtMain(rig);
      await first.writeFile('new.txt', 'kept\n');
      await first.writeFile('ignored/deps.txt', 'kept too\n');
      const second = await openAtMain(rig);
      assert.equal(second.reused, true);
      assert.equal(second.root, first.root);
      assert.equal(second.scratch, first.scratch);
      assert.equal(await textOf(second, 'new.txt'), 'kept\n');
      assert.equal(await textOf(second, 'ignored/deps.txt'), 'kept too\n');
    },
  },
  {
    // A turn whose job was lost may not be over yet when somebody goes on with the job.
    id: 'open-ends-what-still-runs-in-the-checkout',
    run: async (rig) => {
      const first = await openAtMain(rig);
      const running = await first.spawn(rig.commands.block);
      const other = await openAtMain(rig, { job: 'j2' });
      await using beside = await other.spawn(rig.commands.block);
      const second = await openAtMain(rig);
      assert.equal(second.reused, true);
      await running.exit;
      assert.deepEqual((await second.snapshot()).changes, []);
      const isEnded = await Promise.race([beside.exit.then(() => true), second.snapshot().then(() => false)]);
      assert.equal(isEnded, false, 'another checkout is left alone');
      await running[Symbol.asyncDispose]();
    },
  },
  {
    id: 'open-of-an-unknown-commit-not-found',
    run: async (rig) => {
      await openAtMain(rig);
      await rejectsWith(openAtMain(rig, { job: 'j2', baseCommit: '1'.repeat(40) }), 'NOT_FOUND');
      assert.equal((await collect(rig.provider.list())).length, 1);
    },
  },
  {
    id: 'open-at-an-unknown-base-changes-nothing',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'work\n');
      await rejectsWith(openAtMain(rig, { baseCommit: '1'.repeat(40) }), 'NOT_FOUND');
      const again = await openAtMain(rig);
      assert.equal(again.reused, true);
      assert.equal(await textOf(again, 'new.txt'), 'work\n');
    },
  },
  {
    id: 'open-at-another-base-keeps-the-work',
    run: async (rig) => {
      const before = await openAtMain(rig);
      await before.writeFile('new.txt', 'work\n');
      await rig.advance('main', { 'README.md': 'moved\n' });
      const after = await openAtMain(rig);
      assert.equal(after.reused, false);
      assert.deepEqual((await after.snapshot()).changes, []);
      assert.equal(await textOf(after, 'README.md'), 'moved\n');
      assert.equal((await rig.rescued('refs/baton/rescue/j1/1'))?.get('new.txt'), 'work\n');
    },
  },
  {
    id: 'workspaces-are-apart',
    run: async (rig) => {
      const [one, two] = await Promise.all([openAtMain(rig, { job: 'j1' }), openAtMain(rig, { job: 'j2' })]);
      assert.notEqual(one.root, two.root);
      assert.notEqual(one.scratch, two.scratch);
      await one.writeFile('README.md', 'changed\n');
      assert.equal(await textOf(two, 'README.md'), 'hello\n');
    },
  },
  {
    id: 'verify-is-apart-from-work',
    run: async (rig) => {
      const work = await openAtMain(rig);
      const verify = await openAtMain(rig, { role: 'verify' });
      assert.notEqual(work.root, verify.root);
      await work.writeFile('README.md', 'changed\n');
      assert.equal(await textOf(verify, 'README.md'), 'hello\n');
      const { tree } = await work.snapshot();
      await verify.load(tree);
      assert.equal(await textOf(verify, 'README.md'), 'changed\n');
      assert.equal((await verify.snapshot()).tree, tree);
    },
  },
  {
    id: 'an-attempt-starts-clean',
    run: async (rig) => {
      const first = await openAtMain(rig);
      await first.writeFile('README.md', 'changed\n');
      await first.writeFile('ignored/left.txt', 'left\n');
      await rig.provider.remove(first.key);
      const second = await openAtMain(rig, { attempt: 2 });
      assert.equal(second.reused, false);
      assert.equal(await textOf(second, 'README.md'), 'hello\n');
      assert.equal(await textOf(second, 'ignored/left.txt'), null);
    },
  },
  {
    id: 'reopened-after-crash-is-reused',
    run: async (rig) => {
      const before = await openAtMain(rig);
      await before.writeFile('new.txt', 'kept\n');
      const { tree } = await before.snapshot();
      const after = await openAtMain(rig, { provider: await rig.restart() });
      assert.equal(after.reused, true);
      assert.equal(after.root, before.root);
      assert.equal((await after.snapshot()).tree, tree);
    },
  },
  {
    id: 'list-sees-all',
    run: async (rig) => {
      for (const job of ['j1', 'j2', 'j3']) await openAtMain(rig, { job });
      await openAtMain(rig, { role: 'verify' });
      const listed = await collect((await rig.restart()).list());
      const names = listed.map(({ key }) => `${key.job}/${key.attempt}/${key.role}`).sort();
      assert.deepEqual(names, ['j1/1/verify', 'j1/1/work', 'j2/1/work', 'j3/1/work']);
      assert.ok(listed.every(({ usedAt }) => Number.isFinite(usedAt)));
    },
  },
  {
    id: 'growth-is-what-a-job-wrote',
    requires: measures,
    run: async (rig) => {
      const { provider } = rig;
      const workspace = await openAtMain(rig);
      const other = await openAtMain(rig, { job: 'j2' });
      await workspace.writeFile('ignored/large.txt', 'x'.repeat(300_000));
      await other.writeFile('small.txt', 'x');
      assert.ok(((await provider.measureGrowth?.('j1')) ?? 0) >= 300_000);
      assert.ok(((await provider.measureGrowth?.('j2')) ?? 0) < 300_000);
      assert.equal(await provider.measureGrowth?.('j3'), 0);
      await provider.remove(workspace.key, { unrescued: 'discard' });
      assert.equal(await provider.measureGrowth?.('j1'), 0);
    },
  },
  {
    id: 'vanished-is-made-again',
    requires: vanishes,
    run: async (rig) => {
      const before = await openAtMain(rig);
      await rig.vanish?.(before);
      const after = await openAtMain(rig, { provider: await rig.restart() });
      assert.equal(after.reused, false);
      assert.equal(await textOf(after, 'src/a.txt'), 'one\ntwo\nthree\n');
      assert.deepEqual((await after.snapshot()).changes, []);
    },
  },
  {
    id: 'vanished-can-be-removed',
    requires: vanishes,
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await rig.vanish?.(workspace);
      await rig.provider.remove(workspace.key);
      assert.deepEqual(await collect(rig.provider.list()), []);
    },
  },
  {
    id: 'aborted-open-can-be-repeated',
    run: async (rig) => {
      const { repository, remote } = rig;
      const baseCommit = await rig.provider.fetch({ repository, remote, branch: 'main' });
      const key = { job: 'j1', attempt: 1, role: 'work' } as const;
      const reason = new Error('enough');
      const request = { repository, key, baseCommit, sandbox: closedSandbox };
      await assert.rejects(rig.provider.open(request, { signal: AbortSignal.abort(reason) }), reason);
      const workspace = await rig.provider.open(request);
      assert.equal(await textOf(workspace, 'README.md'), 'hello\n');
    },
  },
];
