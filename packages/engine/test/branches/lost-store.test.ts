import { BatonError } from '@baton/core';
import { createMemoryGate } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { counted, hour, newest, otherStore, runOn } from '../other-store.js';
import { createRelay, fix } from '../relay.js';

describe('a store that was lost', () => {
  const owner = 'host:/var/lib/baton';

  it('leads to no second pull request, whichever branch the first is on', async () => {
    let isFirst = true;
    const relay = createRelay(async (turn, key) => {
      if (isFirst) relay.source.closeIssue('1');
      isFirst = false;
      return fix(turn, key);
    });
    relay.source.seed({ labels: ['baton'] });
    await runOn(relay, relay.store, owner);
    relay.source.reopenIssue('1');
    relay.runtime.clock.advance(60_000);
    const baton = relay.create({ owner });
    await baton.retry((await relay.job()).id, { fresh: true });
    await baton.runOnce();
    await baton.stop();
    const heads = () =>
      relay.forge.pulls().flatMap(({ pullRequest: { head, state } }) => (state.unified === 'open' ? [head] : []));
    expect(heads()).toHaveLength(1);
    relay.runtime.clock.advance(60_000);
    await runOn(relay, otherStore(relay), owner);
    expect(heads()).toHaveLength(1);
  });

  /** Writes another text each time. */
  function busy() {
    const prompts: string[] = [];
    const relay = createRelay(async (turn) => {
      prompts.push(turn.prompt);
      await turn.workspace.writeFile('app.txt', `mended ${prompts.length}\n`);
      return {};
    });
    relay.source.people.set('bob', 'write');
    relay.source.seed({ labels: ['baton'] });
    return { relay, prompts };
  }

  it('hears reviewers of the pull request that it had made, and goes on with it, as before', async () => {
    const { relay, prompts } = busy();
    await runOn(relay, relay.store, owner);
    const first = relay.remote.branches.get('baton/issue-1') ?? '';
    const store = otherStore(relay);
    for (let look = 0; look < 2; look += 1) {
      relay.forge.review(1, { body: `Name it better ${look}.` });
      relay.runtime.clock.advance(60_000);
      await runOn(relay, store, owner);
      await runOn(relay, store, owner);
    }
    expect(prompts).toHaveLength(3);
    expect(prompts[2]).toContain('Name it better 1.');
    expect(await newest(store)).toMatchObject({ phase: 'reviewing', round: 3 });
    expect(relay.forge.pulls()).toHaveLength(1);
    const second = relay.remote.commits.get(relay.remote.branches.get('baton/issue-1') ?? '')?.parents[0] ?? '';
    expect(relay.remote.commits.get(second)?.parents).toEqual([first]);
    expect((await relay.source.get('1'))?.labels).toContain('baton:review');
    expect(relay.source.comments('1')).toHaveLength(1);
  });

  it('hears them also where a button of the host has brought its branch up to date', async () => {
    const { relay, prompts } = busy();
    await runOn(relay, relay.store, owner);
    const { branches, commits, trees, addCommit, addTree } = relay.remote;
    const filesOf = (id: string) => new Map(trees.get(commits.get(id)?.tree ?? '') ?? []);
    const [ours = '', base = ''] = [branches.get('baton/issue-1'), branches.get('main')];
    const readme = ['README.md', 'It moved on.\n'] as const;
    const main = addCommit({ tree: addTree(filesOf(base).set(...readme)), parents: [base], message: 'theirs' });
    const tree = addTree(filesOf(ours).set(...readme));
    branches.set('main', main);
    branches.set('baton/issue-1', addCommit({ tree, parents: [ours, main], message: "Merge branch 'main'" }));
    const store = otherStore(relay);
    relay.forge.review(1, { body: 'Name it better.' });
    relay.runtime.clock.advance(60_000);
    await runOn(relay, store, owner);
    await runOn(relay, store, owner);
    expect(prompts).toHaveLength(2);
    expect(await newest(store)).toMatchObject({ phase: 'reviewing', round: 2 });
  });

  it('leaves a pull request alone that somebody else has pushed to', async () => {
    const { relay, prompts } = busy();
    await runOn(relay, relay.store, owner);
    const { branches, commits, addCommit } = relay.remote;
    const head = branches.get('baton/issue-1') ?? '';
    const theirs = addCommit({ tree: commits.get(head)?.tree ?? '', parents: [head], message: 'By hand' });
    branches.set('baton/issue-1', theirs);
    const store = otherStore(relay);
    relay.forge.review(1, { body: 'Name it better.' });
    await runOn(relay, store, owner);
    await runOn(relay, store, owner);
    expect(prompts).toHaveLength(1);
    expect(await newest(store)).toMatchObject({ phase: 'reviewing' });
    expect(branches.get('baton/issue-1')).toBe(theirs);
  });

  it('goes on from a branch that it had pushed, judged anew, without paying for it again', async () => {
    const { relay, prompts } = busy();
    relay.forge.failures.set('ensurePullRequest', new BatonError('UNAVAILABLE', 'Away.', { details: {} }));
    await runOn(relay, relay.store, owner);
    relay.forge.failures.clear();
    const pushed = relay.remote.branches.get('baton/issue-1');
    const store = otherStore(relay);
    relay.runtime.clock.advance(60_000);
    await runOn(relay, store, owner);
    expect(prompts).toHaveLength(1);
    expect(await newest(store)).toMatchObject({ phase: 'reviewing' });
    expect(relay.remote.branches.get('baton/issue-1')).toBe(pushed);
    expect(relay.forge.pulls().map(({ pullRequest }) => pullRequest.headCommit)).toEqual([pushed]);
  });

  it('goes on from such a branch also where it is red by now, on top of it', async () => {
    const { relay, prompts } = busy();
    relay.forge.failures.set('ensurePullRequest', new BatonError('UNAVAILABLE', 'Away.', { details: {} }));
    await runOn(relay, relay.store, owner);
    relay.forge.failures.clear();
    const pushed = relay.remote.branches.get('baton/issue-1') ?? '';
    const gate = createMemoryGate({
      judge: async (read) =>
        (await read('app.txt')) === 'mended 1\n'
          ? { verdict: 'rework', feedback: 'Not that one.', checks: [] }
          : { verdict: 'pass', checks: [] },
    });
    const baton = relay.create({ store: otherStore(relay), owner, projects: [{ ...relay.project, gates: [gate] }] });
    relay.runtime.clock.advance(60_000);
    await baton.runOnce();
    await baton.stop();
    expect(prompts).toHaveLength(2);
    const head = relay.remote.branches.get('baton/issue-1') ?? '';
    expect(relay.remote.commits.get(head)?.parents).toEqual([pushed]);
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it('does not take a branch that somebody else pushed for its own, and works on the next one', async () => {
    const { relay, prompts } = busy();
    const { branches, commits, addCommit } = relay.remote;
    const main = branches.get('main') ?? '';
    const theirs = addCommit({ tree: commits.get(main)?.tree ?? '', parents: [main], message: 'By hand' });
    branches.set('baton/issue-1', theirs);
    // One that nobody has committed to is somebody's all the same.
    branches.set('baton/issue-1-2', main);
    await runOn(relay, relay.store, owner);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', branch: 'baton/issue-1-3' });
    expect([branches.get('baton/issue-1'), branches.get('baton/issue-1-2')]).toEqual([theirs, main]);
    expect(prompts).toHaveLength(1);
  });

  it('is not needed: a job that is tried again goes on with the pull request that the ended one left', async () => {
    const { relay, prompts } = busy();
    await runOn(relay, relay.store, owner);
    await relay.store.signal((await relay.job()).id, { type: 'cancel', data: null });
    await runOn(relay, relay.store, owner);
    expect(await relay.job()).toMatchObject({ outcome: 'cancelled' });
    const baton = relay.create({ owner });
    await baton.retry((await relay.job()).id);
    await baton.runOnce();
    relay.forge.review(1, { body: 'Name it better.' });
    relay.runtime.clock.advance(60_000);
    await baton.runOnce();
    await baton.stop();
    expect(prompts).toHaveLength(2);
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it.each(['merge', 'closePull'] as const)(
    'has nothing worked again whose pull request people ended (%s)',
    async (ended) => {
      const { relay, count } = counted();
      relay.source.seed({ labels: ['baton'] });
      await runOn(relay, relay.store, owner);
      relay.forge[ended](1);
      relay.source.reopenIssue('1');
      await runOn(relay, otherStore(relay), owner);
      expect(count()).toBe(1);
    },
  );

  it('costs no look at the host for issues that are younger than it', async () => {
    const relay = createRelay();
    await relay.runOnce();
    relay.runtime.clock.advance(48 * hour);
    relay.source.seed({ labels: ['baton'] });
    relay.forge.calls.clear();
    await relay.runOnce();
    expect(relay.forge.calls.get('findPullRequests')).toBe(1);
  });
});
