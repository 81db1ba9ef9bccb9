import { access, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createSqliteStore } from '@baton/sqlite';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startDaemon } from '../support/daemon-process.js';
import { type LocalScene, makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';
import { mountSmallDisk, whyNoDisk } from './small-disk.js';

const reason = await whyNoDisk();
const needs = reason === null ? '' : ` (needs a mount of its own: ${reason})`;

beforeAll(ensureBuilt, 180_000);

/** A command in whose middle the disk fails. */
type Moment = 'setup' | 'agent' | 'check';

/** A scene whose state has 32 MB. The command of a moment tells that it runs, and waits until it is let go on. */
async function makeScene(moment: Moment | null, minFreeDisk: number | null = null): Promise<LocalScene> {
  const gateOf = (each: Moment, name: string): string => {
    const place = join(tmpdir(), name);
    return each === moment ? `touch ${place}/runs; while [ ! -e ${place}/go ]; do sleep 0.05; done` : ':';
  };
  const scene = await makeLocalScene({
    // What comes before the room is gone, the watch of the disk, would be first here.
    config: { minFreeDisk },
    agent: (name) => `echo right > answer.txt; ${gateOf('agent', name)}`,
    project: (name) => ({
      sandbox: { mode: 'off' },
      workspace: { use: 'git-worktree', spares: 0, setup: { run: gateOf('setup', name) } },
      verify: { commands: [{ name: 'answer', run: `${gateOf('check', name)}; grep -q right answer.txt` }] },
    }),
  });
  await mkdir(join(scene.path, 'state'));
  return scene;
}

/** No line of a stack trace, and nothing that nobody expected. */
function expectSentences(said: string): void {
  expect(said.split('\n').filter((line) => /^\s+at |unhandled|INTERNAL/.test(line))).toEqual([]);
}

async function expectHandedInOnce(scene: LocalScene): Promise<void> {
  const isThere = async (): Promise<void> => {
    const job = await scene.job();
    // Nobody sits out the minutes after which it looks by itself.
    if (job.wait === 'unavailable') await wake(scene, job.id);
    expect(job).toMatchObject({ phase: 'reviewing', attempt: 1 });
  };
  await vi.waitFor(isThere, { timeout: 180_000, interval: 500 });
  expect(await scene.pulls()).toHaveLength(1);
  expect(await scene.comments()).toHaveLength(1);
  expect(await scene.inRemote('show', 'baton/issue-1:answer.txt')).toBe('right');
}

async function wake(scene: LocalScene, job: string): Promise<void> {
  const path = join(scene.path, 'state', 'sqlite', 'store.db');
  const store = createSqliteStore({ path, runtime: createSystemRuntime() });
  await store.signal(job, { type: 'wake', data: null });
  await store.close?.();
}

describe.skipIf(reason !== null)(`a disk${needs}`, () => {
  it.each<Moment>(['setup', 'agent', 'check'])(
    'that is full in the middle of the %s: nothing is lost, people are told, and it goes on once there is room (G35)',
    async (moment) => {
      await using scene = await makeScene(moment);
      await using disk = await mountSmallDisk(join(scene.path, 'state'), 32);
      await using daemon = startDaemon(scene.path);
      await vi.waitFor(() => access(join(scene.path, 'runs')), { timeout: 180_000, interval: 50 });
      await disk.fill();
      await writeFile(join(scene.path, 'go'), '');
      await daemon.waitFor('the words', ({ msg }) => /no room left/i.test(msg));
      expect(await scene.pulls()).toEqual([]);
      await disk.free();
      await expectHandedInOnce(scene);
      expect(await daemon.stop()).toBe(0);
      expectSentences(daemon.said.join('\n'));
    },
  );

  it.each(['is full', 'can only be read'])(
    'that %s at a start: says so, and the job goes on where it was once that is mended (G35)',
    async (fault) => {
      await using scene = await makeScene(null);
      await using disk = await mountSmallDisk(join(scene.path, 'state'), 32);
      expect(await scene.baton('start', '--once')).toMatchObject({ exitCode: 0 });
      await expectHandedInOnce(scene);
      if (fault === 'is full') await disk.fill();
      else await disk.setReadOnly(true);
      await scene.merge();
      const { exitCode, stderr, stdout } = await scene.baton('start', '--once');
      expect(exitCode).not.toBe(0);
      expect(`${stdout}${stderr}`).toMatch(/no room left|can only be read|EROFS/i);
      expectSentences(stderr);
      const listed = await scene.baton('list');
      expect(`${listed.stdout}${listed.stderr}`).toMatch(/local:0001|no room left|may not be written/i);
      expectSentences(listed.stderr);
      if (fault === 'is full') await disk.free();
      else await disk.setReadOnly(false);
      await vi.waitFor(
        async () => {
          expect(await scene.baton('start', '--once')).toMatchObject({ exitCode: 0 });
          expect(await scene.job()).toMatchObject({ phase: 'done', outcome: 'merged', attempt: 1 });
        },
        { timeout: 180_000, interval: 500 },
      );
    },
  );

  it('that is full at a start, but for what was held back: the store is written all the same (G35)', async () => {
    await using scene = await makeScene(null, 4 * 2 ** 20);
    await using disk = await mountSmallDisk(join(scene.path, 'state'), 32);
    expect(await scene.baton('start', '--once')).toMatchObject({ exitCode: 0 });
    await expectHandedInOnce(scene);
    await disk.fill();
    await scene.merge();
    const { exitCode, stderr } = await scene.baton('start', '--once');
    expect(exitCode).toBe(0);
    expect(await scene.job()).toMatchObject({ phase: 'done', outcome: 'merged', attempt: 1 });
    expectSentences(stderr);
  });
});
