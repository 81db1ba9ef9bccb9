import assert from 'node:assert/strict';
import { BatonError, type Diagnosis, type GitRemote } from '@baton/core';
import type { ContractCase } from '../contract.js';
import type { WorkspaceRig } from './rig.js';
import { commitAll, openAtMain, rejectsWith } from './scene.js';

const branch = 'baton/issue-1';
const refuses = { what: 'a remote with credentials', holds: (rig: WorkspaceRig) => rig.refusedRemote !== undefined };

/** What is fetched from a remote and pushed to it. */
export const remoteCases: readonly ContractCase<WorkspaceRig>[] = [
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
];
