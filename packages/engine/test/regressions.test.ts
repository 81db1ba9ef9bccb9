import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { defaultLimits, viewJob } from '../src/index.js';
import { settle } from './memory-world.js';
import { createRelay, fix } from './relay.js';

describe('waits', () => {
  it('of a blocked issue may last for days without being taken for crashes', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: [] });
    relay.source.seed({ labels: ['baton'], blockedBy: ['mem#1'] });
    for (let look = 0; look < 60; look += 1) {
      await relay.runOnce();
      relay.runtime.clock.advance(5 * 60_000 + 1);
    }
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'blocked' });
  });

  it('end at once where the instant to come back at is past, but not without end', async () => {
    let turns = 0;
    const relay = createRelay(async () => {
      turns += 1;
      return { outcome: 'unavailable', raw: 'limit', retryAt: 0 };
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(turns).toBe(1);
  });
});

describe('what was said', () => {
  it('by red checks outlives a usage limit', async () => {
    const prompts: string[] = [];
    const relay = createRelay(async (turn) => {
      prompts.push(turn.prompt);
      if (prompts.length === 2) return { outcome: 'unavailable', raw: 'limit', retryAt: relay.runtime.clock.now() };
      await turn.workspace.writeFile('app.txt', prompts.length === 1 ? 'red\n' : 'mended\n');
      return {};
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.runtime.clock.advance(60_000);
    await relay.runOnce();
    expect(prompts[2]).toContain('app.txt says red');
  });

  it('by a person outlives a failed turn', async () => {
    const prompts: string[] = [];
    const relay = createRelay(async (turn, key) => {
      prompts.push(turn.prompt);
      if (prompts.length === 1) return { outcome: 'needs-person', summary: 'Which?' };
      return prompts.length === 2 ? { outcome: 'failed', raw: 'crash' } : fix(turn, key);
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    await relay.store.signal((await relay.job()).id, { type: 'steer', data: { message: 'Half up.' } });
    await relay.runOnce();
    relay.runtime.clock.advance(60_000);
    await relay.runOnce();
    expect(prompts[2]).toContain('Half up.');
  });

  it('while a turn ran is heeded before anything is handed in', async () => {
    const prompts: string[] = [];
    let goOn: () => void = () => {};
    const relay = createRelay(async (turn, key) => {
      prompts.push(turn.prompt);
      if (prompts.length === 1) {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
      }
      return fix(turn, key);
    });
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create();
    const ran = baton.runOnce();
    await settle();
    await baton.signal((await relay.job()).id, { type: 'steer', data: { message: 'The README too.' } });
    goOn();
    await ran;
    await baton.stop();
    expect(prompts[1]).toContain('The README too.');
    expect(relay.forge.pulls()).toHaveLength(1);
  });
});

describe('an ended job', () => {
  it.each(['merged', 'closed'] as const)('that was %s stays ended when a bot sets a label', async (how) => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    if (how === 'merged') relay.forge.merge(1);
    else relay.forge.closePull(1);
    await relay.runOnce();
    relay.source.reopenIssue('1');
    relay.source.setLabels('1', ['baton', 'wontfix'], { id: 'b', login: 'stale[bot]', kind: 'bot' });
    await relay.runOnce();
    expect(await relay.jobs()).toHaveLength(1);
  });
});

describe('when the other side fails', () => {
  it('in the middle of handing in, the request gets its labels and its new text all the same', async () => {
    const odd = new BatonError('UNAVAILABLE', 'The host is down.', { details: {} });
    const relay = createRelay(async (turn, key) => {
      const said = await fix(turn, key);
      relay.forge.failures.set('ensurePullRequest', odd);
      return { ...said, summary: 'Mended it at last.' };
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const { branch } = await relay.job();
    // It was opened, bare, and the answer did not come.
    const commit = relay.remote.branches.get(branch);
    relay.forge.failures.clear();
    await relay.forge.ensurePullRequest({
      ...{ head: branch, base: 'main', title: 'Bare', body: '' },
      draft: true,
      labels: [],
    });
    relay.runtime.clock.advance(60_000);
    await relay.runOnce();
    const [pull, ...others] = relay.forge.pulls();
    expect(others).toEqual([]);
    expect(pull?.pullRequest.headCommit).toBe(commit);
    expect(pull?.body).toContain('Mended it at last.');
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
  });

  it('oddly after it opened the request, a retry goes on with that one (G32)', async () => {
    const relay = createRelay(async (turn, key) => {
      relay.forge.failures.set(
        'ensurePullRequest',
        new BatonError('PROTOCOL_VIOLATION', 'Odd.', { details: { received: 'odd' } }),
      );
      return fix(turn, key);
    });
    relay.source.seed({ labels: ['baton'] });
    for (let look = 0; look < 9; look += 1) {
      await relay.runOnce();
      relay.runtime.clock.advance(60 * 60_000);
    }
    const ended = await relay.job();
    expect(ended).toMatchObject({ phase: 'failed', outcome: 'forge-failed' });
    relay.forge.failures.clear();
    const handedIn = { head: ended.branch, base: 'main', title: 'It', body: '', draft: true, labels: [] };
    await relay.forge.ensurePullRequest(handedIn);
    const baton = relay.create();
    expect((await baton.retry(ended.id)).branch).toBe(ended.branch);
    await baton.runOnce();
    await baton.stop();
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it('people are shown the pull request within seconds after the tracker is back', async () => {
    const down = new BatonError('UNAVAILABLE', 'The tracker is down.', { details: {} });
    const relay = createRelay(async (turn, key) => {
      relay.source.failures.set('ensureLabels', down);
      return fix(turn, key);
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
    relay.source.failures.clear();
    await relay.runOnce();
    expect((await relay.source.get('1'))?.labels).toContain('baton:working');
    relay.runtime.clock.advance(11_000);
    await relay.runOnce();
    expect((await relay.source.get('1'))?.labels).toContain('baton:review');
    // And nothing more is asked than otherwise.
    const before = relay.forge.calls.get('observe');
    relay.runtime.clock.advance(11_000);
    await relay.runOnce();
    expect((relay.forge.calls.get('observe') ?? 0) - (before ?? 0)).toBe(1);
  });

  it('one issue’s failure stops neither intake nor the watch for merges (G7)', async () => {
    let broken = false;
    const plain = createRelay();
    const relay = createRelay(fix, {
      source: {
        ...plain.source,
        async brief(id, query, options) {
          if (broken && id === '1') throw new BatonError('PROTOCOL_VIOLATION', 'odd', { details: { received: 'x' } });
          return plain.source.brief(id, query, options);
        },
      },
    });
    plain.source.seed({ labels: ['baton'], author: 'stranger', permission: 'none' });
    await relay.runOnce();
    broken = true;
    for (let issue = 0; issue < 3; issue += 1) plain.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(relay.forge.pulls()).toHaveLength(3);
  });

  it('a store that can’t record is not asked again without end (G35)', async () => {
    const relay = createRelay();
    let claims = 0;
    relay.source.seed({ labels: ['baton'] });
    const full = {
      ...relay.store,
      async claim(...request: Parameters<typeof relay.store.claim>) {
        claims += 1;
        return relay.store.claim(...request);
      },
      async record(): Promise<never> {
        throw new BatonError('DISK_FULL', 'No room is left.', { details: { path: 'store.db' } });
      },
    };
    const baton = relay.create({ store: full });
    await relay.drive(baton.runOnce());
    await relay.drive(baton.stop());
    expect(claims).toBeLessThan(5);
  });

  it('no turn is taken on an issue that was closed meanwhile (G6)', async () => {
    let turns = 0;
    const relay = createRelay(async () => {
      turns += 1;
      return { outcome: 'failed', raw: 'crash' };
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.source.closeIssue('1');
    relay.runtime.clock.advance(60_000);
    await relay.runOnce();
    expect(turns).toBe(1);
    expect(await relay.job()).toMatchObject({ outcome: 'cancelled' });
  });

  it('a host’s time-outs end no job whose work is done', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    relay.forge.failures.set('ensurePullRequest', new BatonError('TIMEOUT', 'too slow', { details: { afterMs: 1 } }));
    for (let tries = 0; tries < 10; tries += 1) {
      await relay.runOnce();
      relay.runtime.clock.advance(6 * 60_000);
    }
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
    relay.forge.failures.clear();
    await relay.runOnce();
    expect(relay.forge.pulls()).toHaveLength(1);
  });

  it('a person is asked although the tracker was down for a moment', async () => {
    const relay = createRelay(async () => ({ outcome: 'needs-person', summary: 'Which?' }));
    const issue = relay.source.seed({ labels: ['baton'] });
    const baton = relay.create();
    const ran = (async () => {
      for await (const event of baton.events()) {
        if (event.type !== 'job-changed') continue;
        if (event.job.wait !== 'needs-person') continue;
        relay.source.failures.set('ensureComment', new BatonError('UNAVAILABLE', '502', { details: {} }));
      }
    })();
    await baton.runOnce();
    await baton.stop();
    await ran;
    relay.source.failures.clear();
    relay.runtime.clock.advance(6 * 60_000);
    await relay.runOnce();
    expect(relay.source.comments(issue.id)[0]?.body).toContain('needs you');
  });

  it('an agent that heeds no abort holds no job for ever', async () => {
    const relay = createRelay();
    const deaf = {
      ...relay.project.agents[0].agent,
      start: async () => ({
        id: 'deaf',
        run: async function* (): AsyncGenerator<never> {
          await new Promise(() => {});
        },
        close: () => new Promise<void>(() => {}),
      }),
    };
    const limits = { ...defaultLimits, attempts: 1, stallMs: 60_000 };
    const project = { ...relay.project, agents: [{ agent: deaf, model: null }] as const, limits };
    relay.source.seed({ labels: ['baton'] });
    const baton = relay.create({ projects: [project] });
    const ran = baton.runOnce();
    for (let second = 0; second < 120; second += 1) {
      await settle();
      relay.runtime.clock.advance(1_000);
    }
    await ran;
    await baton.stop();
    expect(viewJob(await relay.job())).toMatchObject({ outcome: 'stalled' });
  });
});
