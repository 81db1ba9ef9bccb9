import { createMemoryForge, createMemorySource } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../src/index.js';
import { createRelay, fix } from './relay.js';

const hour = 60 * 60_000;

describe('two projects', () => {
  it('on one repository whose labels meet on an issue work it once', async () => {
    let turns = 0;
    const relay = createRelay(async (turn, key) => {
      turns += 1;
      return fix(turn, key);
    });
    relay.source.seed({ labels: ['baton', 'docs'] });
    const docs = { ...relay.project, name: 'docs', query: { ...relay.project.query, labels: ['docs'] } };
    const baton = relay.create({ projects: [relay.project, docs] });
    for (let look = 0; look < 4; look += 1) {
      await baton.runOnce();
      relay.runtime.clock.advance(hour);
    }
    await baton.stop();
    expect(turns).toBe(1);
    expect(relay.forge.pulls()).toHaveLength(1);
    expect((await relay.jobs()).map(({ phase }) => phase)).toEqual(['reviewing']);
  });

  it('whose trackers count alike and hand in to one repository take each other’s requests for nothing', async () => {
    const done: string[] = [];
    const relay = createRelay(async (turn, key) => {
      done.push(key);
      await turn.workspace.writeFile('app.txt', `mended ${done.length}\n`);
      return {};
    });
    const source = createMemorySource({ runtime: relay.runtime, tracker: 'elsewhere' });
    source.people.set('alice', 'write');
    relay.source.seed({ labels: ['baton'] });
    source.seed({ labels: ['baton'] });
    const other = { ...relay.project, name: 'other', source };
    const baton = relay.create({ projects: [relay.project, other], concurrency: 1 });
    await baton.runOnce();
    await baton.stop();
    expect(done).toHaveLength(2);
    expect(new Set(relay.forge.pulls().map(({ pullRequest }) => pullRequest.head)).size).toBe(2);
    expect((await relay.jobs()).map(({ phase }) => phase)).toEqual(['reviewing', 'reviewing']);
  });

  it('that hand an issue of one tracker in to two repositories each work it', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    const { runtime, remote, source } = relay;
    const forge = createMemoryForge({ remote, runtime, source, repository: 'another' });
    const baton = relay.create({ projects: [relay.project, { ...relay.project, name: 'other', forge }] });
    await baton.runOnce();
    await baton.stop();
    expect(await relay.jobs()).toHaveLength(2);
  });
});

describe('a project that is renamed in the configuration', () => {
  it('loses no open work, and nothing is worked again', async () => {
    const prompts: string[] = [];
    const relay = createRelay(async (turn, key) => {
      prompts.push(turn.prompt);
      if (key === 'mem#1') return { outcome: 'refused', raw: 'policy' };
      await turn.workspace.writeFile('app.txt', `mended ${prompts.length}\n`);
      return {};
    });
    relay.source.people.set('bob', 'write');
    relay.source.seed({ labels: ['baton'] });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(prompts).toHaveLength(2);
    const renamed = relay.create({ projects: [{ ...relay.project, name: 'web2' }] });
    for (let look = 0; look < 3; look += 1) {
      relay.runtime.clock.advance(hour);
      await renamed.runOnce();
    }
    expect(prompts).toHaveLength(2);
    expect((await relay.jobs()).map(({ project, phase }) => [project, phase])).toEqual([
      ['web2', 'reviewing'],
      ['web', 'failed'],
    ]);
    relay.forge.review(1, { body: 'Name it better.' });
    relay.runtime.clock.advance(hour);
    await renamed.runOnce();
    await renamed.stop();
    expect(prompts).toHaveLength(3);
    expect((await relay.jobs())[0]).toMatchObject({ project: 'web2', phase: 'reviewing', round: 2 });
  });
});

describe('a project that is taken out of the configuration', () => {
  async function without() {
    const relay = createRelay(async () => ({
      outcome: 'unavailable',
      raw: 'limit',
      retryAt: relay.runtime.clock.now() + 60_000,
    }));
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const elsewhere = createMemorySource({ runtime: relay.runtime, tracker: 'elsewhere' });
    const baton = relay.create({ projects: [{ ...relay.project, name: 'other', source: elsewhere }] });
    relay.runtime.clock.advance(24 * hour);
    await baton.runOnce();
    return { relay, baton };
  }

  /** The project is there again, with an agent that can work. What that was told, by turns. */
  async function configureAgain(relay: ReturnType<typeof createRelay>): Promise<readonly string[]> {
    const prompts: string[] = [];
    const { agents } = createRelay(async (turn, key) => {
      prompts.push(turn.prompt);
      return fix(turn, key);
    }).project;
    const again = relay.create({ projects: [{ ...relay.project, agents }] });
    await again.runOnce();
    relay.runtime.clock.advance(hour);
    await again.runOnce();
    await again.stop();
    return prompts;
  }

  it('leaves jobs that say what they wait for, once', async () => {
    const { relay, baton } = await without();
    const job = await relay.job();
    expect(job).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    expect(viewJob(job).reason).toBe(
      'There is no project web in the configuration any more: configure it again, or cancel the job.',
    );
    const entries = (await Array.fromAsync(relay.store.journal(job.id, 0))).length;
    for (let look = 0; look < 5; look += 1) {
      relay.runtime.clock.advance(hour);
      await baton.runOnce();
    }
    await baton.stop();
    expect(await Array.fromAsync(relay.store.journal(job.id, 0))).toHaveLength(entries);
  });

  it('leaves jobs that can be cancelled', async () => {
    const { relay, baton } = await without();
    await baton.signal((await relay.job()).id, { type: 'steer', data: { message: 'go on' } });
    await baton.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    await baton.signal((await relay.job()).id, { type: 'cancel', data: null });
    await baton.runOnce();
    await baton.stop();
    expect(await relay.job()).toMatchObject({ phase: 'cancelled', outcome: 'cancelled' });
  });

  it('keeps what people answer meanwhile until it is there again, and tells it to the agent then', async () => {
    const { relay, baton } = await without();
    const { id } = await relay.job();
    await baton.signal(id, { type: 'steer', data: { message: 'count the pears too' } });
    const entries = (await Array.fromAsync(relay.store.journal(id, 0))).length;
    for (let look = 0; look < 3; look += 1) {
      relay.runtime.clock.advance(hour);
      await baton.runOnce();
    }
    await baton.stop();
    expect(await Array.fromAsync(relay.store.journal(id, 0))).toHaveLength(entries);
    const prompts = await configureAgain(relay);
    expect(prompts.join()).toContain('count the pears too');
  });

  it('leaves jobs that go on where they were once it is there again', async () => {
    const { relay, baton } = await without();
    await baton.stop();
    expect(await configureAgain(relay)).toHaveLength(1);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', attempt: 1 });
  });
});
