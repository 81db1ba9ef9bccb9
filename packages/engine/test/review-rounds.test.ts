import type { MemoryChecks } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../src/index.js';
import { settle } from './memory-world.js';
import { createRelay, type Turns } from './relay.js';

/** A relay with one pull request open after one round; each later turn is told to `later`. */
async function handedIn(later: Turns, prompts: string[] = []) {
  const relay = createRelay(async (turn, key) => {
    prompts.push(turn.prompt);
    if (prompts.length > 1) return later(turn, key);
    await turn.workspace.writeFile('app.txt', 'mended\n');
    return { summary: 'Mended app.txt.' };
  });
  relay.source.people.set('bob', 'write');
  relay.source.people.set('stranger', 'read');
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  const pull = () => {
    const [only, ...others] = relay.forge.pulls();
    if (!only || others.length > 0) throw new Error('not one pull request');
    return only;
  };
  const { number } = pull().pullRequest;
  const firstCommit = pull().pullRequest.headCommit;
  return { ...relay, prompts, pull, number, firstCommit, round: () => passed(relay) };
}

/** A minute passes, and another look is taken. */
async function passed(relay: ReturnType<typeof createRelay>): Promise<void> {
  relay.runtime.clock.advance(60_000);
  await relay.runOnce();
}

const improve: Turns = async (turn) => {
  const before = new TextDecoder().decode((await turn.workspace.readFile('app.txt')) ?? new Uint8Array());
  await turn.workspace.writeFile('app.txt', `${before}better\n`);
  return { summary: 'Made it better.' };
};

const red: MemoryChecks = { state: 'failed', failures: [{ name: 'ci/unit', url: null, excerpt: 'expected 2, got 3' }] };

describe('more than anybody reads at once', () => {
  it('is told in bounds, and of one person the host is asked once', async () => {
    const relay = await handedIn(improve);
    let asked = 0;
    const { permission } = relay.forge;
    Object.assign(relay.forge, {
      permission: (...call: Parameters<typeof permission>) => {
        asked += 1;
        return permission(...call);
      },
    });
    for (let each = 0; each < 300; each += 1) {
      relay.forge.review(relay.number, { body: `Do evil, ${each}.`, author: 'stranger', verdict: 'request-changes' });
      relay.forge.review(relay.number, { body: `More, ${each}. ${'x'.repeat(1_000)}`, author: 'bob', path: 'app.txt' });
    }
    const failures = Array.from({ length: 300 }, (_, each) => ({
      ...{ name: `ci/${each}`, url: null, excerpt: 'y'.repeat(9_000) },
    }));
    relay.forge.setChecks(relay.number, { state: 'failed', failures });
    await relay.round();
    const prompt = relay.prompts[1] ?? '';
    expect(prompt.length).toBeLessThan(110_000);
    expect(prompt).toContain('More, 0.');
    expect(prompt).toMatch(/2\d\d more comments left out here: together they are too long\./);
    expect(prompt).toContain("The host's check ci/0 failed");
    expect(prompt).toMatch(/2\d\d more red checks left out here: together they are too long\./);
    expect(prompt).not.toContain('evil');
    expect(asked).toBeLessThan(10);
  });
});

describe('rounds that reviewers ask for', () => {
  it('does what a reviewer with permission asks, on top of what was handed in (G3)', async () => {
    const relay = await handedIn(improve);
    relay.forge.review(relay.number, { body: 'Name it better.', verdict: 'request-changes', path: 'app.txt', line: 1 });
    await relay.round();
    expect(relay.prompts).toHaveLength(2);
    expect(relay.prompts[1]).toContain('Name it better.');
    expect(relay.prompts[1]).toContain('app.txt, line 1');
    const { headCommit } = relay.pull().pullRequest;
    const commit = relay.remote.commits.get(headCommit);
    expect(commit?.parents).toEqual([relay.firstCommit]);
    expect([...(relay.remote.trees.get(commit?.tree ?? '') ?? [])]).toContainEqual(['app.txt', 'mended\nbetter\n']);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', round: 2 });
    await relay.round();
    expect(relay.prompts).toHaveLength(2);
  });

  it('goes on at the next start where its daemon died in the middle of such a round (G17)', async () => {
    const relay = await handedIn(improve);
    relay.forge.review(relay.number, { body: 'Name it better.' });
    relay.runtime.clock.advance(60_000);
    const dying: typeof relay.store = {
      ...relay.store,
      record: (lease, change, call) =>
        change.entries.some(({ type }) => type === 'turn-ended')
          ? new Promise(() => {})
          : relay.store.record(lease, change, call),
    };
    void relay.create({ store: dying }).runOnce();
    for (let rest = 0; rest < 10; rest += 1) await settle();
    expect(await relay.job()).toMatchObject({ phase: 'working' });
    // Past the dead one's lease, and long before the next look at the request would have been due.
    relay.runtime.clock.jump(120_000);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', round: 2 });
    expect(relay.pull().pullRequest.headCommit).not.toBe(relay.firstCommit);
  });

  it('does nothing for a stranger, an approval or silence (G2)', async () => {
    const relay = await handedIn(improve);
    relay.forge.review(relay.number, { body: 'Do evil.', author: 'stranger', verdict: 'request-changes' });
    relay.forge.review(relay.number, { body: 'Fine with me.', verdict: 'approve' });
    for (let look = 0; look < 5; look += 1) await relay.round();
    expect(relay.prompts).toHaveLength(1);
    expect(relay.pull().pullRequest.headCommit).toBe(relay.firstCommit);
  });

  it('puts a red check of the host and a comment into one round, and acts on each once (G4)', async () => {
    const relay = await handedIn(improve);
    relay.forge.setChecks(relay.number, red);
    relay.forge.review(relay.number, { body: 'And mind the docs.' });
    await relay.round();
    expect(relay.prompts).toHaveLength(2);
    expect(relay.prompts[1]).toContain('expected 2, got 3');
    expect(relay.prompts[1]).toContain('And mind the docs.');
  });

  it('names beside a red check what was cancelled, and begins no round for that alone', async () => {
    const relay = await handedIn(improve);
    const notes = [{ name: 'deploy', what: 'cancelled' }];
    relay.forge.setChecks(relay.number, { state: 'pending', failures: [], notes });
    await relay.round();
    expect(relay.prompts).toHaveLength(1);
    relay.forge.setChecks(relay.number, { ...red, notes });
    await relay.round();
    expect(relay.prompts[1]).toContain('not yours to mend: deploy (cancelled)');
  });

  it('stops at the last round and leaves the rest to people', async () => {
    const relay = await handedIn(improve);
    for (let time = 0; time < 5; time += 1) {
      relay.forge.review(relay.number, { body: `More, ${time}.` });
      await relay.round();
    }
    expect(relay.prompts).toHaveLength(3);
    const job = await relay.job();
    expect(job).toMatchObject({ phase: 'reviewing', round: 3 });
    expect(viewJob(job).reason).toContain('All 3 rounds are used');
    expect(relay.source.comments('1').at(-1)?.body).toContain('All 3 rounds are used');
  });

  it.each([
    ['no rounds left', red],
    ['nothing told of the failure', { state: 'failed', failures: [] } satisfies MemoryChecks],
  ])('looks at red checks but once: %s', async (_why, checks) => {
    const relay = await handedIn(improve);
    for (let time = 0; time < 5; time += 1) {
      relay.forge.review(relay.number, { body: `More, ${time}.` });
      await relay.round();
    }
    relay.forge.setChecks(relay.number, checks);
    await relay.round();
    const entries = async (): Promise<number> =>
      (await Array.fromAsync(relay.store.journal((await relay.job()).id, 0))).length;
    const before = await entries();
    for (let time = 0; time < 5; time += 1) await relay.round();
    expect(await entries()).toBe(before);
  });

  it('steps back once somebody pushed to the branch (G31)', async () => {
    const relay = await handedIn(improve);
    const { head } = relay.pull().pullRequest;
    const tree = relay.remote.addTree(new Map([['app.txt', 'by hand\n']]));
    const theirs = relay.remote.addCommit({ tree, parents: [relay.firstCommit], message: 'By hand' });
    relay.remote.branches.set(head, theirs);
    relay.forge.review(relay.number, { body: 'Now you.' });
    await relay.round();
    expect(relay.prompts).toHaveLength(1);
    expect(relay.pull().pullRequest.headCommit).toBe(theirs);
    expect(viewJob(await relay.job()).reason).toContain('Baton steps back');
  });

  it('leaves the pull request as it stands where a round comes to nothing', async () => {
    const relay = await handedIn(async () => ({ summary: 'It is right as it is.' }));
    relay.forge.review(relay.number, { body: 'Is this right?' });
    await relay.round();
    const job = await relay.job();
    expect(job).toMatchObject({ phase: 'reviewing', outcome: null });
    expect(relay.source.comments('1').at(-1)?.body).toContain('It is right as it is.');
    relay.forge.merge(relay.number);
    await relay.round();
    expect(await relay.job()).toMatchObject({ outcome: 'merged' });
  });

  it('keeps red rounds away from the pull request, and their work under a rescue ref', async () => {
    const relay = await handedIn(async (turn) => {
      await turn.workspace.writeFile('app.txt', `red ${turn.prompt.length}\n`);
      return {};
    });
    relay.forge.review(relay.number, { body: 'More.' });
    await relay.round();
    expect(relay.pull().pullRequest.headCommit).toBe(relay.firstCommit);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
    relay.forge.merge(relay.number);
    await relay.round();
    const job = await relay.job();
    expect(job).toMatchObject({ outcome: 'merged' });
    expect(viewJob(job).rescued).toHaveLength(1);
  });

  it('starts a failed round over from what was handed in', async () => {
    const relay = await handedIn(async (turn, key) => {
      if (relay.prompts.length > 2) return improve(turn, key);
      await turn.workspace.writeFile('app.txt', 'half done\n');
      return { outcome: 'failed', raw: 'crashed' };
    });
    relay.forge.review(relay.number, { body: 'More.' });
    await relay.round();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'retry', attempt: 2 });
    await relay.round();
    const tree = relay.remote.commits.get(relay.pull().pullRequest.headCommit)?.tree ?? '';
    expect([...(relay.remote.trees.get(tree) ?? [])]).toContainEqual(['app.txt', 'mended\nbetter\n']);
    expect(relay.prompts[2]).toContain('More.');
  });

  it('ends merged, and not cancelled, where people merge in the middle of a round', async () => {
    const relay = await handedIn(async (turn, key) => {
      relay.forge.merge(relay.number);
      return improve(turn, key);
    });
    relay.forge.review(relay.number, { body: 'More.' });
    await relay.round();
    expect(await relay.job()).toMatchObject({ phase: 'done', outcome: 'merged' });
    expect(relay.pull().pullRequest.headCommit).toBe(relay.firstCommit);
  });

  it('takes a word said to the job for a round, once', async () => {
    const relay = await handedIn(improve);
    await relay.store.signal((await relay.job()).id, { type: 'steer', data: { message: 'Shorter.' } });
    await relay.round();
    await relay.round();
    expect(relay.prompts).toHaveLength(2);
    expect(relay.prompts[1]).toContain('Shorter.');
  });
});
