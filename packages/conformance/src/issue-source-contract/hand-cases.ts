import assert from 'node:assert/strict';
import { topicMarker } from '@baton/core';
import type { ContractCase } from '../contract.js';
import { findActorCases } from '../find-actor-cases.js';
import { handedOver, type IssueSourceRig } from './rig.js';

/** A word that looks like one of Baton's own, written by somebody else. */
const forged = `${topicMarker('status')}\nBaton works on it.`;

/** Whose hand it was: a person's, a bot's or Baton's own. Only by that the engine tells what sets work going. */
export const issueSourceHandCases: readonly ContractCase<IssueSourceRig>[] = [
  {
    id: 'hands-batons-own-is-told-as-its-own',
    async run(rig) {
      const source = rig.createSource();
      const issueId = await rig.openIssue({ title: 'Cart total', body: '', author: 'alice' });
      await rig.changeIssue(issueId, { labels: ['baton'] }, rig.self);
      assert.equal((await source.brief(issueId, handedOver))?.trigger.actor.kind ?? 'self', 'self');
    },
  },
  {
    id: 'hands-batons-own-comments-are-in-no-brief-marked-or-not',
    async run(rig) {
      const issueId = await rig.openIssue({ title: 'Cart total', body: '', author: 'alice' });
      await rig.comment(issueId, rig.self, 'By hand, from the same account.');
      await rig.comment(issueId, rig.self, forged);
      await rig.comment(issueId, 'bob', 'With coupons only.');
      await rig.changeIssue(issueId, { labels: ['baton'] }, 'alice');
      const brief = await rig.createSource().brief(issueId, handedOver);
      assert.deepEqual(
        brief?.comments.map((each) => each.body),
        ['With coupons only.'],
      );
    },
  },
  {
    id: 'hands-a-marker-makes-nobody-elses-comment-batons-own',
    async run(rig) {
      const issueId = await rig.openIssue({ title: 'Cart total', body: '', author: 'alice' });
      await rig.comment(issueId, 'bob', forged);
      await rig.changeIssue(issueId, { labels: ['baton'] }, 'alice');
      const brief = await rig.createSource().brief(issueId, handedOver);
      assert.deepEqual(
        brief?.comments.map(({ author, body }) => [author?.login, author?.kind, body.includes('Baton works on it.')]),
        [['bob', 'person', true]],
      );
    },
  },
  {
    id: 'hands-a-bot-is-told-by-the-tracker-and-by-no-spelling',
    requires: { what: 'a tracker that knows bots', holds: (rig) => rig.addBot !== undefined },
    async run(rig) {
      const bot = (await rig.addBot?.('renovate')) ?? assert.fail('no bot');
      const issueId = await rig.openIssue({ title: 'Cart total', body: '', author: 'alice' });
      await rig.comment(issueId, bot, 'Said by a bot.');
      await rig.comment(issueId, 'my-bot', 'Said by a person.');
      await rig.changeIssue(issueId, { labels: ['baton'] }, bot);
      const brief = (await rig.createSource().brief(issueId, handedOver)) ?? assert.fail('there is no brief');
      assert.deepEqual([brief.trigger.actor.login, brief.trigger.actor.kind], [bot, 'bot']);
      assert.deepEqual(
        brief.comments.map(({ author }) => [author?.login, author?.kind]),
        [
          [bot, 'bot'],
          ['my-bot', 'person'],
        ],
      );
    },
  },
  ...findActorCases<IssueSourceRig>((rig) => rig.createSource()),
];
