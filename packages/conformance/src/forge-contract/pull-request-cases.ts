import assert from 'node:assert/strict';
import type { ContractCase } from '../contract.js';
import { type ForgeRig, openByBaton, requestFor, theOnlyOne } from './rig.js';

const head = 'baton/issue-1';

/** At most one pull request for each head branch. */
export const forgePullRequestCases: readonly ContractCase<ForgeRig>[] = [
  {
    id: 'a-pull-request-is-opened-as-asked',
    async run(rig) {
      const commit = await rig.push(head);
      const request = requestFor(rig, head);
      const { pullRequest, action } = await rig.createForge().ensurePullRequest(request);
      assert.equal(action, 'created');
      assert.equal(pullRequest.state.unified, 'open');
      assert.equal(pullRequest.head, head);
      assert.equal(pullRequest.base, rig.defaultBranch);
      assert.equal(pullRequest.headCommit, commit);
      assert.equal(pullRequest.draft, true);
      assert.ok(Number.isInteger(pullRequest.number) && pullRequest.number > 0);
      assert.ok(pullRequest.url.length > 0);
      const { id, title, body, draft, labels, state } = await theOnlyOne(rig);
      assert.deepEqual(
        { id, title, draft, labels, state },
        { id: pullRequest.id, title: request.title, draft: true, labels: ['baton'], state: 'open' },
      );
      assert.equal(body.trim(), request.body.trim());
    },
  },
  {
    id: 'the-same-again-writes-nothing',
    async run(rig) {
      const first = await openByBaton(rig, rig.createForge(), head);
      const before = await rig.footprint();
      const { pullRequest, action } = await rig.createForge().ensurePullRequest(requestFor(rig, head));
      assert.equal(action, 'unchanged');
      assert.equal(pullRequest.id, first.id);
      assert.equal(await rig.footprint(), before);
      await theOnlyOne(rig);
    },
  },
  {
    id: 'what-changed-is-updated-in-place',
    async run(rig) {
      const first = await openByBaton(rig, rig.createForge(), head);
      const request = {
        ...requestFor(rig, head),
        title: 'Count each coupon once',
        body: 'Closes #1\n\nMore evidence.',
        draft: false,
      };
      const { pullRequest, action } = await rig.createForge().ensurePullRequest(request);
      assert.equal(action, 'updated');
      assert.equal(pullRequest.id, first.id);
      assert.equal(pullRequest.draft, false);
      const { title, body, draft } = await theOnlyOne(rig);
      assert.deepEqual({ title, body: body.trim(), draft }, { title: request.title, body: request.body, draft: false });
    },
  },
  {
    id: 'any-character-in-title-and-body-comes-through',
    async run(rig) {
      const forge = rig.createForge();
      for (const [index, title] of [
        '--upload-pack=touch x',
        '"quoted": # 🚀 `code`',
        'null',
        "- it's: [a, b]",
      ].entries()) {
        const request = { ...requestFor(rig, `baton/issue-${index}`), title, body: `---\n${title}\n---\n\n${title}` };
        await rig.push(request.head);
        const { pullRequest } = await forge.ensurePullRequest(request);
        const found = (await rig.pullRequests()).find((each) => each.id === pullRequest.id);
        assert.equal(found?.title, title);
        assert.equal(found?.body.trim(), request.body);
        assert.equal((await forge.ensurePullRequest(request)).action, 'unchanged', title);
      }
    },
  },
  {
    id: 'a-title-makes-no-draft-of-what-is-none',
    async run(rig) {
      await rig.push(head);
      const request = { ...requestFor(rig, head), title: 'Draft: terms for coupons', draft: false };
      const { pullRequest } = await rig.createForge().ensurePullRequest(request);
      assert.equal(pullRequest.draft, false);
      assert.equal((await theOnlyOne(rig)).draft, false);
      assert.equal((await rig.createForge().ensurePullRequest(request)).action, 'unchanged');
    },
  },
  {
    id: 'a-title-or-draft-flag-that-a-person-changed-is-left-alone',
    async run(rig) {
      const { id } = await openByBaton(rig, rig.createForge(), head);
      await rig.changePullRequest(id, { title: 'Coupons: count once', draft: false });
      const request = {
        ...requestFor(rig, head),
        title: 'Count each coupon once',
        body: 'Closes #1\n\nMore evidence.',
      };
      const { pullRequest } = await rig.createForge().ensurePullRequest(request);
      assert.equal(pullRequest.draft, false);
      const { title, body, draft } = await theOnlyOne(rig);
      assert.deepEqual(
        { title, body: body.trim(), draft },
        { title: 'Coupons: count once', body: request.body, draft: false },
      );
      assert.equal((await rig.createForge().ensurePullRequest(request)).action, 'unchanged');
    },
  },
  {
    id: 'a-base-that-a-person-chose-is-left-alone',
    async run(rig) {
      await rig.push('release');
      const { id } = await openByBaton(rig, rig.createForge(), head);
      await rig.changePullRequest(id, { base: 'release' });
      const { pullRequest, action } = await rig.createForge().ensurePullRequest(requestFor(rig, head));
      assert.deepEqual([pullRequest.base, pullRequest.id, action], ['release', id, 'unchanged']);
      await theOnlyOne(rig);
      const [found] = await rig.createForge().findPullRequests({ head });
      assert.equal(found?.base, 'release');
    },
  },
  {
    id: 'one-that-somebody-else-opened-is-taken-over',
    async run(rig) {
      await rig.push(head);
      const theirs = { head, title: 'My own work', body: 'I did it.', draft: false, labels: ['urgent'], by: 'bob' };
      const id = await rig.openPullRequest(theirs);
      const request = requestFor(rig, head);
      const { pullRequest, action } = await rig.createForge().ensurePullRequest(request);
      assert.equal(action, 'updated');
      assert.equal(pullRequest.id, id);
      const { title, body, draft, labels } = await theOnlyOne(rig);
      assert.deepEqual(
        { title, body: body.trim(), draft },
        { title: 'My own work', body: request.body.trim(), draft: false },
      );
      assert.deepEqual([...labels].sort(), ['baton', 'urgent']);
      assert.equal((await rig.createForge().ensurePullRequest(request)).action, 'unchanged');
    },
  },
  ...(['merged', 'closed'] as const).map((state) => ({
    id: `one-that-was-${state}-is-found-and-stays-so`,
    async run(rig: ForgeRig) {
      const { id } = await openByBaton(rig, rig.createForge(), head);
      await rig.changePullRequest(id, { state });
      const before = await rig.footprint();
      const { pullRequest, action } = await rig
        .createForge()
        .ensurePullRequest({ ...requestFor(rig, head), body: 'Again.' });
      assert.equal(action, 'found-ended');
      assert.equal(pullRequest.id, id);
      assert.equal(pullRequest.state.unified, state);
      assert.equal(await rig.footprint(), before);
      assert.equal((await theOnlyOne(rig)).state, state);
    },
  })),
  {
    id: 'an-open-one-goes-before-an-ended-one',
    async run(rig) {
      const first = await openByBaton(rig, rig.createForge(), head);
      await rig.changePullRequest(first.id, { state: 'closed' });
      const id = await rig.openPullRequest({
        head,
        title: 'Second try',
        body: '',
        draft: false,
        labels: [],
        by: 'bob',
      });
      const { pullRequest } = await rig.createForge().ensurePullRequest(requestFor(rig, head));
      assert.equal(pullRequest.id, id);
      assert.equal((await rig.pullRequests()).length, 2);
    },
  },
  {
    id: 'a-lost-answer-is-looked-up-not-repeated',
    requires: { what: 'a host whose answers can be lost', holds: (rig) => rig.loseNextAnswer !== undefined },
    async run(rig) {
      await rig.push(head);
      await rig.loseNextAnswer?.();
      const request = requestFor(rig, head);
      // The adapter may look it up by itself, or leave that to the next call.
      await rig
        .createForge()
        .ensurePullRequest(request)
        .catch(() => undefined);
      const { action } = await rig.createForge().ensurePullRequest(request);
      assert.equal(action, 'unchanged');
      await theOnlyOne(rig);
    },
  },
  {
    id: 'two-branches-are-two-pull-requests',
    async run(rig) {
      const forge = rig.createForge();
      const [first, second] = [await openByBaton(rig, forge, head), await openByBaton(rig, forge, `${head}2`)];
      assert.notEqual(first.id, second.id);
      assert.notEqual(first.number, second.number);
    },
  },
  {
    id: 'pull-requests-of-a-branch-are-found-in-every-state-newest-first',
    async run(rig) {
      const forge = rig.createForge();
      const first = await openByBaton(rig, forge, head);
      await openByBaton(rig, forge, `${head}2`);
      await rig.changePullRequest(first.id, { state: 'closed' });
      const second = await rig.openPullRequest({
        head,
        title: 'Second try',
        body: '',
        draft: false,
        labels: [],
        by: 'bob',
      });
      const found = await forge.findPullRequests({ head });
      assert.deepEqual(
        found.map(({ id, state }) => [id, state.unified]),
        [
          [second, 'open'],
          [first.id, 'closed'],
        ],
      );
      assert.deepEqual(await forge.findPullRequests({ head: 'baton/issue-404' }), []);
    },
  },
];
