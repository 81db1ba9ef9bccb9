import { describe, expect, it } from 'vitest';
import { viewJob } from '../src/index.js';
import { createRelay, fix } from './relay.js';

describe('from an issue to a pull request', () => {
  it('hands in exactly the tree that was judged, and says so on the issue', async () => {
    const relay = createRelay();
    const issue = relay.source.seed({ title: 'app.txt is broken', labels: ['baton'] });
    await relay.runOnce();

    const [pull, ...others] = relay.forge.pulls();
    expect(others).toEqual([]);
    expect(pull?.title).toBe('app.txt is broken');
    expect(pull?.body).toContain(`Closes ${issue.key}`);
    expect(pull?.body).toContain('> Mended app.txt.');
    const head = relay.remote.branches.get('baton/issue-1') ?? '';
    expect(relay.remote.commits.get(head)?.tree).toBe(relay.gate.checkedTrees[0]);
    expect(viewJob(await relay.job())).toMatchObject({
      phase: 'reviewing',
      round: 1,
      attempt: 1,
      pullRequest: { number: 1 },
    });
    const comments = relay.source.comments(issue.id);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain('reviewing');
    expect((await relay.source.get(issue.id))?.labels).toEqual(['baton', 'baton:review']);
  });

  it('changes nothing when it runs again', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const before = [relay.source.changes, relay.forge.changes];
    await relay.runOnce();
    await relay.runOnce();
    expect([relay.source.changes, relay.forge.changes]).toEqual(before);
    expect(await relay.jobs()).toHaveLength(1);
  });

  it('sends red checks back to the agent, and counts the rounds', async () => {
    const prompts: string[] = [];
    const relay = createRelay(async (turn) => {
      prompts.push(turn.prompt);
      await turn.workspace.writeFile('app.txt', prompts.length === 1 ? 'red\n' : 'mended\n');
      return {};
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(prompts).toHaveLength(2);
    expect(prompts[1]).toContain('app.txt says red');
    expect((await relay.job()).round).toBe(2);
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it('ends with the last round where the checks stay red, and keeps the work', async () => {
    let turns = 0;
    const relay = createRelay(async (turn) => {
      await turn.workspace.writeFile('app.txt', `red ${++turns}\n`);
      return {};
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const view = viewJob(await relay.job());
    expect(view).toMatchObject({ phase: 'failed', outcome: 'checks-failed', round: 3 });
    expect(turns).toBe(3);
    expect(view.rescued).toHaveLength(1);
    const rescued = relay.workspaces.rescueRefs.get(view.rescued[0] ?? '') ?? '';
    expect(relay.workspaces.filesOf(rescued)?.get('app.txt')).toBe('red 3\n');
    expect(relay.forge.pulls()).toEqual([]);
  });

  it('ends without progress: the same tree twice', async () => {
    const relay = createRelay(async (turn) => {
      await turn.workspace.writeFile('app.txt', 'red\n');
      return {};
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(viewJob(await relay.job())).toMatchObject({
      outcome: 'checks-failed',
      round: 2,
      reason: expect.stringContaining('no progress'),
    });
  });

  it('opens nothing where nothing was changed (G24, G33)', async () => {
    const relay = createRelay(async () => ({ summary: 'All is well, @everyone. Closes #7.' }));
    const issue = relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'done', outcome: 'no-changes' });
    expect(relay.forge.pulls()).toEqual([]);
    expect(relay.source.comments(issue.id)[0]?.body).not.toMatch(/@everyone|Closes #7/);
  });

  it('ends merged when a person merges, and is never run again (G16)', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.forge.merge(1);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'done', outcome: 'merged' });
    const issue = await relay.source.get('1');
    expect(issue?.labels).toEqual(['baton', 'baton:done']);
    relay.source.reopenIssue('1');
    await relay.runOnce();
    expect(await relay.jobs()).toHaveLength(1);
  });

  it('adopts a pull request that stands on its branch already (G15)', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    relay.remote.branches.set('baton/issue-1', relay.remote.branches.get('main') ?? '');
    relay.forge.open({ head: 'baton/issue-1' }, 'alice');
    await relay.runOnce();
    expect(relay.forge.pulls()).toHaveLength(1);
    expect(viewJob(await relay.job())).toMatchObject({ phase: 'reviewing', pullRequest: { number: 1 } });
  });

  it('never overwrites a branch that is not its own (G31)', async () => {
    const relay = createRelay((turn, key) => {
      relay.remote.branches.set('baton/issue-1', foreign);
      return fix(turn, key);
    });
    const foreign = relay.remote.branches.get('main') ?? '';
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(relay.remote.branches.get('baton/issue-1')).toBe(foreign);
    const view = viewJob(await relay.job());
    expect(view).toMatchObject({ outcome: 'conflict' });
    expect(view.rescued).toHaveLength(1);
  });

  it('finds the pull request whose creation was answered with an error (G32)', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    relay.forge.loseNextAnswer();
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
    relay.runtime.clock.advance(60_000);
    await relay.runOnce();
    expect(relay.forge.pulls()).toHaveLength(1);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
  });

  it('pushes nothing that holds a secret (G28)', async () => {
    const relay = createRelay(async (turn) => {
      await turn.workspace.writeFile('app.txt', 'hunter2-hunter2\n');
      return {};
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({
      outcome: 'secret-found',
      data: { reason: expect.stringMatching(/^Nothing was pushed: the diff holds a secret \(\w+\)\./) },
    });
    expect(relay.remote.branches.has('baton/issue-1')).toBe(false);
    expect(JSON.stringify(await Array.fromAsync(relay.store.journal((await relay.job()).id, 0)))).not.toContain(
      'hunter2',
    );
  });
});

describe('one issue in the foreground', () => {
  it('hands nothing in until a person approves, where that was asked', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create();
    const job = await baton.runIssue('mem#2', { publish: false });
    await baton.stop();
    expect(job).toMatchObject({ issueKey: 'mem#2', phase: 'waiting', wait: 'needs-person' });
    expect(relay.remote.branches.has('baton/issue-2')).toBe(false);
    await relay.store.signal(job?.id ?? '', { type: 'approve', data: null });
    await relay.runOnce();
    expect(relay.forge.pulls()).toHaveLength(2);
  });
});

describe('two engines over one store', () => {
  it('work every issue once (G21)', async () => {
    const turns: string[] = [];
    const relay = createRelay(async (turn, key) => {
      turns.push(key);
      return fix(turn, key);
    });
    for (let issue = 0; issue < 6; issue += 1) relay.source.seed({ labels: ['baton'] });
    const engines = [relay.create(), relay.create()];
    await Promise.all(engines.map((each) => each.runOnce()));
    await Promise.all(engines.map((each) => each.stop()));
    expect(turns.sort()).toEqual(['mem#1', 'mem#2', 'mem#3', 'mem#4', 'mem#5', 'mem#6']);
    expect(relay.forge.pulls()).toHaveLength(6);
  });
});
