import { createMemoryStore, createMemoryWorkspaces } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../../src/index.js';
import { createRelay } from '../relay.js';
import { createPolicyFile, pushToBase } from './policy-world.js';

const branch = 'baton/issue-1';

/** A pull request of one round in a repository that asks something, or nothing yet. */
async function handedIn(asked: string | null, said: readonly string[]) {
  const prompts: string[] = [];
  const relay = createRelay(
    async ({ workspace, prompt }) => {
      await workspace.writeFile('app.txt', `${said[Math.min(prompts.length, said.length - 1)]}\n`);
      prompts.push(prompt);
      return {};
    },
    { policyFile: createPolicyFile() },
    // A store that was lost is the same daemon.
    { owner: 'host' },
  );
  const { remote, forge } = relay;
  if (asked !== null) pushToBase(relay, { '.policy': asked });
  relay.source.people.set('bob', 'write');
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  const review = (): void => {
    forge.review(1, { body: 'Say more.', verdict: 'request-changes', author: 'bob' });
    relay.runtime.clock.advance(60_000);
  };
  /** What a button of the host makes of the branch once the base asks something else. */
  const update = (written: string | null): void => {
    const main = pushToBase(relay, { '.policy': written });
    const filesOf = (id: string) => remote.trees.get(remote.commits.get(id)?.tree ?? '') ?? new Map<string, string>();
    const ours = remote.branches.get(branch) ?? '';
    const merged = new Map([...filesOf(main), ['app.txt', filesOf(ours).get('app.txt') ?? '']]);
    const tree = remote.addTree(merged);
    remote.branches.set(branch, remote.addCommit({ tree, parents: [ours, main], message: "Merge branch 'main'" }));
  };
  const head = (): string | undefined =>
    remote.trees.get(remote.commits.get(remote.branches.get(branch) ?? '')?.tree ?? '')?.get('app.txt');
  return { ...relay, prompts, review, update, head };
}

describe('what the base of a later round asks', () => {
  it('holds for a pull request that an earlier life of this store handed in', async () => {
    const relay = await handedIn('{ "red": "ugly", "limits": { "rounds": 2 } }', ['fine', 'ugly', 'ugly too', 'fair']);
    const store = createMemoryStore({ runtime: relay.runtime });
    const run = async (): Promise<void> => {
      const baton = relay.create({ store });
      await baton.runOnce();
      await baton.stop();
    };
    await run();
    relay.review();
    await run();
    const [job] = await Array.fromAsync(store.list({}));
    expect(relay.head()).toBe('fine\n');
    expect(job).toMatchObject({ phase: 'reviewing', round: 2 });
    expect(job && viewJob(job)).toMatchObject({
      policy: { path: '.policy' },
      reason: expect.stringContaining('after 2 of 2 rounds: The repository finds ugly wrong'),
    });
  });

  it.each([
    ['asks for the first time', null, '{ "red": "ugly" }'],
    ['asks something else', '{ "red": "odd" }', '{ "red": "ugly" }'],
  ])('is followed where the branch was brought up to one that %s', async (_, before, after) => {
    const relay = await handedIn(before, ['fine', 'ugly', 'odd']);
    relay.update(after);
    relay.review();
    await relay.runOnce();
    expect(relay.prompts[2]).toContain('The repository finds ugly wrong.');
    expect(relay.head()).toBe('odd\n');
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', round: 3 });
  });

  it('keeps nobody waiting where it asks nothing any more', async () => {
    const relay = await handedIn('{ "red": "ugly" }', ['fine', 'ugly']);
    relay.update(null);
    relay.review();
    await relay.runOnce();
    expect(relay.head()).toBe('ugly\n');
    expect(viewJob(await relay.job())).toMatchObject({ phase: 'reviewing', round: 2, policy: null });
  });

  it('is asked about where it can not be followed', async () => {
    const relay = await handedIn(null, ['fine', 'fair']);
    relay.update('{');
    relay.review();
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    expect(viewJob(await relay.job()).reason).toContain('not readable');
    expect(relay.prompts).toHaveLength(1);
  });

  it('is read where the copy of the repository went meanwhile', async () => {
    const relay = await handedIn('{ "red": "ugly" }', ['fine', 'ugly', 'fair']);
    relay.review();
    const workspaces = createMemoryWorkspaces({ remotes: [relay.remote], runtime: relay.runtime });
    const baton = relay.create({ projects: [{ ...relay.project, workspaces }] });
    await baton.runOnce();
    await baton.stop();
    expect(relay.prompts[2]).toContain('The repository finds ugly wrong.');
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', round: 3 });
  });
});
