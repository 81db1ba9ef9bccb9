import { describe, expect, it } from 'vitest';
import { type Project, viewJob } from '../../src/index.js';
import { createMemoryStore } from '../memory-world.js';
import { createRelay, type Turns } from '../relay.js';

const branch = 'baton/issue-1';

type Relay = ReturnType<typeof createRelay>;

/** What git makes of a branch and of a base whose README went on. */
function treeWith(remote: Relay['remote'], ours: string, main: string): string {
  const [left, right] = [ours, main].map((id) => remote.trees.get(remote.commits.get(id)?.tree ?? ''));
  return remote.addTree(new Map(left).set('README.md', right?.get('README.md') ?? ''));
}

/** A pull request after one round, and a base that went on since. */
async function handedIn() {
  let turns = 0;
  const improve: Turns = async ({ workspace }) => {
    const before = new TextDecoder().decode((await workspace.readFile('app.txt')) ?? new Uint8Array());
    await workspace.writeFile('app.txt', `${before}turn ${++turns}\n`);
    return {};
  };
  const relay = createRelay(improve);
  const { remote } = relay;
  relay.source.people.set('bob', 'write');
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  const filesOf = (id: string) => new Map(remote.trees.get(remote.commits.get(id)?.tree ?? '') ?? []);
  const commit = (files: ReadonlyMap<string, string>, parents: readonly string[], message: string): string =>
    remote.addCommit({ tree: remote.addTree(files), parents, message });
  const [ours = '', base = ''] = [remote.branches.get(branch), remote.branches.get('main')];
  const main = commit(filesOf(base).set('README.md', 'An app that moved on.\n'), [base], 'theirs');
  remote.branches.set('main', main);
  const ask = async () => {
    relay.forge.review(1, { body: 'Say more.', verdict: 'request-changes', author: 'bob' });
    relay.runtime.clock.advance(60_000);
    await relay.runOnce();
  };
  const merged = (): Map<string, string> => filesOf(ours).set('README.md', 'An app that moved on.\n');
  const head = (): string => remote.branches.get(branch) ?? '';
  return { ...relay, ours, main, ask, commit, merged, head, filesOf };
}

describe('a branch that somebody else moved', () => {
  it.each([
    ['merged the base in', ({ commit, merged, ours, main }) => commit(merged(), [ours, main], "Merge branch 'main'")],
    [
      'put it on top of the base',
      ({ commit, merged, ours, main, remote }) => commit(merged(), [main], remote.commits.get(ours)?.message ?? ''),
    ],
  ] as const satisfies readonly (readonly [string, (relay: Awaited<ReturnType<typeof handedIn>>) => string])[])(
    'is gone on with where a button of the host %s',
    async (_, press) => {
      const relay = await handedIn();
      const updated = press(relay);
      relay.remote.branches.set(branch, updated);
      await relay.ask();
      expect(await relay.job()).toMatchObject({ phase: 'reviewing', round: 2 });
      expect(relay.remote.commits.get(relay.head())?.parents).toEqual([updated]);
      const files = relay.filesOf(relay.head());
      expect(files.get('app.txt')).toBe('broken\nturn 1\nturn 2\n');
      expect(files.get('README.md')).toBe('An app that moved on.\n');
      // And once more, now that it is Baton's again.
      await relay.ask();
      expect(await relay.job()).toMatchObject({ phase: 'reviewing', round: 3 });
    },
  );

  it.each([
    ['a commit of their own', ({ commit, merged, ours }) => commit(merged().set('app.txt', 'mine\n'), [ours], 'Mine')],
    [
      'a merge in which they had a hand',
      ({ commit, merged, ours, main }) => commit(merged().set('app.txt', 'mine\n'), [ours, main], 'Merge'),
    ],
  ] as const satisfies readonly (readonly [string, (relay: Awaited<ReturnType<typeof handedIn>>) => string])[])(
    'is theirs where they made %s',
    async (_, make) => {
      const relay = await handedIn();
      const theirs = make(relay);
      relay.remote.branches.set(branch, theirs);
      await relay.ask();
      expect(relay.head()).toBe(theirs);
      const job = viewJob(await relay.job());
      expect(job).toMatchObject({ phase: 'reviewing', round: 1, reason: expect.stringContaining('theirs now') });
    },
  );
});

describe('a branch that somebody else moved before its request was heard of', () => {
  const moves = {
    'merged the base in': ({ remote }, ours, main) =>
      remote.addCommit({ tree: treeWith(remote, ours, main), parents: [ours, main], message: "Merge branch 'main'" }),
    'put it on top of the base': ({ remote }, ours, main) => {
      const { message = '' } = remote.commits.get(ours) ?? {};
      return remote.addCommit({ tree: treeWith(remote, ours, main), parents: [main], message });
    },
    'pushed by hand': ({ remote }, ours) => {
      const tree = remote.addTree(new Map([['app.txt', 'mine\n']]));
      return remote.addCommit({ tree, parents: [ours], message: 'Mine' });
    },
  } as const satisfies Record<string, (relay: Relay, ours: string, main: string) => string>;

  it.each(Object.entries(moves))('is in review where they %s', async (_, move) => {
    const relay = createRelay();
    const { remote } = relay;
    relay.source.seed({ labels: ['baton'] });
    relay.forge.loseNextAnswer();
    await relay.runOnce();
    const [ours = '', base = ''] = [remote.branches.get(branch), remote.branches.get('main')];
    const files = new Map(remote.trees.get(remote.commits.get(base)?.tree ?? '')).set('README.md', 'Moved on.\n');
    const main = remote.addCommit({ tree: remote.addTree(files), parents: [base], message: 'theirs' });
    remote.branches.set('main', main);
    const theirs = move(relay, ours, main);
    remote.branches.set(branch, theirs);
    relay.runtime.clock.advance(10 * 60_000);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', outcome: null });
    expect(remote.branches.get(branch)).toBe(theirs);
    expect(relay.forge.pulls()).toHaveLength(1);
  });
});

it('a branch that the button moved while its request was read is gone on with by a store that knows nothing of it', async () => {
  const relay = await handedIn();
  const { remote, forge } = relay;
  const updated = relay.commit(relay.merged(), [relay.ours, relay.main], "Merge branch 'main'");
  const { project } = relay;
  const stale = await project.forge.findPullRequests({ head: branch });
  remote.branches.set(branch, updated);
  const reading: Project = { ...project, forge: { ...project.forge, findPullRequests: async () => stale } };
  const store = createMemoryStore({ runtime: relay.runtime });
  // Past the claim of the store that made it.
  relay.runtime.clock.advance(7 * 3_600_000);
  const baton = relay.create({ store, projects: [reading] });
  await baton.runOnce();
  await baton.stop();
  forge.review(1, { body: 'Say more.', verdict: 'request-changes', author: 'bob' });
  relay.runtime.clock.advance(60_000);
  const next = relay.create({ store });
  await next.runOnce();
  await next.stop();
  const [job] = await Array.fromAsync(store.list({}));
  expect(job).toMatchObject({ phase: 'reviewing', round: 2 });
  expect(remote.commits.get(relay.head())?.parents).toEqual([updated]);
});
