import assert from 'node:assert/strict';
import type { RefClaim } from '@baton/core';
import type { ContractCase } from '../contract.js';
import type { WorkspaceRig } from './rig.js';
import { commitAll, openAtMain, rejectsWith } from './scene.js';

const branch = 'baton/issue-1';
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

/** Claims, and what stands on branches and refs of a remote. */
export const refCases: readonly ContractCase<WorkspaceRig>[] = [
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
    id: 'a-claim-that-lasts-longer-than-anybody-claims-holds-nobody-up',
    requires: claims,
    run: async (rig) => {
      await openAtMain(rig);
      const dayMs = 24 * 60 * 60_000;
      assert.equal(await claimOf(rig, 'daemon-a', { until: later + dayMs }), null);
      assert.deepEqual(
        await claimOf(rig, 'daemon-b'),
        { owner: 'daemon-a', until: later + dayMs },
        'clocks may differ by so much',
      );
      // Whoever may push can write it.
      assert.equal(await claimOf(rig, 'daemon-a', { until: Date.UTC(9999, 0, 1) }), null);
      assert.equal(await claimOf(rig, 'daemon-b'), null);
      assert.deepEqual(await claimOf(rig, 'daemon-a'), { owner: 'daemon-b', until: later });
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
