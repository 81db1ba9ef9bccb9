import { createMemoryWorkspaces } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { createRelay, type Turns } from '../relay.js';

describe("a repository's copy that went while a pull request stood open", () => {
  it('is brought in again, and the round goes on from what was handed in', async () => {
    let turns = 0;
    const improve: Turns = async ({ workspace }) => {
      const before = new TextDecoder().decode((await workspace.readFile('app.txt')) ?? new Uint8Array());
      await workspace.writeFile('app.txt', `${before}turn ${++turns}\n`);
      return {};
    };
    const first = createRelay(improve);
    const { remote, runtime } = first;
    first.source.people.set('bob', 'write');
    first.source.seed({ labels: ['baton'] });
    await first.runOnce();
    const handedIn = remote.branches.get('baton/issue-1') ?? '';
    // The base has gone on since, too.
    const base = remote.branches.get('main') ?? '';
    const { tree = '' } = remote.commits.get(base) ?? {};
    remote.branches.set('main', remote.addCommit({ tree, parents: [base], message: 'theirs' }));
    first.forge.review(1, { body: 'Say more.', verdict: 'request-changes', author: 'bob' });
    runtime.clock.advance(60_000);
    const workspaces = createMemoryWorkspaces({ remotes: [remote], runtime });
    const baton = first.create({ projects: [{ ...first.project, workspaces }] });
    await baton.runOnce();
    await baton.stop();
    expect(await first.job()).toMatchObject({ phase: 'reviewing', round: 2 });
    const commit = remote.commits.get(remote.branches.get('baton/issue-1') ?? '');
    expect(commit?.parents).toEqual([handedIn]);
    expect(remote.trees.get(commit?.tree ?? '')?.get('app.txt')).toBe('broken\nturn 1\nturn 2\n');
    expect(turns).toBe(2);
  });
});
