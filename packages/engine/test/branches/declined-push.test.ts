import { describe, expect, it } from 'vitest';
import { viewJob } from '../../src/index.js';
import { createRelay, type Turns } from '../relay.js';

const branch = 'baton/issue-1';
const words = 'Commit message does not follow the pattern';

/** A relay whose remote turns every push away, after its first round. */
async function declined() {
  let turn = 0;
  const turns: Turns = async ({ workspace, prompt }) => {
    prompts.push(prompt);
    await workspace.writeFile('app.txt', `mended ${++turn}\n`);
    return {};
  };
  const prompts: string[] = [];
  const relay = createRelay(turns);
  let pushes = 0;
  // Each time somebody asks whether pushes are turned away, there was one.
  Object.defineProperty(relay.remote, 'declines', {
    get: () => {
      pushes += 1;
      return rule.words;
    },
  });
  const rule: { words: string | null } = { words };
  relay.source.people.set('bob', 'write');
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  const signal = async (type: 'approve' | 'steer' | 'reject', message?: string): Promise<void> => {
    await relay.store.signal((await relay.job()).id, { type, data: message === undefined ? null : { message } });
    await relay.runOnce();
  };
  return { ...relay, signal, rule, prompts, pushes: () => pushes };
}

describe('a push that a rule of the host turns away', () => {
  it('is told to a person in the words of the host, and not tried again unasked', async () => {
    const relay = await declined();
    for (let day = 0; day < 3; day += 1) {
      const job = await relay.job();
      expect(job).toMatchObject({ phase: 'waiting', wait: 'needs-person', outcome: null });
      expect(viewJob(job).reason).toMatch(new RegExp(`${words}.*To mend it: change the rule`));
      relay.runtime.clock.advance(24 * 3_600_000);
      await relay.runOnce();
    }
    expect(relay.pushes()).toBe(1);
    expect(relay.source.comments('1')[0]?.body).toContain(words);
    expect(relay.forge.pulls()).toHaveLength(0);
  });

  it('is pushed once a person changed the rule and says so', async () => {
    const relay = await declined();
    relay.rule.words = null;
    await relay.signal('approve');
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
    expect(relay.forge.pulls()).toHaveLength(1);
    expect(relay.prompts).toHaveLength(1);
  });

  it('asks again where the rule stands', async () => {
    const relay = await declined();
    await relay.signal('approve');
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
  });

  it('is worked anew where a person says how, with what was asked', async () => {
    const relay = await declined();
    relay.rule.words = null;
    await relay.signal('steer', 'Leave the file out.');
    expect(relay.prompts[1]).toContain('Leave the file out.');
    expect(relay.prompts[1]).toContain(words);
    expect(relay.remote.branches.has(branch)).toBe(true);
  });

  it('ends with its work kept where a person rejects it', async () => {
    const relay = await declined();
    await relay.signal('reject');
    const { outcome, rescued } = viewJob(await relay.job());
    expect(outcome).toBe('refused');
    expect(rescued).toHaveLength(1);
  });
});
