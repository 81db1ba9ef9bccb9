import { describe, expect, it } from 'vitest';
import { viewJob } from '../src/index.js';
import { createRelay, fix } from './relay.js';

describe('what a job wants of a person', () => {
  it('is an answer where the agent asks, and its comment on the issue says how one is given', async () => {
    const relay = createRelay(async () => ({ outcome: 'needs-person', summary: 'Which colour?' }));
    const issue = relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const { id } = await relay.job();
    expect(viewJob(await relay.job())).toMatchObject({ wait: 'needs-person', wants: 'answer', asked: null });
    const said = (await relay.source.comments(issue.id)).map(({ body }) => body).join('\n');
    expect(said).toContain(`answer with \`baton steer ${id} -m "…"\`, or end it with \`baton reject ${id}\``);
    expect(said).not.toContain('baton approve');
  });

  it('is told as a yes, and to what, where an embedder says yes to a question', async () => {
    const prompts: string[] = [];
    const relay = createRelay(async (turn, key) => {
      prompts.push(turn.prompt);
      return prompts.length === 1 ? { outcome: 'needs-person', summary: 'Shall it be red?' } : fix(turn, key);
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    await relay.store.signal((await relay.job()).id, { type: 'approve', data: null });
    await relay.runOnce();
    expect(prompts[1]).toContain('Shall it be red?');
    expect(prompts[1]).toContain('Yes.');
  });
});
