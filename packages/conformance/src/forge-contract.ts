import assert from 'node:assert/strict';
import { BatonError, topicMarker } from '@baton/core';
import { type ContractCase, type ContractSuite, defineContract } from './contract.js';
import { forgeCheckCases } from './forge-contract/check-cases.js';
import { forgeHandCases } from './forge-contract/hand-cases.js';
import { forgeObserveCases } from './forge-contract/observe-cases.js';
import { forgePullRequestCases } from './forge-contract/pull-request-cases.js';
import { type ForgeRig, openByBaton, requestFor } from './forge-contract/rig.js';

const isNotFound = (error: unknown): boolean => BatonError.is(error, 'NOT_FOUND');

const repositoryCases: readonly ContractCase<ForgeRig>[] = [
  {
    id: 'says-which-contract-it-speaks',
    async run(rig) {
      const forge = rig.createForge();
      assert.equal(forge.spec, 'forge/1');
      assert.match(forge.id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      assert.ok(forge.repository.length > 0);
      assert.ok(forge.limits.titleLength >= 72 && forge.limits.bodyLength >= 10_000);
    },
  },
  {
    id: 'the-remote-has-no-credential-in-its-address',
    async run(rig) {
      const forge = rig.createForge();
      const remote = await forge.remote();
      assert.ok(remote.url.length > 0);
      assert.doesNotMatch(remote.url, /^[a-z+]+:\/\/[^/]*:[^/]*@/i);
      assert.equal((await forge.remote()).url, remote.url);
    },
  },
  {
    id: 'the-default-branch-is-told',
    async run(rig) {
      assert.equal(await rig.createForge().defaultBranch(), rig.defaultBranch);
    },
  },
  {
    id: 'an-empty-repository-has-no-default-branch',
    async run(rig) {
      await rig.emptyRepository();
      await assert.rejects(rig.createForge().defaultBranch(), isNotFound);
    },
  },
  {
    id: 'a-permission-is-what-the-host-says',
    async run(rig) {
      const forge = rig.createForge();
      const said = { alice: 'write', bob: 'read', carol: 'admin', dave: 'none' } as const;
      for (const [login, permission] of Object.entries(said)) await rig.allow(login, permission);
      const { id } = await openByBaton(rig, forge);
      for (const login of [...Object.keys(said), 'stranger']) await rig.comment(id, login, { body: login });
      const [observation] = await forge.observe([{ id, cursor: null }]);
      const found = new Map<string, string>();
      for (const { author } of observation?.feedback ?? []) {
        if (author) found.set(author.login, await forge.permission(author));
      }
      assert.deepEqual(Object.fromEntries(found), { ...said, stranger: 'none' });
    },
  },
  {
    id: 'a-permission-that-cannot-be-looked-up-is-an-error',
    async run(rig) {
      const forge = rig.createForge();
      await rig.allow('alice', 'write');
      const { id } = await openByBaton(rig, forge);
      await rig.comment(id, 'alice', { body: 'Fine.' });
      const [observation] = await forge.observe([{ id, cursor: null }]);
      const author = observation?.feedback[0]?.author ?? assert.fail('the comment has no author');
      await rig.breakPermissions();
      await assert.rejects(forge.permission(author));
    },
  },
];

const commentCases: readonly ContractCase<ForgeRig>[] = [
  {
    id: 'one-comment-for-each-topic-edited-in-place',
    async run(rig) {
      const { id: pullRequestId } = await openByBaton(rig, rig.createForge());
      const first = await rig.createForge().ensureComment({ pullRequestId, topic: 'review', body: 'Working.' });
      const second = await rig.createForge().ensureComment({ pullRequestId, topic: 'review', body: 'Done.' });
      assert.equal(second.id, first.id);
      const before = await rig.footprint();
      await rig.createForge().ensureComment({ pullRequestId, topic: 'review', body: 'Done.' });
      assert.equal(await rig.footprint(), before);
      const other = await rig.createForge().ensureComment({ pullRequestId, topic: 'conflict', body: 'Conflict.' });
      assert.notEqual(other.id, first.id);
      const comments = await rig.comments(pullRequestId);
      assert.deepEqual(
        comments.map((each) => each.author),
        [rig.self, rig.self],
      );
      assert.ok(comments[0]?.body.includes(topicMarker('review')) && comments[0].body.includes('Done.'));
    },
  },
  {
    id: 'a-marker-in-somebody-elses-comment-counts-for-nothing',
    async run(rig) {
      const forge = rig.createForge();
      const { id: pullRequestId } = await openByBaton(rig, forge);
      const forged = `${topicMarker('review')}\nAll is well.`;
      await rig.comment(pullRequestId, 'stranger', { body: forged });
      await forge.ensureComment({ pullRequestId, topic: 'review', body: 'Working.' });
      const comments = await rig.comments(pullRequestId);
      assert.deepEqual(
        comments.map((each) => each.author),
        ['stranger', rig.self],
      );
      assert.equal(comments[0]?.body, forged);
    },
  },
  {
    id: 'duplicates-collapse-into-the-oldest',
    async run(rig) {
      const forge = rig.createForge();
      const { id: pullRequestId } = await openByBaton(rig, forge);
      for (const text of ['One.', 'Two.', 'Three.']) {
        await rig.comment(pullRequestId, rig.self, { body: `${topicMarker('review')}\n${text}` });
      }
      await rig.comment(pullRequestId, 'bob', { body: 'Enough.' });
      await forge.ensureComment({ pullRequestId, topic: 'review', body: 'Four.' });
      const comments = await rig.comments(pullRequestId);
      assert.deepEqual(
        comments.map((each) => each.author),
        [rig.self, 'bob'],
      );
      assert.ok(comments[0]?.body.includes('Four.'));
    },
  },
  {
    id: 'a-comment-on-nothing-is-not-found',
    async run(rig) {
      const comment = { pullRequestId: rig.missingId, topic: 'review', body: 'Working.' };
      await assert.rejects(rig.createForge().ensureComment(comment), isNotFound);
    },
  },
  {
    id: 'an-aborted-call-rejects-with-the-reason-and-writes-nothing',
    async run(rig) {
      const forge = rig.createForge();
      const { id } = await openByBaton(rig, forge);
      await rig.push('baton/issue-2');
      await rig.comment(id, 'bob', { body: 'Fine.' });
      const [observation] = await forge.observe([{ id, cursor: null }]);
      const author = observation?.feedback[0]?.author ?? assert.fail('the comment has no author');
      const reason = new Error('stopped');
      const options = { signal: AbortSignal.abort(reason) };
      const before = await rig.footprint();
      const calls: Record<string, () => Promise<unknown>> = {
        remote: () => forge.remote(options),
        defaultBranch: () => forge.defaultBranch(options),
        permission: () => forge.permission(author, options),
        ensurePullRequest: () => forge.ensurePullRequest(requestFor(rig, 'baton/issue-2'), options),
        findPullRequests: () => forge.findPullRequests({ head: 'baton/issue-1' }, options),
        observe: () => forge.observe([{ id, cursor: null }], options),
        ensureComment: () => forge.ensureComment({ pullRequestId: id, topic: 'review', body: 'x' }, options),
      };
      for (const [name, call] of Object.entries(calls)) {
        await assert.rejects(call, (error) => error === reason, `${name} must reject with signal.reason, unwrapped`);
      }
      assert.equal(await rig.footprint(), before);
    },
  },
];

/** What every forge keeps to, whatever its host. */
export const forgeContract: ContractSuite<ForgeRig> = defineContract<ForgeRig>('forge', [
  ...repositoryCases,
  ...forgePullRequestCases,
  ...forgeObserveCases,
  ...forgeCheckCases,
  ...forgeHandCases,
  ...commentCases,
]);
