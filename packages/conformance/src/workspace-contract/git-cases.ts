import assert from 'node:assert/strict';
import { BatonError, type Diagnosis, type GitRemote, type RefClaim } from '@baton/core';
import type { ContractCase } from '../contract.js';
import type { WorkspaceRig } from './rig.js';
import { commitAll, commitOf, openAtMain, rejectsWith, textOf } from './scene.js';

const branch = 'baton/issue-1';
const refuses = { what: 'a remote with credentials', holds: (rig: WorkspaceRig) => rig.refusedRemote !== undefined };
const claimed = 'refs/baton/claims/issue-1';
/** After any clock's now. */
const later = Date.UTC(2200, 0, 1);

async function claimOf(
  { repository, remote, provider }: WorkspaceRig,
  owner: string,
  { ref = claimed, until = later }: { readonly ref?: string; readonly until?: number } = {},
): Promise<RefClaim | null> {
  assert.ok(provider.claimRef);
  return provider.claimRef({ repository, remote, ref, owner, until });
}

const branches = { what: 'readBranch', holds: (rig: WorkspaceRig) => rig.provider.readBranch !== undefined };
const refs = { what: 'listRefs', holds: (rig: WorkspaceRig) => rig.provider.listRefs !== undefined };
const claims = { what: 'claimRef', holds: (rig: WorkspaceRig) => rig.provider.claimRef !== undefined };

/** Trees, commits and the remote. */
export const gitCases: readonly ContractCase<WorkspaceRig>[] = [
  {
    id: 'fetch-tells-the-commit',
    run: async (rig) => {
      const { repository, remote } = rig;
      const first = await rig.provider.fetch({ repository, remote, branch: 'main' });
      assert.equal(first, (await rig.branches()).get('main'));
      const second = await rig.advance('main', { 'README.md': 'moved\n' });
      assert.equal(await rig.provider.fetch({ repository, remote, branch: 'main' }), second);
    },
  },
  {
    id: 'commands-find-the-base-and-nothing-of-other-jobs',
    requires: { what: 'git in commands', holds: (rig) => rig.commands.has !== undefined },
    run: async (rig) => {
      const { repository, remote } = rig;
      const theirs = await rig.advance('baton/issue-7', { 'theirs.txt': 'theirs\n' });
      assert.equal(await rig.provider.fetch({ repository, remote, branch: 'baton/issue-7' }), theirs);
      const other = await openAtMain(rig, { job: 'j0' });
      await other.writeFile('secret.txt', 'unpublished\n');
      const commit = await commitAll(other);
      await other.writeFile('secret.txt', 'rescued\n');
      const { tree } = await other.snapshot();
      assert.notEqual(await rig.provider.remove(other.key), null);
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'new\n');
      const own = (await workspace.snapshot()).tree;
      const verify = await openAtMain(rig, { role: 'verify' });
      await verify.renew(own);
      for (const each of [workspace, verify]) {
        const has = async (object: string): Promise<boolean> => {
          const command = rig.commands.has?.(object);
          assert.ok(command);
          return (await each.exec(command)).exitCode === 0;
        };
        assert.equal(await has(workspace.baseCommit), true);
        for (const object of [theirs, commit, tree]) assert.equal(await has(object), false, object);
      }
      // The result on which checks run is the job's own.
      const command = rig.commands.has?.(own);
      assert.ok(command);
      assert.equal((await verify.exec(command)).exitCode, 0);
      // Whoever starts a job from that branch lets its commands read it.
      const later = await openAtMain(rig, { job: 'j2', baseCommit: theirs });
      const found = rig.commands.has?.(theirs);
      assert.ok(found);
      assert.equal((await later.exec(found)).exitCode, 0);
    },
  },
  {
    id: 'fetch-missing-branch-not-found',
    run: async (rig) => {
      const { repository, remote } = rig;
      await rejectsWith(rig.provider.fetch({ repository, remote, branch: 'nowhere' }), 'NOT_FOUND');
    },
  },
  {
    id: 'fetch-unreachable-unavailable',
    run: async (rig) => {
      const { repository, deadRemote: remote } = rig;
      await rejectsWith(rig.provider.fetch({ repository, remote, branch: 'main' }), 'UNAVAILABLE');
    },
  },
  {
    id: 'refused-credentials-auth-failed',
    requires: refuses,
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      const { repository, refusedRemote: remote } = rig;
      assert.ok(remote);
      await rejectsWith(rig.provider.fetch({ repository, remote, branch: 'main' }), 'AUTH_FAILED');
      await rejectsWith(workspace.remoteHead({ remote, branch: 'main' }), 'AUTH_FAILED');
      const commit = await commitAll(workspace);
      await rejectsWith(workspace.push({ remote, branch, commit, expected: null }), 'AUTH_FAILED');
    },
  },
  {
    id: 'a-remote-is-judged-before-a-job-tries',
    requires: { what: 'diagnoseRemote', holds: (rig) => rig.provider.diagnoseRemote !== undefined },
    run: async (rig) => {
      const judge = async (remote: GitRemote, branch: string): Promise<readonly Diagnosis[]> =>
        await Array.fromAsync(rig.provider.diagnoseRemote?.({ remote, branch }) ?? []);
      const good = await judge(rig.remote, 'main');
      assert.deepEqual([good.length, good[0]?.ok, good[0]?.fix], [1, true, null]);
      for (const bad of [await judge(rig.remote, 'nowhere'), await judge(rig.deadRemote, 'main')]) {
        assert.ok(bad.length > 0);
        for (const { ok, fix } of bad) assert.ok(!ok && fix !== null && fix !== '');
      }
    },
  },
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
  {
    id: 'push-brings-exactly-the-tree',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'new\n');
      const commit = await commitAll(workspace);
      assert.equal(await workspace.remoteHead({ remote: rig.remote, branch }), null);
      await workspace.push({ remote: rig.remote, branch, commit, expected: null });
      assert.equal(await workspace.remoteHead({ remote: rig.remote, branch }), commit);
      assert.equal((await rig.branches()).get(branch), commit);
      assert.equal((await rig.filesAt(commit)).get('new.txt'), 'new\n');
      assert.equal((await rig.filesAt(commit)).get('README.md'), 'hello\n');
    },
  },
  {
    id: 'push-again-changes-nothing',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'new\n');
      const commit = await commitAll(workspace);
      for (let round = 0; round < 2; round += 1) {
        await workspace.push({ remote: rig.remote, branch, commit, expected: null });
        assert.equal((await rig.branches()).get(branch), commit);
      }
    },
  },
  {
    id: 'push-goes-on-from-expected',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'new\n');
      const first = await commitAll(workspace);
      await workspace.push({ remote: rig.remote, branch, commit: first, expected: null });
      await workspace.writeFile('new.txt', 'newer\n');
      const second = await commitAll(workspace, { parents: [first] });
      await workspace.push({ remote: rig.remote, branch, commit: second, expected: first });
      assert.equal((await rig.branches()).get(branch), second);
    },
  },
  {
    id: 'push-never-overwrites',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'new\n');
      const first = await commitAll(workspace);
      const theirs = await rig.advance(branch, { 'theirs.txt': 'theirs\n' });
      const push = (commit: string, expected: string | null): Promise<void> =>
        workspace.push({ remote: rig.remote, branch, commit, expected });
      await rejectsWith(push(first, null), 'CONFLICT');
      await rejectsWith(push(first, workspace.baseCommit), 'CONFLICT');
      assert.equal((await rig.branches()).get(branch), theirs);
      await rejectsWith(
        workspace.push({ remote: rig.remote, branch: 'baton/gone', commit: first, expected: theirs }),
        'CONFLICT',
      );
      assert.equal((await rig.branches()).has('baton/gone'), false);
    },
  },
  {
    id: 'a-push-that-a-rule-turns-away-tells-its-words',
    requires: { what: 'a remote that can turn pushes away', holds: (rig) => rig.decline !== undefined },
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'new\n');
      const commit = await commitAll(workspace);
      // Words of other troubles: they are the rule's, and decide nothing.
      const words = 'Message has no ticket: connection timed out, stale info';
      await rig.decline?.(words);
      const pushed = workspace.push({ remote: rig.remote, branch, commit, expected: null });
      await assert.rejects(pushed, (error: unknown) => {
        assert.ok(BatonError.is(error, 'PERMISSION_DENIED'));
        assert.ok(error.details.declined?.includes(words));
        assert.ok(error.message.includes(words) && error.fix !== undefined);
        return true;
      });
      assert.equal((await rig.branches()).has(branch), false);
      assert.equal(await workspace.remoteHead({ remote: rig.remote, branch }), null);
    },
  },
  {
    id: 'claim-ref-first-wins',
    requires: claims,
    run: async (rig) => {
      await openAtMain(rig);
      const owners = ['daemon-a', 'daemon-b', 'daemon-c'];
      const first = await Promise.all(owners.map((owner) => claimOf(rig, owner)));
      const winner = owners.find((_, index) => first[index] === null);
      assert.equal(first.filter((each) => each === null).length, 1, 'one won');
      for (const each of first) if (each !== null) assert.deepEqual(each, { owner: winner, until: later });
      assert.deepEqual(await claimOf(rig, 'daemon-d'), { owner: winner, until: later });
      assert.equal(await claimOf(rig, 'daemon-d', { ref: 'refs/baton/claims/issue-2' }), null);
    },
  },
  {
    id: 'what-a-branch-has-beyond-another-is-told-and-can-be-gone-on-with',
    requires: branches,
    run: async (rig) => {
      const { repository, remote, provider } = rig;
      assert.ok(provider.readBranch);
      const read = (branch: string) => provider.readBranch?.({ repository, remote, branch, onto: 'main' });
      assert.equal(await read('baton/issue-9'), null, 'not there');
      const workspace = await openAtMain(rig);
      const before = (await workspace.snapshot()).tree;
      const branch = 'baton/issue-1';
      let expected: string | null = null;
      const made: { readonly id: string; readonly tree: string; readonly message: string }[] = [];
      const base = await provider.fetch({ repository, remote, branch: 'main' });
      for (const message of ['One\n\nBaton-Job: j1\n', 'Two\n\n\nwith a blank line\n']) {
        await workspace.writeFile('src/a.txt', message);
        const { tree } = await workspace.snapshot();
        const author = { name: 'Baton', email: 'baton@localhost' };
        const commit = await workspace.commit({ tree, parents: [expected ?? base], message, author, at: 1_000 });
        await workspace.push({ remote, branch, commit, expected });
        expected = commit;
        made.unshift({ id: commit, tree, message });
      }
      await rig.advance('main', { 'src/b.txt': 'moved on\n' });
      const history = await read(branch);
      assert.ok(history);
      assert.deepEqual(history.base, { commit: base, tree: before });
      const trimmed = history.commits.map(({ message, ...each }) => ({ ...each, message: message.trim() }));
      assert.deepEqual(
        trimmed,
        made.map(({ message, ...each }) => ({ ...each, message: message.trim() })),
      );
      assert.deepEqual((await read('main'))?.commits, []);
    },
  },
  {
    id: 'refs-below-a-name-are-listed-and-no-others',
    requires: refs,
    run: async (rig) => {
      const { repository, remote, provider } = rig;
      const list = (prefix: string) => provider.listRefs?.({ repository, remote, prefix });
      assert.deepEqual(await list('refs/heads/baton/'), new Map());
      const main = await provider.fetch({ repository, remote, branch: 'main' });
      const workspace = await openAtMain(rig);
      for (const branch of ['baton/issue-1', 'baton/deep/er', 'batons', 'other/baton/x']) {
        await workspace.push({ remote, branch, commit: main, expected: null });
      }
      const below = await list('refs/heads/baton/');
      const names = ['refs/heads/baton/deep/er', 'refs/heads/baton/issue-1'];
      assert.deepEqual([...(below ?? [])].toSorted(), names.map((name) => [name, main]).toSorted());
      assert.equal((await list('refs/heads/'))?.get('refs/heads/main'), main);
      await rejectsWith(list('--upload-pack=x') ?? Promise.resolve(), 'NOT_FOUND');
    },
  },
  {
    id: 'a-claim-is-read-and-left-as-it-is',
    requires: claims,
    run: async (rig) => {
      const { repository, remote, provider } = rig;
      await openAtMain(rig);
      const read = () => provider.readClaim?.({ repository, remote, ref: claimed });
      assert.equal(await read(), null);
      await claimOf(rig, 'daemon-a', { until: 0 });
      const over = { owner: 'daemon-a', until: 0 };
      assert.deepEqual([await read(), await read()], [over, over]);
      await claimOf(rig, 'daemon-b');
      assert.deepEqual(await read(), { owner: 'daemon-b', until: later });
    },
  },
  {
    id: 'a-branch-that-was-brought-up-to-date-is-told-apart-from-somebodys-work',
    requires: {
      what: 'readBranch, and merges by others',
      holds: (rig) => rig.provider.readBranch !== undefined && rig.update !== undefined,
    },
    run: async (rig) => {
      const { repository, remote, provider } = rig;
      const read = (branch: string) => provider.readBranch?.({ repository, remote, branch, onto: 'main' });
      const workspace = await openAtMain(rig);
      await workspace.writeFile('new.txt', 'new\n');
      const commit = await commitAll(workspace);
      await workspace.push({ remote, branch, commit, expected: null });
      const base = await rig.advance('main', { 'src/b.txt': 'moved on\n' });
      const updated = await rig.update?.(branch);
      const history = await read(branch);
      assert.equal(history?.base.commit, base);
      assert.deepEqual(
        history?.commits.map(({ id, isUpdate = false }) => [id, isUpdate]),
        [
          [updated, true],
          [commit, false],
        ],
      );
      await rig.advance('main', { 'src/b.txt': 'and on\n' });
      const theirs = await rig.update?.(branch, { 'new.txt': 'theirs\n' });
      const [newest] = (await read(branch))?.commits ?? [];
      assert.deepEqual([newest?.id, newest?.isUpdate], [theirs, undefined]);
    },
  },
  {
    id: 'claim-ref-is-prolonged-by-its-owner-and-taken-over-when-it-is-over',
    requires: claims,
    run: async (rig) => {
      await openAtMain(rig);
      assert.equal(await claimOf(rig, 'daemon-a', { until: 0 }), null);
      assert.equal(await claimOf(rig, 'daemon-b'), null, 'it was over');
      assert.deepEqual(await claimOf(rig, 'daemon-a'), { owner: 'daemon-b', until: later });
      assert.equal(await claimOf(rig, 'daemon-b', { until: later + 1_000 }), null);
      assert.deepEqual(await claimOf(rig, 'daemon-a'), { owner: 'daemon-b', until: later + 1_000 });
    },
  },
  {
    id: 'a-claim-is-its-owners-whatever-that-is-called',
    requires: claims,
    run: async (rig) => {
      const { repository, remote, provider } = rig;
      await openAtMain(rig);
      for (const owner of ['host:/a  b', 'host:/a\u00a0\tb ', `host:/${'deep/'.repeat(400)}`, 'h\u00f4te:/\u{1f600}']) {
        assert.equal(await claimOf(rig, owner), null, owner);
        assert.equal(await claimOf(rig, owner), null, `${owner} again`);
        assert.deepEqual(await provider.readClaim?.({ repository, remote, ref: claimed }), { owner, until: later });
        await provider.releaseRef?.({ repository, remote, ref: claimed, owner });
        assert.equal(await provider.readClaim?.({ repository, remote, ref: claimed }), null);
      }
    },
  },
  {
    id: 'claim-ref-is-let-go-by-its-owner-alone',
    requires: claims,
    run: async (rig) => {
      const { repository, remote, provider } = rig;
      await openAtMain(rig);
      const release = async (owner: string): Promise<void> => {
        assert.ok(provider.releaseRef);
        await provider.releaseRef({ repository, remote, ref: claimed, owner });
      };
      await release('daemon-a');
      assert.equal(await claimOf(rig, 'daemon-a'), null);
      await release('daemon-b');
      assert.deepEqual(await claimOf(rig, 'daemon-b'), { owner: 'daemon-a', until: later });
      await release('daemon-a');
      await release('daemon-a');
      assert.equal(await claimOf(rig, 'daemon-b'), null);
    },
  },
];
