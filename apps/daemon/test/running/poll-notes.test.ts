import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createManualClock } from '@baton/conformance';
import type { BatonEvent } from '@baton/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { keepPollNotes, notePoll, readPollNotes } from '../../src/running/poll-notes.js';
import { startDaemon } from '../support/daemon-process.js';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';
import { makeScratch } from '../support/scratch.js';

beforeAll(ensureBuilt, 180_000);

const quota = { name: 'core', limit: 5000, remaining: 0, resetAt: 5 };
const polled = (at: number) =>
  ({ type: 'project-polled', at, project: 'web', found: 0, enqueued: 0, quotas: [] }) as const;
const failed = (at: number, message: string) =>
  ({ type: 'poll-failed', at, project: 'web', message, quotas: [quota] }) as const;

describe('what polls come to', () => {
  it('is kept: the last, the last good one, and since when they fail', () => {
    const first = notePoll(undefined, failed(1, 'away'));
    expect(first).toEqual({ at: 1, goodAt: null, failingSince: 1, message: 'away', quotas: [quota] });
    const good = notePoll(first, polled(2));
    expect(good).toEqual({ at: 2, goodAt: 2, failingSince: null, message: null, quotas: [] });
    const again = notePoll(notePoll(good, failed(3, 'away')), failed(4, 'no more requests until 12:00'));
    expect(again).toEqual({
      at: 4,
      goodAt: 2,
      failingSince: 3,
      message: 'no more requests until 12:00',
      quotas: [quota],
    });
  });

  it('stays of what other daemons on the state directory poll, and goes on where they left off', async () => {
    await using scratch = await makeScratch();
    const state = scratch.path;
    const clock = createManualClock();
    const keep = (events: () => AsyncIterable<BatonEvent>) =>
      keepPollNotes({ events }, { state, clock, mask: (text) => text });
    async function* other(): AsyncGenerator<BatonEvent> {
      yield { ...failed(2, 'away'), project: 'api' };
    }
    async function* ours(): AsyncGenerator<BatonEvent> {
      yield polled(1);
      await keep(other);
      clock.advance(2_000);
      yield polled(3);
      clock.advance(2_000);
      yield { ...failed(4, 'away'), project: 'api' };
    }
    await keep(ours);
    expect(readPollNotes(state)).toMatchObject({
      web: { at: 3, goodAt: 3 },
      api: { at: 4, goodAt: null, failingSince: 2 },
    });
  });

  it('is shown by the status, with how long the daemon has run, and after its end', async () => {
    await using at = await makeLocalScene({
      agent: () => 'true',
      project: () => ({ sandbox: { mode: 'off' } }),
      config: { pollInterval: '1h' },
    });
    const state = join(at.path, 'state');
    const status = async () => JSON.parse((await at.baton('status', '--json')).stdout);
    expect(await status()).toMatchObject({ daemons: [], projects: [{ poll: null }] });
    {
      await using daemon = startDaemon(at.path);
      await daemon.waitFor('ready', ({ msg }) => msg === 'ready');
      expect(await at.baton('poll')).toMatchObject({ exitCode: 0 });
      const told = await status();
      expect(told).toMatchObject({
        daemons: [{ pid: expect.any(Number), since: expect.any(String) }],
        projects: [{ poll: { failingSince: null, message: null, goodAt: told.projects[0].poll.at } }],
      });
      const { at: last, nextBy } = told.projects[0].poll;
      expect(Date.parse(nextBy) - Date.parse(last)).toBe(66 * 60_000);
      expect((await at.baton('status')).stdout).toMatch(
        /^daemon \d+ has run for .+\nweb\n(?:.*\n)*.*polled +.* ago, again within 1 h/,
      );

      await rename(join(at.path, 'tracker'), join(at.path, 'away'));
      expect(await at.baton('poll')).toMatchObject({ exitCode: 1 });
      // Several within a second are written together.
      while (readPollNotes(state)['web']?.failingSince === null) await wait(50);
      expect((await at.baton('status')).stdout).toMatch(/polled +failed \d+ s ago.*: \S/);
      expect(await daemon.stop()).toBe(0);
    }
    // As a daemon leaves word of a host that counts.
    const notes = readPollNotes(state);
    const resetAt = Math.ceil(Date.now() / 60_000) * 60_000 + 3_600_000;
    const web = { ...notes['web'], quotas: [{ name: 'core', limit: 5000, remaining: 4312, resetAt }, { ...quota }] };
    await writeFile(join(state, 'polls.json'), JSON.stringify({ ...notes, web }));
    expect((await at.baton('status')).stdout).toMatch(/\n +host +core 4312 of 5000 requests left until [-\d: ]+\n/);
    const after = await status();
    expect(after.projects[0].poll.quotas[0]).toMatchObject({
      remaining: 4312,
      resetAt: new Date(resetAt).toISOString(),
    });
    expect(after).toMatchObject({
      daemons: [],
      projects: [{ poll: { failingSince: expect.any(String), nextBy: null } }],
    });
    expect((await readdir(state)).filter((name) => name.startsWith('polls'))).toEqual(['polls.json']);
  }, 60_000);
});
