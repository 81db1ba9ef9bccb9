import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { type Project, viewJob } from '../../src/index.js';
import { createRelay, fix } from '../relay.js';

const trust = (perActorPerHour: number): Project['trust'] => ({ permission: 'write', bots: [], perActorPerHour });

/** Two issues of one actor; at most one may be begun within an hour. */
async function holdOne() {
  const relay = createRelay(fix, { trust: trust(1) });
  for (const _ of [1, 2]) relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  const waits = async () => (await relay.jobs()).map((job) => job.wait ?? job.phase);
  expect(await waits()).toEqual(['budget', 'reviewing']);
  return { relay, waits };
}

const unsupported = new BatonError('CAPABILITY_UNSUPPORTED', 'The base has submodules.', {
  details: { capability: 'submodules' },
  fix: 'Set `submodules: leave` in the settings of the workspace.',
});

describe('what an operator mends', () => {
  it('is judged at the next start, without waiting for the instant of before', async () => {
    const { relay, waits } = await holdOne();
    const baton = relay.create({ projects: [{ ...relay.project, trust: trust(2) }] });
    await baton.runOnce();
    await baton.stop();
    expect(await waits()).toEqual(['reviewing', 'reviewing']);
  });

  it('is judged by a running engine as soon as it is reconfigured', async () => {
    const { relay, waits } = await holdOne();
    const baton = relay.create();
    await baton.start();
    baton.reconfigure({ projects: [{ ...relay.project, trust: trust(2) }] });
    await relay.drive(
      (async () => {
        for await (const event of baton.events())
          if (event.type === 'job-changed' && event.job.phase === 'reviewing') return;
      })(),
      20,
    );
    await baton.stop();
    expect(await waits()).toEqual(['reviewing', 'reviewing']);
  });

  it('leaves a wait as it was where nothing was mended', async () => {
    const { relay, waits } = await holdOne();
    const before = (await relay.job()).wakeAt;
    await relay.runOnce();
    expect(await waits()).toEqual(['budget', 'reviewing']);
    expect((await relay.job()).wakeAt).toBe(before);
  });

  it('ends a wait for the workspace’s settings, whose reason says how', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    const refusing = {
      ...relay.project.workspaces,
      fetch: () => Promise.reject(unsupported),
    };
    const baton = relay.create({ projects: [{ ...relay.project, workspaces: refusing }] });
    await baton.runOnce();
    await baton.stop();
    expect(viewJob(await relay.job())).toMatchObject({
      wait: 'unavailable',
      reason: 'The base has submodules. To mend it: set `submodules: leave` in the settings of the workspace.',
    });
    await relay.runOnce();
    expect((await relay.job()).phase).toBe('reviewing');
  });

  it('has an agent asked again whose key was refused, and not one whose provider named an instant', async () => {
    for (const { retryAt, phase } of [
      { retryAt: undefined, phase: 'reviewing' },
      { retryAt: 3_600_000, phase: 'waiting' },
    ]) {
      let turns = 0;
      const relay = createRelay((turn, key) => {
        turns += 1;
        if (turns > 1) return fix(turn, key);
        const until = retryAt === undefined ? {} : { retryAt: relay.runtime.clock.now() + retryAt };
        return { outcome: 'unavailable', raw: 'no', ...until };
      });
      relay.source.seed({ labels: ['baton'] });
      await relay.runOnce();
      expect((await relay.job()).phase).toBe('waiting');
      await relay.runOnce();
      expect((await relay.job()).phase).toBe(phase);
    }
  });

  it('does not wake what waits for a person, or for an instant that a host named', async () => {
    const relay = createRelay(() => ({ outcome: 'needs-person', raw: 'ask', summary: 'Which one?' }));
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const asked = await relay.job();
    await relay.runOnce();
    expect(await relay.job()).toEqual(asked);

    const limited = createRelay();
    limited.source.seed({ labels: ['baton'] });
    const retryAt = limited.runtime.clock.now() + 3_600_000;
    let asks = 0;
    const forge = {
      ...limited.project.forge,
      defaultBranch: () => {
        asks += 1;
        return Promise.reject(new BatonError('RATE_LIMITED', 'Too many.', { details: { retryAt } }));
      },
    };
    for (let start = 0; start < 3; start += 1) {
      const baton = limited.create({ projects: [{ ...limited.project, forge }] });
      await baton.runOnce();
      await baton.stop();
    }
    expect(await limited.job()).toMatchObject({ wait: 'unavailable' });
    expect(asks).toBe(1);
  });
});
