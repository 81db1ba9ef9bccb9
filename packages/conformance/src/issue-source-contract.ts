import assert from 'node:assert/strict';
import { type ContractCase, type ContractSuite, defineContract } from './contract.js';
import { issueSourceHandCases } from './issue-source-contract/hand-cases.js';
import { drain, handedOver, type IssueSourceRig, idsOf, openHandedOver } from './issue-source-contract/rig.js';
import { issueSourceTextCases } from './issue-source-contract/text-cases.js';
import { issueSourceWriteCases } from './issue-source-contract/write-cases.js';

const pollCases: readonly ContractCase<IssueSourceRig>[] = [
  {
    id: 'says-which-contract-it-speaks',
    async run(rig) {
      const source = rig.createSource();
      assert.equal(source.spec, 'issue-source/1');
      assert.match(source.id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    },
  },
  {
    id: 'names-its-tracker-the-same-in-every-process',
    async run(rig) {
      const { tracker } = rig.createSource();
      assert.notEqual(tracker.trim(), '');
      assert.equal(rig.createSource().tracker, tracker);
    },
  },
  {
    id: 'a-first-poll-brings-every-open-issue-that-matches',
    async run(rig) {
      const source = rig.createSource();
      const wanted = await openHandedOver(rig);
      await rig.openIssue({ title: 'Nobody handed it over', body: '', author: 'alice' });
      const ended = await openHandedOver(rig, 'Done already');
      await rig.changeIssue(ended, { state: 'closed' }, 'alice');
      const { issues } = await drain(source, handedOver, null);
      assert.deepEqual([...issues.keys()], [wanted]);
      const issue = issues.get(wanted);
      assert.equal(issue?.title, 'Cart total is wrong');
      assert.equal(issue?.body, 'It is off by one.');
      assert.equal(issue?.author?.login, 'alice');
      assert.equal(issue?.author?.kind, 'person');
      assert.equal(issue?.state.unified, 'open');
      assert.deepEqual(issue?.labels, ['baton']);
    },
  },
  {
    id: 'a-first-poll-is-never-unchanged',
    async run(rig) {
      const page = await rig.createSource().poll(handedOver, null);
      assert.equal(page.kind, 'changed');
      assert.deepEqual(page.kind === 'changed' && page.issues, []);
    },
  },
  {
    id: 'every-label-asked-for-must-be-there-in-any-case',
    async run(rig) {
      const source = rig.createSource();
      const both = await rig.openIssue({ title: 'Both', body: '', author: 'alice', labels: ['Baton', 'Backend'] });
      await openHandedOver(rig, 'One');
      assert.deepEqual(await idsOf(source, { ...handedOver, labels: ['BATON', 'backend'] }), [both]);
      assert.deepEqual([...((await source.get(both))?.labels ?? [])].sort(), ['backend', 'baton']);
    },
  },
  {
    id: 'excluded-labels-leave-an-issue-out',
    async run(rig) {
      const source = rig.createSource();
      const free = await openHandedOver(rig, 'Free');
      await rig.openIssue({ title: 'Held', body: '', author: 'alice', labels: ['baton', 'baton:hold'] });
      assert.deepEqual(await idsOf(source, { ...handedOver, excludeLabels: ['Baton:Hold'] }), [free]);
    },
  },
  {
    id: 'an-assignee-narrows-the-list',
    async run(rig) {
      const source = rig.createSource();
      await openHandedOver(rig, 'Nobody works on it');
      const bobs = await openHandedOver(rig, 'Bob works on it');
      await rig.changeIssue(bobs, { assignees: ['bob'] }, 'alice');
      assert.deepEqual(await idsOf(source, { ...handedOver, assignee: 'bob' }), [bobs]);
      assert.deepEqual(
        (await source.get(bobs))?.assignees.map((each) => each.login),
        ['bob'],
      );
    },
  },
  {
    id: 'a-quiet-poll-brings-nothing-and-forgets-nothing',
    async run(rig) {
      const source = rig.createSource();
      const issueId = await openHandedOver(rig);
      const first = await drain(source, handedOver, null);
      const second = await drain(source, handedOver, first.cursor);
      assert.deepEqual([...second.issues.keys()], []);
      const third = await drain(source, handedOver, second.cursor);
      assert.deepEqual([...third.issues.keys()], []);
      assert.deepEqual(await idsOf(source, handedOver), [issueId]);
      await rig.changeIssue(issueId, { title: 'Changed after the quiet' }, 'alice');
      const fourth = await drain(source, handedOver, third.cursor);
      assert.equal(fourth.issues.get(issueId)?.title, 'Changed after the quiet');
    },
  },
  {
    id: 'whatever-changed-is-brought-again-with-another-revision',
    async run(rig) {
      const source = rig.createSource();
      const edited = await openHandedOver(rig, 'Edited');
      const labelled = await rig.openIssue({ title: 'Labelled later', body: '', author: 'alice' });
      await openHandedOver(rig, 'Left alone');
      const first = await drain(source, handedOver, null);
      await rig.changeIssue(edited, { body: 'More to tell.' }, 'alice');
      await rig.changeIssue(labelled, { labels: ['baton'] }, 'alice');
      const second = await drain(source, handedOver, first.cursor);
      assert.deepEqual([...second.issues.keys()].sort(), [edited, labelled].sort());
      assert.equal(second.issues.get(edited)?.body, 'More to tell.');
      assert.notEqual(second.issues.get(edited)?.revision, first.issues.get(edited)?.revision);
    },
  },
  {
    id: 'what-no-longer-matches-is-not-brought',
    async run(rig) {
      const source = rig.createSource();
      const [closed, unlabelled] = [await openHandedOver(rig, 'Closed'), await openHandedOver(rig, 'Unlabelled')];
      const { cursor } = await drain(source, handedOver, null);
      await rig.changeIssue(closed, { state: 'closed' }, 'alice');
      await rig.changeIssue(unlabelled, { labels: [] }, 'alice');
      assert.deepEqual([...(await drain(source, handedOver, cursor)).issues.keys()], []);
      assert.deepEqual(await idsOf(source, handedOver), []);
      assert.equal((await source.get(closed))?.state.unified, 'closed');
      assert.deepEqual((await source.get(unlabelled))?.labels, []);
    },
  },
  {
    id: 'a-cursor-holds-in-another-process',
    async run(rig) {
      const issueId = await openHandedOver(rig);
      await openHandedOver(rig, 'Left alone');
      const { cursor } = await drain(rig.createSource(), handedOver, null);
      await rig.changeIssue(issueId, { title: 'Changed in between' }, 'alice');
      const { issues } = await drain(rig.createSource(), handedOver, JSON.parse(JSON.stringify(cursor)));
      assert.deepEqual(
        [...issues.values()].map((each) => each.title),
        ['Changed in between'],
      );
    },
  },
  {
    id: 'all-of-250-issues-are-seen',
    async run(rig) {
      const source = rig.createSource();
      const ids: string[] = [];
      for (let index = 1; index <= 250; index += 1) ids.push(await openHandedOver(rig, `Issue ${index}`));
      const first = await source.poll(handedOver, null);
      assert.equal(first.kind, 'changed');
      const seen = new Set(first.kind === 'changed' ? first.issues.map((each) => each.id) : []);
      const unseen = ids.filter((id) => !seen.has(id));
      // Whatever order pages have, what changes between two of them must not slip through.
      for (const id of [unseen[0], unseen.at(-1)]) {
        if (id !== undefined) await rig.changeIssue(id, { body: 'Changed between two pages.' }, 'alice');
      }
      if (first.kind === 'changed' && first.more) {
        for (const id of (await drain(source, handedOver, first.cursor)).issues.keys()) seen.add(id);
      }
      assert.deepEqual([...seen].sort(), [...ids].sort());
      assert.equal(new Set((await drain(source, handedOver, null)).issues.values().map((each) => each.key)).size, 250);
    },
  },
  {
    id: 'an-unreadable-issue-hides-no-other',
    requires: { what: 'a tracker that can hold an unreadable issue', holds: (rig) => rig.breakIssue !== undefined },
    async run(rig) {
      const source = rig.createSource();
      const ids = [];
      for (let index = 0; index < 10; index += 1) ids.push(await openHandedOver(rig, `Issue ${index}`));
      const [broken = ''] = ids.splice(4, 1);
      const { cursor } = await drain(source, handedOver, null);
      await rig.breakIssue?.(broken);
      assert.deepEqual(await idsOf(source, handedOver), [...ids].sort());
      await rig.changeIssue(ids[0] ?? '', { title: 'Still followed' }, 'alice');
      assert.deepEqual([...(await drain(source, handedOver, cursor)).issues.keys()], [ids[0]]);
    },
  },
  {
    id: 'find-takes-every-form-that-a-person-types',
    async run(rig) {
      const source = rig.createSource();
      const issueId = await openHandedOver(rig);
      await openHandedOver(rig, 'Another one');
      await rig.changeIssue(issueId, { state: 'closed' }, 'alice');
      const { key } = (await source.get(issueId)) ?? assert.fail('get does not see the issue');
      for (const reference of [key, ...(await rig.references(issueId))]) {
        assert.equal((await source.find(reference))?.id, issueId, reference);
      }
    },
  },
  {
    id: 'find-of-nothing-is-null',
    async run(rig) {
      const source = rig.createSource();
      await openHandedOver(rig);
      for (const reference of ['', '999999', '#999999', 'no such thing', '../../etc/passwd', '--help', '0', '-1']) {
        assert.equal(await source.find(reference), null, reference);
      }
    },
  },
  {
    id: 'get-of-nothing-is-null',
    async run(rig) {
      const source = rig.createSource();
      assert.equal(await source.get(rig.missingId), null);
      assert.equal(await source.brief(rig.missingId, handedOver), null);
    },
  },
  {
    id: 'quotas-are-what-can-be-left-of-a-period-that-is-not-over',
    requires: {
      what: 'a host that counts requests',
      holds: (rig) => rig.createSource().quotas !== undefined,
    },
    async run(rig) {
      const source = rig.createSource();
      await drain(source, handedOver, null);
      const quotas = source.quotas?.() ?? assert.fail('quotas went away');
      assert.equal(new Set(quotas.map(({ name }) => name)).size, quotas.length, 'each has a name of its own');
      for (const { name, limit, remaining, resetAt } of quotas) {
        assert.notEqual(name, '');
        assert.ok(Number.isInteger(limit) && Number.isInteger(remaining), `${name} is counted`);
        assert.ok(remaining >= 0 && remaining <= limit, `${remaining} of ${limit} can't be left`);
        assert.ok(Number.isFinite(resetAt) && resetAt > 0, `${name} ends at an instant`);
      }
    },
  },
  {
    id: 'an-aborted-call-rejects-with-the-reason-and-writes-nothing',
    async run(rig) {
      const source = rig.createSource();
      const issueId = await openHandedOver(rig);
      await drain(source, handedOver, null);
      const { author } = (await source.get(issueId)) ?? assert.fail('get does not see the issue');
      const reason = new Error('stopped');
      const options = { signal: AbortSignal.abort(reason) };
      const before = await rig.footprint();
      const calls: Record<string, () => Promise<unknown>> = {
        poll: () => source.poll(handedOver, null, options),
        find: () => source.find(issueId, options),
        get: () => source.get(issueId, options),
        brief: () => source.brief(issueId, handedOver, options),
        permission: () => source.permission(author ?? assert.fail('no author'), options),
        ensureComment: () => source.ensureComment({ issueId, topic: 'status', body: 'x' }, options),
        ensureLabels: () => source.ensureLabels({ issueId, add: ['baton:working'], remove: [] }, options),
      };
      for (const [name, call] of Object.entries(calls)) {
        await assert.rejects(call, (error) => error === reason, `${name} must reject with signal.reason, unwrapped`);
      }
      assert.equal(await rig.footprint(), before);
    },
  },
];

/** What every issue source keeps to, whatever its tracker. */
export const issueSourceContract: ContractSuite<IssueSourceRig> = defineContract<IssueSourceRig>('issue-source', [
  ...pollCases,
  ...issueSourceTextCases,
  ...issueSourceHandCases,
  ...issueSourceWriteCases,
]);
