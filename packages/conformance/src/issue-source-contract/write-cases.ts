import assert from 'node:assert/strict';
import { BatonError, topicMarker } from '@baton/core';
import type { ContractCase } from '../contract.js';
import { type IssueSourceRig, openHandedOver } from './rig.js';

/** What Baton writes to an issue, and how often. */
export const issueSourceWriteCases: readonly ContractCase<IssueSourceRig>[] = [
  {
    id: 'one-comment-for-each-topic-edited-in-place',
    async run(rig) {
      const issueId = await openHandedOver(rig);
      const source = rig.createSource();
      const first = await source.ensureComment({ issueId, topic: 'status', body: 'Working.' });
      const second = await source.ensureComment({ issueId, topic: 'status', body: 'Verifying.' });
      const third = await rig.createSource().ensureComment({ issueId, topic: 'status', body: 'Done.' });
      assert.deepEqual([second.id, third.id], [first.id, first.id]);
      const other = await source.ensureComment({ issueId, topic: 'plan', body: 'Nothing yet.' });
      assert.notEqual(other.id, first.id);
      const comments = await rig.comments(issueId);
      assert.deepEqual(
        comments.map((each) => each.author),
        [rig.self, rig.self],
      );
      const [status, plan] = comments;
      assert.ok(status?.body.includes(topicMarker('status')) && status.body.includes('Done.'));
      assert.ok(plan?.body.includes(topicMarker('plan')) && plan.body.includes('Nothing yet.'));
    },
  },
  {
    id: 'an-equal-comment-writes-nothing',
    async run(rig) {
      const issueId = await openHandedOver(rig);
      const body = '### Baton · working 🚀\n\n| step | result |\n|---|---|\n| --- | `a|b` |\n\n---\nkey: value\n';
      await rig.createSource().ensureComment({ issueId, topic: 'status', body });
      const before = await rig.footprint();
      await rig.createSource().ensureComment({ issueId, topic: 'status', body });
      assert.equal(await rig.footprint(), before);
    },
  },
  {
    id: 'a-marker-in-somebody-elses-comment-counts-for-nothing',
    async run(rig) {
      const issueId = await openHandedOver(rig);
      const forged = `${topicMarker('status')}\nAll is well.`;
      const theirs = await rig.comment(issueId, 'stranger', forged);
      const ours = await rig.createSource().ensureComment({ issueId, topic: 'status', body: 'Working.' });
      assert.notEqual(ours.id, theirs);
      const comments = await rig.comments(issueId);
      assert.equal(comments.length, 2);
      assert.equal(comments.find((each) => each.id === theirs)?.body, forged);
    },
  },
  {
    id: 'duplicates-collapse-into-the-oldest',
    async run(rig) {
      const issueId = await openHandedOver(rig);
      const body = (text: string): string => `${topicMarker('status')}\n${text}`;
      const oldest = await rig.comment(issueId, rig.self, body('One.'));
      await rig.comment(issueId, 'bob', 'In between.');
      await rig.comment(issueId, rig.self, body('Two.'));
      await rig.comment(issueId, rig.self, body('Three.'));
      const { id } = await rig.createSource().ensureComment({ issueId, topic: 'status', body: 'Four.' });
      assert.equal(id, oldest);
      const comments = await rig.comments(issueId);
      assert.deepEqual(
        comments.map((each) => each.author),
        [rig.self, 'bob'],
      );
      assert.ok(comments[0]?.body.includes('Four.'));
    },
  },
  {
    id: 'labels-are-added-and-removed-and-others-left-alone',
    async run(rig) {
      const source = rig.createSource();
      const labels = ['baton', 'Good First Issue', 'baton:failed'];
      const issueId = await rig.openIssue({ title: 'Cart total', body: '', author: 'alice', labels });
      await source.ensureLabels({ issueId, add: ['baton:working'], remove: ['baton:failed', 'never-there'] });
      const found = [...((await source.get(issueId))?.labels ?? [])].sort();
      assert.deepEqual(found, ['baton', 'baton:working', 'good first issue']);
    },
  },
  {
    id: 'labels-that-are-so-already-write-nothing',
    async run(rig) {
      const issueId = await openHandedOver(rig);
      const change = { issueId, add: ['baton:working'], remove: ['baton:failed'] };
      await rig.createSource().ensureLabels(change);
      const before = await rig.footprint();
      await rig.createSource().ensureLabels(change);
      await rig.createSource().ensureLabels({ issueId, add: ['BATON:Working'], remove: ['Baton:Failed'] });
      assert.equal(await rig.footprint(), before);
    },
  },
  {
    id: 'assigning-twice-is-assigning-once',
    requires: {
      what: 'an account that can be assigned',
      holds: (rig) => rig.createSource().ensureAssigned !== undefined,
    },
    async run(rig) {
      const source = rig.createSource();
      const issueId = await openHandedOver(rig);
      await rig.changeIssue(issueId, { assignees: ['bob'] }, 'alice');
      const assignees = async (): Promise<readonly string[]> =>
        ((await source.get(issueId))?.assignees ?? []).map((each) => each.login).sort();
      await source.ensureAssigned?.(issueId, true);
      assert.deepEqual(await assignees(), [rig.self, 'bob'].sort());
      const before = await rig.footprint();
      await source.ensureAssigned?.(issueId, true);
      assert.equal(await rig.footprint(), before);
      await source.ensureAssigned?.(issueId, false);
      assert.deepEqual(await assignees(), ['bob']);
    },
  },
  {
    id: 'a-write-to-nothing-is-not-found',
    async run(rig) {
      const source = rig.createSource();
      const issueId = rig.missingId;
      const notFound = (error: unknown): boolean => BatonError.is(error, 'NOT_FOUND');
      await assert.rejects(source.ensureComment({ issueId, topic: 'status', body: 'Working.' }), notFound);
      await assert.rejects(source.ensureLabels({ issueId, add: ['baton:working'], remove: [] }), notFound);
    },
  },
];
