import assert from 'node:assert/strict';
import type { ContractCase } from '../contract.js';
import type { WorkspaceRig } from './rig.js';
import { commitAll, openAtMain, rejectsWith, textOf } from './scene.js';

/** A checkout for runs: new before each, and its tree can be told from what a run made of it. */
export const renewCases: readonly ContractCase<WorkspaceRig>[] = [
  {
    id: 'renew-leaves-nothing-of-what-ran',
    run: async (rig) => {
      const work = await openAtMain(rig);
      await work.writeFile('new.txt', 'new\n');
      const { tree } = await work.snapshot();
      const verify = await openAtMain(rig, { role: 'verify' });
      await verify.renew(tree);
      await verify.writeFile('ignored/left.txt', 'left\n');
      await verify.writeFile('debug.log', 'left\n');
      await verify.writeFile('untracked.txt', 'left\n');
      await verify.writeFile('src/a.txt', 'rewritten\n');
      await rig.delete(verify, 'README.md');
      await verify.renew(tree);
      for (const path of ['ignored/left.txt', 'debug.log', 'untracked.txt'])
        assert.equal(await textOf(verify, path), null);
      assert.equal(await textOf(verify, 'src/a.txt'), 'one\ntwo\nthree\n');
      assert.equal(await textOf(verify, 'README.md'), 'hello\n');
      assert.equal(await textOf(verify, 'new.txt'), 'new\n');
      assert.deepEqual(await verify.altered(), []);
    },
  },
  {
    id: 'renew-goes-from-tree-to-tree',
    run: async (rig) => {
      const work = await openAtMain(rig);
      const base = await work.snapshot();
      await work.writeFile('new.txt', 'new\n');
      await rig.delete(work, 'src/a.txt');
      const { tree } = await work.snapshot();
      const verify = await openAtMain(rig, { role: 'verify' });
      await verify.renew(tree);
      assert.deepEqual([await textOf(verify, 'new.txt'), await textOf(verify, 'src/a.txt')], ['new\n', null]);
      await verify.renew(base.tree);
      assert.deepEqual(
        [await textOf(verify, 'new.txt'), await textOf(verify, 'src/a.txt')],
        [null, 'one\ntwo\nthree\n'],
      );
      assert.equal(await textOf(work, 'new.txt'), 'new\n');
    },
  },
  {
    id: 'renew-after-a-crash-is-the-same',
    run: async (rig) => {
      const work = await openAtMain(rig);
      await work.writeFile('new.txt', 'new\n');
      const { tree } = await work.snapshot();
      const before = await openAtMain(rig, { role: 'verify' });
      await before.renew(tree);
      await before.writeFile('ignored/left.txt', 'left\n');
      const after = await openAtMain(rig, { role: 'verify', provider: await rig.restart() });
      await after.renew(tree);
      assert.deepEqual([await textOf(after, 'new.txt'), await textOf(after, 'ignored/left.txt')], ['new\n', null]);
    },
  },
  {
    id: 'renew-keeps-an-agents-work',
    run: async (rig) => {
      const work = await openAtMain(rig);
      await work.writeFile('new.txt', 'new\n');
      const { tree } = await work.snapshot();
      await work.writeFile('later.txt', 'later\n');
      await rejectsWith(work.renew(tree), 'CONFLICT');
      assert.equal(await textOf(work, 'later.txt'), 'later\n');
    },
  },
  {
    id: 'renew-waits-for-no-command',
    run: async (rig) => {
      const verify = await openAtMain(rig, { role: 'verify' });
      const { tree } = await verify.snapshot();
      await verify.renew(tree);
      await using running = await verify.spawn(rig.commands.block);
      await rejectsWith(verify.renew(tree), 'CONFLICT');
      await running[Symbol.asyncDispose]();
      await verify.renew(tree);
    },
  },
  {
    id: 'renew-of-an-unknown-tree-not-found',
    run: async (rig) => {
      const verify = await openAtMain(rig, { role: 'verify' });
      await rejectsWith(verify.renew('1'.repeat(40)), 'NOT_FOUND');
    },
  },
  {
    id: 'altered-names-tracked-files-by-content',
    run: async (rig) => {
      const verify = await openAtMain(rig, { role: 'verify' });
      const { tree } = await verify.snapshot();
      await verify.renew(tree);
      await verify.writeFile('untracked.txt', 'made\n');
      await verify.writeFile('ignored/made.txt', 'made\n');
      await verify.writeFile('README.md', 'hello\n');
      assert.deepEqual(await verify.altered(), []);
      await verify.writeFile('src/b.txt', 'FOUR\nfive\nsix\n');
      await rig.delete(verify, '.gitignore');
      assert.deepEqual(await verify.altered(), ['.gitignore', 'src/b.txt']);
    },
  },
  {
    id: 'restored-names-tracked-files-that-were-touched-and-are-the-same',
    run: async (rig) => {
      const verify = await openAtMain(rig, { role: 'verify' });
      const { tree } = await verify.snapshot();
      await verify.renew(tree);
      await verify.writeFile('untracked.txt', 'made\n');
      assert.ok((await verify.readFile('README.md')) !== null);
      assert.deepEqual([await verify.restored(), await verify.altered()], [[], []]);
      await verify.writeFile('README.md', 'other\n');
      assert.deepEqual([await verify.restored(), await verify.altered()], [[], ['README.md']]);
      await verify.writeFile('README.md', 'hello\n');
      await rig.delete(verify, 'src/a.txt');
      await verify.writeFile('src/a.txt', 'one\ntwo\nthree\n');
      await verify.writeFile('src/b.txt', 'FOUR\nfive\nsix\n');
      // Looking changes nothing.
      for (const _time of [1, 2]) {
        assert.deepEqual(
          [await verify.restored(), await verify.altered()],
          [['README.md', 'src/a.txt'], ['src/b.txt']],
        );
      }
      await verify.renew(tree);
      assert.deepEqual([await verify.restored(), await verify.altered()], [[], []]);
    },
  },
  {
    id: 'without-a-setup-nothing-is-of-one',
    run: async (rig) => {
      const verify = await openAtMain(rig, { role: 'verify' });
      const { tree } = await verify.snapshot();
      await verify.renew(tree);
      await verify.writeFile('node_modules/src/a.txt', 'one\ntwo\nthree\n');
      assert.deepEqual(await verify.setupProducts(), { unseen: [], outdated: [], ofChange: false });
    },
  },
  {
    id: 'text-of-a-commit-is-the-commits-alone',
    run: async (rig) => {
      const { provider, repository, remote } = rig;
      const commit = await provider.fetch({ repository, remote, branch: 'main' });
      const read = (path: string, over: Partial<{ commit: string; maxBytes: number }> = {}): Promise<string | null> =>
        provider.readText({ repository, commit, path, maxBytes: 100, ...over });
      assert.equal(await read('src/a.txt'), 'one\ntwo\nthree\n');
      const work = await openAtMain(rig);
      await work.writeFile('src/a.txt', 'rewritten\n');
      await work.writeFile('new.txt', 'nëw\n');
      const later = await commitAll(work);
      assert.deepEqual([await read('src/a.txt'), await read('new.txt')], ['one\ntwo\nthree\n', null]);
      assert.equal(await read('new.txt', { commit: later }), 'nëw\n');
      for (const path of ['missing.txt', 'src/missing.txt', 'README.MD', 'src/*', '../README.md', '-x']) {
        assert.equal(await read(path), null, path);
      }
    },
  },
  {
    id: 'text-of-a-commit-is-never-half-of-it-and-never-absent-where-something-stands',
    run: async (rig) => {
      const { provider, repository, remote } = rig;
      const commit = await provider.fetch({ repository, remote, branch: 'main' });
      const file = { repository, commit, path: 'src/a.txt' };
      assert.equal(await provider.readText({ ...file, maxBytes: 14 }), 'one\ntwo\nthree\n');
      await rejectsWith(provider.readText({ ...file, maxBytes: 13 }), 'TOO_LARGE');
      await rejectsWith(provider.readText({ ...file, path: 'src', maxBytes: 14 }), 'UNREADABLE');
      await rejectsWith(provider.readText({ ...file, commit: '1'.repeat(40), maxBytes: 14 }), 'NOT_FOUND');
    },
  },
  {
    id: 'subjects-are-those-of-the-newest-commits-and-of-no-merge',
    requires: { what: 'a provider that reads history', holds: ({ provider }) => provider.readSubjects !== undefined },
    run: async (rig) => {
      const { provider, repository, remote } = rig;
      const read = (commit: string, most = 50): Promise<readonly string[] | undefined> =>
        Promise.resolve(provider.readSubjects?.({ repository, commit, most }));
      const base = await provider.fetch({ repository, remote, branch: 'main' });
      const before = (await read(base)) ?? [];
      assert.ok(before.length > 0, 'the base has a commit, and none was told');
      const work = await openAtMain(rig);
      await work.writeFile('new.txt', 'new\n');
      const { tree } = await work.snapshot();
      const author = { name: 'Somebody', email: 'somebody@example.com' };
      const made = { tree, author, at: 0 };
      const said = 'fix(cart): sum \u00fcp\nwhat was bought\n\nAll of it.\n\nCloses: nothing\n';
      const first = await work.commit({ ...made, parents: [base], message: said });
      const merge = await work.commit({ ...made, parents: [base, first], message: 'Merge it\n' });
      const last = await work.commit({ ...made, parents: [merge], message: '\nLast\n' });
      const subject = 'fix(cart): sum \u00fcp what was bought';
      assert.deepEqual(await read(first), [subject, ...before]);
      assert.deepEqual(await read(first, 1), [subject]);
      assert.deepEqual((await read(last))?.toSorted(), ['Last', subject, ...before].toSorted());
      assert.equal((await read(last))?.[0], 'Last');
      await rejectsWith(
        Promise.resolve(provider.readSubjects?.({ repository, commit: '1'.repeat(40), most: 1 })),
        'NOT_FOUND',
      );
    },
  },
  {
    id: 'text-of-a-tree-needs-no-checkout',
    run: async (rig) => {
      const work = await openAtMain(rig);
      await work.writeFile('new.txt', 'nëw\n');
      await work.writeFile('long.txt', 'x'.repeat(2 ** 20 + 1));
      const { tree } = await work.snapshot();
      await rig.delete(work, 'new.txt');
      assert.equal(await work.textOf(tree, 'new.txt'), 'nëw\n');
      assert.equal(await work.textOf(tree, 'src/a.txt'), 'one\ntwo\nthree\n');
      for (const path of ['src', 'missing.txt', 'long.txt', 'src/*', '../README.md', '-x']) {
        assert.equal(await work.textOf(tree, path), null, path);
      }
    },
  },
];
