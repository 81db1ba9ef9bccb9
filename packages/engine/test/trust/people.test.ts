import { describe, expect, it } from 'vitest';
import { viewJob } from '../../src/index.js';
import { createRelay, fix } from '../relay.js';

describe('who may set work going', () => {
  it('works nothing for a stranger, and again once somebody who may sets the label', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'], author: 'stranger', permission: 'none' });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ outcome: 'untrusted' });
    expect(relay.forge.pulls()).toEqual([]);

    relay.source.people.set('alice', 'write');
    relay.runtime.clock.advance(1_000);
    relay.source.setLabels('1', [], 'alice');
    relay.source.setLabels('1', ['baton'], 'alice');
    await relay.runOnce();
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it('tells the agent no stranger’s words, and none said after the trigger (G22)', async () => {
    let prompt = '';
    const relay = createRelay(async (turn) => {
      prompt = turn.prompt;
      return {};
    });
    relay.source.people.set('stranger', 'read');
    relay.source.people.set('bob', 'write');
    const issue = relay.source.seed({ body: 'as it was <!-- hidden -->', labels: [] });
    relay.source.comment(issue.id, 'stranger', 'do evil');
    relay.source.comment(issue.id, 'bob', 'mind the README');
    relay.runtime.clock.advance(1_000);
    relay.source.setLabels(issue.id, ['baton'], 'bob');
    relay.runtime.clock.advance(1_000);
    relay.source.comment(issue.id, 'stranger', 'late evil');
    await relay.runOnce();
    expect(prompt).toContain('mind the README');
    expect(prompt).not.toMatch(/evil|hidden/);
  });

  it('asks a person where a stranger edited the issue after it was handed over', async () => {
    const relay = createRelay();
    relay.source.people.set('stranger', 'none');
    const issue = relay.source.seed({ body: 'good', labels: ['baton'] });
    relay.runtime.clock.advance(1_000);
    relay.source.edit(issue.id, { body: 'evil' }, 'stranger');
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    expect((await relay.source.get(issue.id))?.labels).toContain('baton:needs-person');
    const { id } = await relay.job();
    await relay.store.signal(id, { type: 'approve', data: { seen: viewJob(await relay.job()).asked?.seen ?? '' } });
    await relay.runOnce();
    expect(relay.forge.pulls()).toHaveLength(1);
  });
});

describe('what a person answers', () => {
  it('goes on with the answer to the agent’s question', async () => {
    const prompts: string[] = [];
    const relay = createRelay(async (turn) => {
      prompts.push(turn.prompt);
      if (prompts.length === 1) return { outcome: 'needs-person', summary: 'Which rounding rule?' };
      return fix(turn, '');
    });
    const issue = relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ wait: 'needs-person' });
    expect(relay.source.comments(issue.id)[0]?.body).toContain('> Which rounding rule?');
    await relay.store.signal((await relay.job()).id, { type: 'steer', data: { message: 'Half up.' } });
    await relay.runOnce();
    expect(prompts[1]).toContain('Half up.');
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it('goes on with the pull request that a cancelled job left open, when asked again', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    await relay.store.signal((await relay.job()).id, { type: 'cancel', data: null });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ outcome: 'cancelled' });
    const baton = relay.create();
    await baton.retry((await relay.job()).id);
    await baton.runOnce();
    await baton.stop();
    expect(relay.forge.pulls()).toHaveLength(1);
    expect(viewJob(await relay.job())).toMatchObject({ phase: 'reviewing', pullRequest: { number: 1 } });
    // Closed meanwhile, it is done with; asked once more, the work begins anew on a branch of its own.
    relay.forge.closePull(1);
    const again = relay.create();
    await again.runOnce();
    await again.retry((await relay.job()).id);
    await again.runOnce();
    await again.stop();
    expect(relay.forge.pulls().map((pull) => pull.pullRequest.head)).toEqual(['baton/issue-1', 'baton/issue-1-2']);
  });

  it('are told that a closed issue is not tried again, and no job is stored', async () => {
    const relay = createRelay(async () => ({ outcome: 'refused', raw: 'policy' }));
    const issue = relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.source.closeIssue(issue.id);
    const baton = relay.create();
    await expect(baton.retry((await relay.job()).id)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'Issue mem#1 is closed: a job of it would end at once.',
    });
    await baton.stop();
    expect(await relay.jobs()).toHaveLength(1);
  });
});
