import assert from 'node:assert/strict';
import type { Cursor, Forge, Observation } from '@baton/core';
import type { ContractCase } from '../contract.js';
import { type ForgeRig, openByBaton } from './rig.js';

/** What became of a pull request, and what people said of it. */
export const forgeObserveCases: readonly ContractCase<ForgeRig>[] = [
  {
    id: 'many-are-observed-in-the-order-asked-and-null-for-one-that-is-gone',
    async run(rig) {
      const forge = rig.createForge();
      const ids: string[] = [];
      for (let index = 1; index <= 120; index += 1) {
        const head = `baton/issue-${index}`;
        await rig.push(head);
        ids.push(await rig.openPullRequest({ head, title: head, body: '', draft: false, labels: [], by: 'bob' }));
      }
      const asked = [...ids.slice(60), rig.missingId, ...ids.slice(0, 60)];
      const observed = await forge.observe(asked.map((id) => ({ id, cursor: null })));
      const expected = asked.map((id) => (id === rig.missingId ? null : id));
      assert.deepEqual(
        observed.map((each) => each?.pullRequest.id ?? null),
        expected,
      );
      assert.deepEqual(await forge.observe([]), []);
    },
  },
  {
    id: 'an-observation-tells-what-stands-now',
    async run(rig) {
      const forge = rig.createForge();
      const { id, head } = await openByBaton(rig, forge);
      const commit = await rig.push(head);
      await rig.changePullRequest(id, { draft: false });
      const { pullRequest, checks } = await observe(forge, id);
      assert.equal(pullRequest.headCommit, commit);
      assert.equal(pullRequest.draft, false);
      assert.equal(pullRequest.state.unified, 'open');
      assert.notEqual(pullRequest.mergeable, 'conflict');
      assert.deepEqual(checks, { state: 'none', failures: [], notes: [] });
    },
  },
  ...(['merged', 'closed'] as const).map((state) => ({
    id: `${state === 'merged' ? 'a-merge' : 'a-close'}-is-seen`,
    async run(rig: ForgeRig) {
      const forge = rig.createForge();
      const { id } = await openByBaton(rig, forge);
      const { cursor } = await observe(forge, id);
      await rig.changePullRequest(id, { state });
      assert.equal((await observe(forge, id, cursor)).pullRequest.state.unified, state);
    },
  })),
  {
    id: 'feedback-is-brought-once',
    async run(rig) {
      const forge = rig.createForge();
      const { id } = await openByBaton(rig, forge);
      const start = await observe(forge, id);
      assert.deepEqual(start.feedback, []);
      await rig.comment(id, 'bob', { body: 'Looks odd.' });
      await rig.comment(id, 'alice', { body: 'Round half up.', verdict: 'request-changes' });
      const first = await observe(forge, id, start.cursor);
      assert.deepEqual(first.feedback.map(({ author, body, verdict }) => [author?.login, body, verdict]).sort(), [
        ['alice', 'Round half up.', 'request-changes'],
        ['bob', 'Looks odd.', 'comment'],
      ]);
      assert.deepEqual((await observe(forge, id, first.cursor)).feedback, []);
      await rig.comment(id, 'bob', { body: 'Still odd.' });
      const cursor: Cursor = JSON.parse(JSON.stringify(first.cursor));
      const second = await observe(rig.createForge(), id, cursor);
      assert.deepEqual(
        second.feedback.map((each) => each.body),
        ['Still odd.'],
      );
      assert.equal((await observe(forge, id)).feedback.length, 3);
    },
  },
  {
    id: 'feedback-says-which-line-it-is-about',
    async run(rig) {
      const forge = rig.createForge();
      const { id } = await openByBaton(rig, forge);
      await rig.comment(id, 'bob', { body: 'Why?', path: 'src/cart total.ts', line: 7 });
      await rig.comment(id, 'bob', { body: 'All good.', verdict: 'approve' });
      const { feedback } = await observe(forge, id);
      const [approval, comment] = [...feedback].sort((left, right) => (left.body < right.body ? -1 : 1));
      assert.deepEqual([comment?.path, comment?.line], ['src/cart total.ts', 7]);
      assert.deepEqual([approval?.path, approval?.line, approval?.verdict], [null, null, 'approve']);
    },
  },
  {
    id: 'feedback-on-a-line-that-was-changed-since-names-no-line',
    requires: { what: 'a host that knows of which head a comment is', holds: (rig) => rig.outdate !== undefined },
    async run(rig) {
      const forge = rig.createForge();
      const { id } = await openByBaton(rig, forge);
      await rig.comment(id, 'bob', { body: 'Why?', path: 'src/cart.ts', line: 7 });
      await rig.outdate?.(id);
      const { feedback } = await observe(forge, id);
      // It is asked for all the same: nobody has said that it is settled.
      assert.deepEqual(
        feedback.map(({ body, path, line }) => [body, path, line]),
        [['Why?', 'src/cart.ts', null]],
      );
    },
  },
  {
    id: 'edited-feedback-is-brought-again',
    async run(rig) {
      const forge = rig.createForge();
      const { id } = await openByBaton(rig, forge);
      await rig.comment(id, 'alice', { body: 'Left alone.' });
      const commentId = await rig.comment(id, 'bob', { body: 'Round up.' });
      const before = await observe(forge, id);
      await rig.editComment(id, commentId, 'Round half up.');
      const { feedback } = await observe(forge, id, before.cursor);
      assert.deepEqual(
        feedback.map((each) => each.body),
        ['Round half up.'],
      );
      assert.equal(feedback[0]?.id, before.feedback.find((each) => each.body === 'Round up.')?.id);
    },
  },
  {
    id: 'batons-own-comments-are-no-feedback',
    async run(rig) {
      const forge = rig.createForge();
      const { id } = await openByBaton(rig, forge);
      await forge.ensureComment({ pullRequestId: id, topic: 'review', body: 'Working on it.' });
      await rig.comment(id, rig.self, { body: 'By hand, from the same account.' });
      await rig.comment(id, 'bob', { body: 'Thanks.' });
      assert.deepEqual(
        (await observe(forge, id)).feedback.map((each) => each.body),
        ['Thanks.'],
      );
    },
  },
  {
    id: 'what-is-not-for-everybody-is-no-feedback',
    requires: { what: 'a host with internal or hidden comments', holds: (rig) => rig.commentInPrivate !== undefined },
    async run(rig) {
      const forge = rig.createForge();
      const { id } = await openByBaton(rig, forge);
      await rig.commentInPrivate?.(id, 'alice', 'The customer is ACME.');
      await rig.comment(id, 'bob', { body: 'Round half up.' });
      const first = await observe(forge, id);
      assert.deepEqual(
        first.feedback.map((each) => each.body),
        ['Round half up.'],
      );
      await rig.commentInPrivate?.(id, 'bob', 'They lost money.');
      assert.deepEqual((await observe(forge, id, first.cursor)).feedback, []);
    },
  },
  {
    id: 'all-of-120-comments-are-seen',
    async run(rig) {
      const forge = rig.createForge();
      const { id } = await openByBaton(rig, forge);
      const wanted = new Set<string>();
      for (let index = 1; index <= 120; index += 1) {
        wanted.add(`Comment ${index}.`);
        await rig.comment(id, 'bob', { body: `Comment ${index}.` });
      }
      const { feedback, cursor } = await observe(forge, id);
      assert.deepEqual(new Set(feedback.map((each) => each.body)), wanted);
      assert.equal(new Set(feedback.map((each) => each.id)).size, 120);
      assert.deepEqual((await observe(forge, id, cursor)).feedback, []);
    },
  },
];

async function observe(forge: Forge, id: string, cursor: Cursor | null = null): Promise<Observation> {
  const [observation] = await forge.observe([{ id, cursor }]);
  return observation ?? assert.fail('the pull request is gone');
}
