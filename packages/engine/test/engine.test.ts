import type { MemoryTurn, MemoryTurnResult } from '@baton/conformance';
import type { Job } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { type BatonOptions, createBaton, type Project, viewJob } from '../src/index.js';
import { createManualRuntime, createMemoryStore, createProjectWorld, settle } from './memory-world.js';

type Turns = (turn: MemoryTurn, issueKey: string) => MemoryTurnResult | Promise<MemoryTurnResult>;

const fix: Turns = async (turn) => {
  await turn.workspace.writeFile('app.txt', 'mended\n');
  return { summary: 'Mended app.txt.' };
};

function createRelay(turns: Turns = fix, change: Partial<Project> = {}, options: Partial<BatonOptions> = {}) {
  const runtime = createManualRuntime(1);
  const store = createMemoryStore({ runtime });
  const world = createProjectWorld(runtime, 'web', turns);
  const project = { ...world.project, ...change };
  const create = () => createBaton({ runtime, store, projects: [project], ...options });
  const runOnce = async (): Promise<void> => {
    const baton = create();
    await baton.runOnce();
    await baton.stop();
  };
  const jobs = (): Promise<Job[]> => Array.fromAsync(store.list({}));
  const job = async (): Promise<Job> => {
    const [first] = await jobs();
    if (!first) throw new Error('no job');
    return first;
  };
  return { ...world, runtime, store, project, create, runOnce, jobs, job };
}

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
    const rescued = relay.workspaces.rescued.get(view.rescued[0] ?? '') ?? '';
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
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    const foreign = relay.remote.branches.get('main') ?? '';
    relay.remote.branches.set('baton/issue-1', foreign);
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
    expect(await relay.job()).toMatchObject({ outcome: 'secret-found' });
    expect(relay.remote.branches.has('baton/issue-1')).toBe(false);
    expect(JSON.stringify(await Array.fromAsync(relay.store.journal((await relay.job()).id, 0)))).not.toContain(
      'hunter2',
    );
  });
});

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
    await relay.store.signal((await relay.job()).id, { type: 'approve', data: null });
    await relay.runOnce();
    expect(relay.forge.pulls()).toHaveLength(1);
  });
});

describe('when something fails', () => {
  it('starts over from a clean base after a failed turn, with backoff, five times', async () => {
    let turns = 0;
    const relay = createRelay(async (turn) => {
      turns += 1;
      expect(new TextDecoder().decode((await turn.workspace.readFile('app.txt')) ?? new Uint8Array())).toBe('broken\n');
      await turn.workspace.writeFile('app.txt', 'half done\n');
      return { outcome: 'failed', raw: 'crashed' };
    });
    relay.source.seed({ labels: ['baton'] });
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await relay.runOnce();
      const job = await relay.job();
      expect(turns).toBe(attempt);
      if (attempt < 5) {
        waits.push(job.wakeAt - relay.runtime.clock.now());
        // Nothing runs before its instant (G9).
        await relay.runOnce();
        expect(turns).toBe(attempt);
        relay.runtime.clock.advance(job.wakeAt - relay.runtime.clock.now());
      }
    }
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(7_500 * 2 ** index);
      expect(wait).toBeLessThanOrEqual(10_000 * 2 ** index);
    }
    expect(viewJob(await relay.job())).toMatchObject({ outcome: 'agent-failed', attempt: 5 });
  });

  it('waits for a usage limit to be over without counting an attempt (G23)', async () => {
    let turns = 0;
    const relay = createRelay(async (turn) => {
      turns += 1;
      if (turns === 1)
        return { outcome: 'unavailable', raw: 'rate_limit', retryAt: relay.runtime.clock.now() + 3_600_000 };
      return fix(turn, '');
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'usage-limit', attempt: 1 });
    relay.runtime.clock.advance(3_600_000 + 30_000);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', attempt: 1 });
  });

  it('takes the other issues in although one can’t be read (G7)', async () => {
    const relay = createRelay();
    for (let issue = 0; issue < 10; issue += 1) relay.source.seed({ title: `issue ${issue}`, labels: ['baton'] });
    relay.source.breakIssue('4');
    await relay.runOnce();
    expect(relay.forge.pulls()).toHaveLength(9);
  });

  it('ends a silent turn, and a job whose time is up', async () => {
    const relay = createRelay(() => new Promise(() => {}), {
      limits: {
        attempts: 1,
        rounds: 3,
        steps: null,
        wallClockMs: 60_000_000,
        stallMs: 60_000,
        tokens: null,
        microUsd: null,
      },
    });
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create();
    const ran = baton.runOnce();
    for (let second = 0; second < 70; second += 1) {
      await settle();
      relay.runtime.clock.advance(1_000);
    }
    await ran;
    await baton.stop();
    expect(viewJob(await relay.job())).toMatchObject({ outcome: 'stalled' });
    expect(relay.runtime.clock.sleeping).toBe(0);
  });

  it('cancels in the middle of a turn', async () => {
    const relay = createRelay(() => new Promise(() => {}));
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create();
    const ran = baton.runOnce();
    await settle();
    const job = await relay.job();
    expect(job.phase).toBe('working');
    await baton.signal(job.id, { type: 'cancel', data: { message: 'never mind' } });
    await settle();
    relay.runtime.clock.advance(1_000);
    await ran;
    await baton.stop();
    expect(viewJob(await relay.job())).toMatchObject({
      phase: 'cancelled',
      outcome: 'cancelled',
      reason: 'never mind',
    });
    expect((await relay.source.get('1'))?.labels).toEqual(['baton']);
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
