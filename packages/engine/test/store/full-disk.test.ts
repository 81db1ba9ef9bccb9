import { BatonError, type Job, type JobStore } from '@baton/core';
import type { MemoryTurn } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { type BatonEvent, type BatonOptions, viewJob } from '../../src/index.js';
import { createRelay, fix, type Turns } from '../relay.js';

const minFreeBytes = 8_000;

/** A disk of this size, on which nothing but checkouts and what somebody else put there takes room. */
function createDisk(bytes: number) {
  const state = { others: 0, held: 0, isBroken: false };
  const relays: ReturnType<typeof createRelay>[] = [];
  const measureFree = async (): Promise<number> => {
    if (state.isBroken) throw new Error('no such disk');
    let taken = state.others + state.held;
    for (const relay of relays) {
      const keys = await Array.fromAsync(relay.workspaces.list());
      for (const job of new Set(keys.map(({ key }) => key.job))) {
        taken += (await relay.workspaces.measureGrowth?.(job)) ?? 0;
      }
    }
    return bytes - taken;
  };
  const reserve = {
    bytes: 1_000,
    hold: async () => {
      state.held = 1_000;
    },
    release: async () => {
      state.held = 0;
    },
  };
  return { state, relays, options: { path: '/disk', minFreeBytes, measureFree, reserve } };
}

/** A store that can be read, and only be written where the disk has room. */
function onDisk(store: JobStore, measureFree: () => Promise<number>): JobStore {
  const asks = async (): Promise<void> => {
    if ((await measureFree().catch(() => 1)) > 0) return;
    throw new BatonError('DISK_FULL', 'There is no room left for the store.', { details: { path: '/disk' } });
  };
  return {
    ...store,
    confirm: (...words) => asks().then(() => store.confirm(...words)),
    record: (...words) => asks().then(() => store.record(...words)),
    release: (...words) => asks().then(() => store.release(...words)),
    reserve: (...words) => asks().then(() => store.reserve(...words)),
    signal: (...words) => asks().then(() => store.signal(...words)),
    claim: (...words) => asks().then(() => store.claim(...words)),
    writeFact: (...words) => asks().then(() => store.writeFact(...words)),
  };
}

/** Fills the disk, and goes on until it is ended. */
const fills = (turn: MemoryTurn, bytes: number): Promise<never> =>
  turn.workspace.writeFile('large.bin', 'x'.repeat(bytes)).then(
    () =>
      new Promise<never>((_, reject) => {
        turn.signal.addEventListener('abort', () => reject(turn.signal.reason));
      }),
  );

function scene(turns: Turns, options: Pick<Partial<BatonOptions>, 'concurrency' | 'keepWorkspaces'> = {}) {
  const disk = createDisk(20_000);
  const relay = createRelay(turns, {}, { disk: disk.options, ...options });
  disk.relays.push(relay);
  const events: BatonEvent[] = [];
  const runOnce = async (): Promise<void> => {
    const baton = relay.create({ store: onDisk(relay.store, disk.options.measureFree) });
    const read = (async () => {
      for await (const event of baton.events()) events.push(event);
    })();
    await relay.drive(baton.runOnce());
    await baton.stop();
    await read;
  };
  const told = (): readonly BatonEvent[] => events.filter(({ type }) => type === 'operator-needed');
  const ofIssue = async (key: string): Promise<Job | undefined> =>
    (await relay.jobs()).find(({ issueKey }) => issueKey.endsWith(key));
  return { ...relay, disk, runOnce, told, ofIssue };
}

describe('a disk that is nearly full', () => {
  it('ends the turn of the job that fills it, takes its checkout away, and lets the others go on', async () => {
    let goOn = (): void => {};
    const isFree = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const relay = scene(
      async (turn, issue) => {
        if (issue.endsWith('1')) return fills(turn, 15_000).finally(goOn);
        await isFree;
        return fix(turn, issue);
      },
      { concurrency: 2 },
    );
    relay.source.seed({ title: 'hog', labels: ['baton'] });
    relay.source.seed({ title: 'honest', labels: ['baton'] });
    await relay.runOnce();
    const [hog, honest] = [await relay.ofIssue('1'), await relay.ofIssue('2')];
    expect(hog && viewJob(hog)).toMatchObject({ outcome: 'limit-reached', attempt: 1 });
    expect(hog && viewJob(hog).reason).toMatch(/wrote .* KiB, more than any other job's, and .* are kept free/);
    expect(honest).toMatchObject({ phase: 'reviewing' });
    expect((await Array.fromAsync(relay.workspaces.list())).map(({ key }) => key.job)).not.toContain(hog?.id);
    expect(relay.told()).toHaveLength(1);
    expect(relay.runtime.clock.sleeping).toBe(0);
  });

  it.each([false, true])(
    'ends the job that left it full when its turn was over before anybody looked, checkouts that are to stay (%s) or not',
    async (keepWorkspaces) => {
      const relay = scene(
        async (turn) => {
          await turn.workspace.writeFile('large.bin', 'x'.repeat(15_000));
          return { summary: 'Done.' };
        },
        { keepWorkspaces },
      );
      relay.source.seed({ title: 'hog', labels: ['baton'] });
      await relay.runOnce();
      expect(viewJob(await relay.job())).toMatchObject({ outcome: 'limit-reached' });
      expect(await Array.fromAsync(relay.workspaces.list())).toEqual([]);
    },
  );

  it.each(['while it is at work', 'as its turn ends'])(
    'to the last byte %s: what was held back lets the job be ended, and is held again',
    async (moment) => {
      const relay = scene(async (turn) => {
        const free = await relay.disk.options.measureFree();
        expect(relay.disk.state.held).toBe(1_000);
        if (moment === 'while it is at work') return fills(turn, free);
        await turn.workspace.writeFile('large.bin', 'x'.repeat(free));
        return { summary: 'Done.' };
      });
      relay.source.seed({ labels: ['baton'] });
      await relay.runOnce();
      expect(viewJob(await relay.job())).toMatchObject({ outcome: 'limit-reached', attempt: 1 });
      expect(await Array.fromAsync(relay.workspaces.list())).toEqual([]);
      await relay.runOnce();
      expect(relay.disk.state.held).toBe(1_000);
    },
  );

  it('to the last byte by somebody else: what was held back lets the store be written', async () => {
    const relay = scene(async (turn, issue) => {
      relay.disk.state.others = 20_000 - relay.disk.state.held;
      await relay.runtime.clock.sleep(10_000, { signal: turn.signal });
      return fix(turn, issue);
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'unavailable', attempt: 1 });
    relay.disk.state.others = 0;
    relay.runtime.clock.advance(600_000);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
  });

  it('lets no work begin, and goes on by itself once there is room', async () => {
    const relay = scene(fix);
    relay.disk.state.others = 15_000;
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const job = await relay.job();
    expect(job).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
    expect(viewJob(job).reason).toMatch(/are free on the disk/);
    expect(job.wakeAt).toBeGreaterThan(relay.runtime.clock.now());
    expect(relay.forge.pulls()).toEqual([]);
    expect(relay.told()).toHaveLength(1);
    relay.disk.state.others = 0;
    relay.runtime.clock.advance(job.wakeAt - relay.runtime.clock.now());
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
  });

  it('ends no job for what somebody else put there', async () => {
    const relay = scene(async (turn, issue) => {
      relay.disk.state.others = 19_000;
      await turn.workspace.writeFile('some.txt', 'x'.repeat(500));
      await relay.runtime.clock.sleep(10_000, { signal: turn.signal });
      return fix(turn, issue);
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'unavailable', attempt: 1 });
    relay.disk.state.others = 0;
    relay.runtime.clock.advance(600_000);
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
  });

  it('ends a job that waits for a person, where its checkout is what takes the room', async () => {
    const relay = scene(async (turn, issue) => {
      if (!issue.endsWith('1')) return fix(turn, issue);
      await turn.workspace.writeFile('large.bin', 'x'.repeat(5_000));
      return { outcome: 'needs-person', raw: 'asked', summary: 'Which?' };
    });
    relay.source.seed({ title: 'hog', labels: ['baton'] });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    relay.disk.state.others = 8_000;
    relay.source.seed({ title: 'honest', labels: ['baton'] });
    await relay.runOnce();
    await relay.runOnce();
    const hog = await relay.ofIssue('1');
    expect(hog && viewJob(hog)).toMatchObject({ outcome: 'limit-reached' });
    relay.runtime.clock.advance(600_000);
    await relay.runOnce();
    expect(await relay.ofIssue('2')).toMatchObject({ phase: 'reviewing' });
  });

  it('holds nothing up where it can’t be measured', async () => {
    const relay = scene(fix);
    relay.disk.state.isBroken = true;
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(await relay.job()).toMatchObject({ phase: 'reviewing' });
  });
});
