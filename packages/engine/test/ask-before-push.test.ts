import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../src/index.js';
import { createRelay, fix, type Turns } from './relay.js';

const branch = 'baton/issue-1';

/** A relay whose pushes wait for a person, after its first round. */
async function asked(turns: Turns = fix) {
  const relay = createRelay(turns, { ci: 'ask' });
  relay.source.people.set('bob', 'write');
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  const signal = async (type: 'approve' | 'steer' | 'wake', message?: string): Promise<void> => {
    await relay.store.signal((await relay.job()).id, { type, data: message === undefined ? null : { message } });
    await relay.runOnce();
  };
  const pushedTree = (): string | undefined => relay.remote.commits.get(relay.remote.branches.get(branch) ?? '')?.tree;
  return { ...relay, signal, pushedTree };
}

describe('a project whose pushes start the CI of its host', () => {
  it('pushes nothing before a person approved the diff, whoever looks at the job', async () => {
    const relay = await asked();
    const waits = { phase: 'waiting', wait: 'needs-person' };
    const job = await relay.job();
    expect(job).toMatchObject(waits);
    expect(viewJob(job).reason).toContain(`baton show ${job.id} --diff`);
    expect(relay.source.comments('1')[0]?.body).toContain('with the repository');
    await relay.signal('wake');
    await relay.runOnce();
    expect(await relay.job()).toMatchObject(waits);
    expect(relay.pushedTree()).toBeUndefined();

    await relay.signal('approve');
    expect(relay.pushedTree()).toBe(relay.gate.checkedTrees[0]);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
  });

  it('takes a yes to one tree for no other', async () => {
    let turn = 0;
    const relay = await asked(async ({ workspace }) => {
      await workspace.writeFile('app.txt', `mended ${++turn}\n`);
      return {};
    });
    await relay.signal('steer', 'Once more.');
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person', round: 2 });
    expect(relay.pushedTree()).toBeUndefined();
    await relay.signal('approve');
    expect(relay.pushedTree()).toBe(relay.gate.checkedTrees[1]);
  });

  it('asks anew for the same tree on another base, of which it undoes what was added since', async () => {
    let turn = 0;
    let readme: Uint8Array | null = null;
    const relay = await asked(async ({ workspace }) => {
      turn += 1;
      readme ??= await workspace.readFile('README.md');
      if (turn === 2) return { outcome: 'failed' };
      await workspace.writeFile('app.txt', 'mended\n');
      await workspace.writeFile('README.md', readme ?? '');
      return {};
    });
    relay.remote.declines = 'Not today.';
    await relay.signal('approve');
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    const base = relay.remote.branches.get('main') ?? '';
    const files = new Map(relay.remote.trees.get(relay.remote.commits.get(base)?.tree ?? ''));
    const tree = relay.remote.addTree(files.set('README.md', 'A word of others.\n'));
    relay.remote.branches.set('main', relay.remote.addCommit({ tree, parents: [base], message: 'theirs' }));
    relay.remote.declines = null;
    await relay.signal('steer', 'Once more.');
    relay.runtime.clock.advance(3_600_000);
    await relay.runOnce();
    expect(relay.gate.checkedTrees.at(-1)).toBe(relay.gate.checkedTrees[0]);
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person', attempt: 2 });
    expect(relay.pushedTree()).toBeUndefined();
  });

  it('asks anew for what a later round came to', async () => {
    let turn = 0;
    const relay = await asked(async ({ workspace }) => {
      await workspace.writeFile('app.txt', `mended ${++turn}\n`);
      return {};
    });
    await relay.signal('approve');
    const first = relay.pushedTree();
    relay.forge.review(1, { body: 'Name it better.', verdict: 'request-changes', author: 'bob' });
    relay.runtime.clock.advance(60_000);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person', round: 2 });
    expect(relay.pushedTree()).toBe(first);
    await relay.signal('approve');
    expect(relay.pushedTree()).toBe(relay.gate.checkedTrees[1]);
  });

  it('asks one question for what a gate holds and what a push starts', async () => {
    const relay = createRelay();
    const gate = {
      ...relay.gate,
      check: async () => ({ verdict: 'hold', reason: 'It is large.', checks: [] }) as const,
    };
    const create = () => relay.create({ projects: [{ ...relay.project, ci: 'ask', gates: [gate] }] });
    const runOnce = async (): Promise<void> => {
      const baton = create();
      await baton.runOnce();
      await baton.stop();
    };
    relay.source.seed({ labels: ['baton'] });
    await runOnce();
    const view = viewJob(await relay.job());
    expect(view.reason).toMatch(/^It is large\. Pushing it starts the host's CI/);
    await relay.store.signal(view.id, { type: 'approve', data: null });
    await runOnce();
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it('asks also where that was configured while a green result waited for its host', async () => {
    const relay = createRelay();
    const forge = new Proxy(relay.forge, {
      get: (target, name) => {
        if (name !== 'ensurePullRequest' && name !== 'findPullRequests') return Reflect.get(target, name);
        return async (...request: [never]) => {
          const [job] = await relay.jobs();
          if (job?.phase === 'publishing') throw new BatonError('UNAVAILABLE', 'The host is down.', { details: {} });
          return target[name](...request);
        };
      },
    });
    relay.source.seed({ labels: ['baton'] });
    const down = relay.create({ projects: [{ ...relay.project, forge }] });
    await down.runOnce();
    await down.stop();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
    relay.remote.branches.delete(branch);
    relay.runtime.clock.advance(60_000);
    const up = relay.create({ projects: [{ ...relay.project, ci: 'ask' }] });
    await up.runOnce();
    await up.stop();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    expect(relay.remote.branches.has(branch)).toBe(false);
  });
});
