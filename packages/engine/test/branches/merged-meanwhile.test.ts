import type { Job } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createRelay, fix } from '../relay.js';

type Relay = ReturnType<typeof createRelay>;

/** Nobody has heard that it is open: its answer was lost. */
async function openUnheard(relay: Relay): Promise<Job> {
  relay.source.seed({ labels: ['baton'] });
  relay.forge.loseNextAnswer();
  await relay.runOnce();
  expect(relay.forge.pulls()).toHaveLength(1);
  const job = await relay.job();
  expect(job).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
  return job;
}

function pushByHand({ remote }: Relay, branch: string): void {
  const parent = remote.branches.get(branch) ?? '';
  const tree = remote.addTree(new Map([['app.txt', 'by hand\n']]));
  remote.branches.set(branch, remote.addCommit({ tree, parents: [parent], message: 'By hand' }));
}

async function look(relay: Relay): Promise<Job> {
  relay.runtime.clock.advance(10 * 60_000);
  await relay.runOnce();
  return relay.job();
}

describe('a job whose request was merged ends as merged (G16)', () => {
  it('although somebody pushed to it before it was heard of', async () => {
    const relay = createRelay();
    const { branch } = await openUnheard(relay);
    pushByHand(relay, branch);
    relay.forge.merge(1);
    expect(await look(relay)).toMatchObject({ phase: 'done', outcome: 'merged' });
  });

  it('although its issue was opened again, and nothing could be pushed any more', async () => {
    const relay = createRelay();
    const { branch } = await openUnheard(relay);
    pushByHand(relay, branch);
    relay.forge.merge(1);
    relay.source.reopenIssue('1');
    expect(await look(relay)).toMatchObject({ phase: 'done', outcome: 'merged' });
  });

  it.each(['as it was', 'once somebody had pushed to it'])(
    'and its branch, deleted by the merge, does not come back: %s',
    async (how) => {
      const relay = createRelay();
      const { branch } = await openUnheard(relay);
      if (how !== 'as it was') pushByHand(relay, branch);
      relay.forge.merge(1);
      relay.remote.branches.delete(branch);
      relay.source.reopenIssue('1');
      expect(await look(relay)).toMatchObject({ phase: 'done', outcome: 'merged' });
      expect(relay.remote.branches.has(branch)).toBe(false);
    },
  );

  it.each(['heard of', 'not heard of'])('although somebody cancelled it since, where it was %s', async (which) => {
    const relay = createRelay();
    if (which === 'heard of') {
      relay.source.seed({ labels: ['baton'] });
      await relay.runOnce();
    } else await openUnheard(relay);
    relay.forge.merge(1);
    await relay.store.signal((await relay.job()).id, { type: 'cancel', data: null });
    expect(await look(relay)).toMatchObject({ phase: 'done', outcome: 'merged' });
    expect((await relay.source.get('1'))?.labels).not.toContain('baton:failed');
  });

  it('although whoever set it going may not any more', async () => {
    const relay = createRelay(async (turn, key) =>
      relay.forge.pulls().length === 0 ? fix(turn, key) : { outcome: 'needs-person', summary: 'Which one?' },
    );
    relay.source.people.set('bob', 'write');
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.forge.review(1, { body: 'Once more, please.', verdict: 'request-changes' });
    expect(await look(relay)).toMatchObject({ wait: 'needs-person' });
    relay.source.people.set('alice', 'read');
    relay.forge.merge(1);
    relay.runtime.clock.advance(60 * 60_000);
    expect(await look(relay)).toMatchObject({ phase: 'done', outcome: 'merged' });
  });

  it.each(['closed', 'still open'])('and one whose request is %s does not', async (how) => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    if (how === 'closed') relay.forge.closePull(1);
    await relay.store.signal((await relay.job()).id, { type: 'cancel', data: null });
    expect(await look(relay)).toMatchObject({ outcome: 'cancelled' });
  });
});
