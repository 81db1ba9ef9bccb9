import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../memory-world.js';
import { createRelay } from '../relay.js';

const owner = 'host:/var/lib/baton';

/** Six issues, of each of which an earlier life left something else, and one of which it left nothing. */
async function earlierLife() {
  const turns: string[] = [];
  const relay = createRelay(async (turn, key) => {
    turns.push(key);
    await turn.workspace.writeFile('app.txt', `mended ${turns.length}\n`);
    return {};
  });
  const { branches, commits, addCommit } = relay.remote;
  const run = async (store = relay.store, by = owner): Promise<void> => {
    const baton = relay.create({ store, owner: by });
    await baton.runOnce();
    await baton.stop();
    relay.runtime.clock.advance(60_000);
  };
  const seed = () => relay.source.seed({ labels: ['baton'] });
  const [open, touched, merged] = [seed(), seed(), seed()];
  await run();
  const head = branches.get('baton/issue-2') ?? '';
  const tree = commits.get(head)?.tree ?? '';
  branches.set('baton/issue-2', addCommit({ tree, parents: [head], message: 'By hand' }));
  relay.forge.merge(3);
  relay.source.reopenIssue(merged.id);
  const pushed = seed();
  relay.forge.failures.set('ensurePullRequest', new BatonError('UNAVAILABLE', 'Away.', { details: {} }));
  await run();
  relay.forge.failures.clear();
  const failed = relay.source.seed({ labels: ['baton'] });
  relay.source.setLabels(failed.id, ['baton', 'baton:failed']);
  const begun = seed();
  branches.set('baton/issue-6', branches.get('main') ?? '');
  branches.set('baton/issue-99', branches.get('main') ?? '');
  const keys = { open, touched, merged, pushed, failed, begun };
  return { relay, run, turns, keys, store: createMemoryStore({ runtime: relay.runtime }) };
}

describe('what an earlier life left', () => {
  it('is told of each issue, and looking changes nothing', async () => {
    const { relay, keys, store } = await earlierLife();
    const before = JSON.stringify([[...relay.remote.branches], [...relay.remote.refs], relay.forge.pulls()]);
    const survey = () => relay.create({ store, owner }).survey();
    const [web, ...others] = await survey();
    expect(others).toEqual([]);
    const told = web?.issues.map(({ issue, branch, leftover }) => [issue.key, branch, leftover]);
    expect(told).toEqual([
      [
        keys.open.key,
        'baton/issue-1',
        { kind: 'go-on', commits: 1, pullRequest: expect.objectContaining({ number: 1 }) },
      ],
      [keys.touched.key, 'baton/issue-2', { kind: 'watch', pullRequest: expect.objectContaining({ number: 2 }) }],
      [keys.merged.key, 'baton/issue-3', { kind: 'leave', reason: 'Pull request #3 was merged.' }],
      [keys.pushed.key, 'baton/issue-4', { kind: 'hand-in', commits: 1 }],
      [keys.failed.key, 'baton/issue-5', { kind: 'leave', reason: expect.stringContaining('It bears baton:failed') }],
      [keys.begun.key, 'baton/issue-6-2', { kind: 'begin' }],
    ]);
    expect(web).toMatchObject({ project: 'web', known: 0 });
    // Nobody can tell whose the first of these is: it belongs to no issue, as it stands.
    expect(web?.otherBranches).toEqual(['baton/issue-6', 'baton/issue-99']);
    expect(JSON.stringify(await survey())).toBe(JSON.stringify([web]));
    expect(await Array.fromAsync(store.list({}))).toEqual([]);
    expect(await store.readFact('identity')).toBeNull();
    expect(JSON.stringify([[...relay.remote.branches], [...relay.remote.refs], relay.forge.pulls()])).toBe(before);
  });

  it('is told with who has claimed it, this daemon or another', async () => {
    const { relay, keys, store } = await earlierLife();
    const claims = async (by: string) => {
      const [web] = await relay.create({ store, owner: by }).survey();
      return Object.fromEntries(web?.issues.map(({ issue, claim }) => [issue.key, claim?.isOurs ?? null]) ?? []);
    };
    expect(await claims(owner)).toMatchObject({ [keys.open.key]: true, [keys.begun.key]: null });
    expect(await claims('elsewhere')).toMatchObject({ [keys.open.key]: false, [keys.begun.key]: null });
    relay.runtime.clock.advance(7 * 60 * 60_000);
    expect(await claims('elsewhere')).toMatchObject({ [keys.open.key]: null });
  });

  it('is taken up without anything being worked, and the next start does what was told', async () => {
    const { relay, keys, store, turns, run } = await earlierLife();
    const paid = turns.length;
    const taken = await relay.create({ store, owner }).takeUp();
    expect(taken.map(({ issueKey, phase }) => [issueKey, phase])).toEqual(
      [keys.open, keys.touched, keys.merged, keys.pushed, keys.failed].map(({ key }) => [key, 'queued']),
    );
    expect(turns).toHaveLength(paid);
    const [again] = await relay.create({ store, owner }).survey();
    expect(again).toMatchObject({ known: 5, issues: [{ leftover: { kind: 'begin' } }] });
    await run(store);
    const jobs = (await Array.fromAsync(store.list({}))).map(({ issueKey, phase, outcome }) => [
      issueKey,
      outcome ?? phase,
    ]);
    expect(Object.fromEntries(jobs)).toEqual({
      [keys.open.key]: 'reviewing',
      [keys.touched.key]: 'reviewing',
      [keys.merged.key]: 'merged',
      [keys.pushed.key]: 'reviewing',
      [keys.failed.key]: 'refused',
      [keys.begun.key]: 'reviewing',
    });
    expect(turns.slice(paid)).toEqual([keys.begun.key]);
  });

  it('of a daemon that died between its push and its pull request is gone on with by another one', async () => {
    const { relay, keys, turns, run } = await earlierLife();
    const paid = turns.length;
    relay.runtime.clock.advance(7 * 60 * 60_000);
    const other = createMemoryStore({ runtime: relay.runtime });
    await relay.create({ store: other, owner: 'other' }).takeUp();
    await run(other, 'other');
    expect(turns.slice(paid)).not.toContain(keys.pushed.key);
    expect(relay.forge.pulls().filter(({ pullRequest }) => pullRequest.head === 'baton/issue-4')).toHaveLength(1);
  });
});
