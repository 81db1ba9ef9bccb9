import { access, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startDaemon } from '../support/daemon-process.js';
import { type LocalScene, makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);
vi.setConfig({ maxConcurrency: 2 });

/** The agent tells that it runs, and waits until it is let go on. */
async function makeScene(): Promise<LocalScene> {
  return makeLocalScene({
    agent: (name) => {
      const place = join(tmpdir(), name);
      return `echo right > answer.txt; printf x >> ${place}/runs; while [ ! -e ${place}/go ]; do sleep 0.05; done`;
    },
    project: () => ({
      sandbox: { mode: 'off' },
      verify: { commands: [{ name: 'answer', run: 'grep -q right answer.txt' }] },
    }),
  });
}

const storeOf = (scene: LocalScene): string => join(scene.path, 'state', 'sqlite', 'store.db');
const letGo = (scene: LocalScene): Promise<void> => writeFile(join(scene.path, 'go'), '');

async function untilTheAgentRuns(scene: LocalScene): Promise<void> {
  await vi.waitFor(() => access(join(scene.path, 'runs')), { timeout: 180_000, interval: 50 });
}

async function removeLog(scene: LocalScene): Promise<void> {
  expect((await stat(`${storeOf(scene)}-wal`)).size).toBeGreaterThan(0);
  for (const ending of ['-wal', '-shm']) await rm(`${storeOf(scene)}${ending}`);
}

/** One of everything, and the job ends where a person merges. */
async function expectOneToTheEnd(scene: LocalScene): Promise<void> {
  const isThere = async (): Promise<void> => {
    expect(await scene.baton('start', '--once')).toMatchObject({ exitCode: 0 });
    expect(await scene.job()).toMatchObject({ phase: 'reviewing' });
  };
  await vi.waitFor(isThere, { timeout: 180_000, interval: 300 });
  expect(await scene.pulls()).toHaveLength(1);
  expect(await scene.comments()).toHaveLength(1);
  expect(await scene.branches()).toEqual({ main: scene.base, 'baton/issue-1': expect.any(String) });
  await scene.merge();
  expect(await scene.baton('start', '--once')).toMatchObject({ exitCode: 0 });
  expect(await scene.job()).toMatchObject({ phase: 'done', outcome: 'merged' });
}

describe.concurrent('a store whose log somebody deletes', () => {
  it('after its daemon was killed in a turn: one of everything (G17)', async () => {
    await using scene = await makeScene();
    {
      await using daemon = startDaemon(scene.path);
      await untilTheAgentRuns(scene);
      await daemon.kill();
    }
    await removeLog(scene);
    await letGo(scene);
    await expectOneToTheEnd(scene);
  });

  it('after its daemon was killed once all was handed in: no second turn, no second request (G17)', async () => {
    await using scene = await makeScene();
    await letGo(scene);
    {
      await using daemon = startDaemon(scene.path);
      await daemon.waitFor('the review', ({ phase }) => phase === 'reviewing');
      await daemon.kill();
    }
    await removeLog(scene);
    await expectOneToTheEnd(scene);
    expect(await readFile(join(scene.path, 'runs'), 'utf8')).toBe('x');
  });

  it('while its daemon works, and others look into it: one of everything', async () => {
    await using scene = await makeScene();
    {
      await using daemon = startDaemon(scene.path);
      await untilTheAgentRuns(scene);
      await removeLog(scene);
      // Whoever opens it now finds an older one, and makes a log of its own.
      expect(await scene.baton('list')).toMatchObject({ exitCode: 0, stderr: '' });
      await letGo(scene);
      await daemon.waitFor('the review', ({ phase }) => phase === 'reviewing');
      expect(await daemon.stop()).toBe(0);
    }
    await expectOneToTheEnd(scene);
  });
});

describe.concurrent('a store that', () => {
  it('was cut short is refused at the start, with a way out, and kept; nothing is worked (G19)', async () => {
    await using scene = await makeScene();
    await letGo(scene);
    expect(await scene.baton('start', '--once')).toMatchObject({ exitCode: 0 });
    await truncate(storeOf(scene), 8 * 4_096);
    const before = await readFile(storeOf(scene));
    for (const verb of [['start', '--once'], ['list'], ['show', '1']]) {
      const { exitCode, stderr } = await scene.baton(...verb);
      expect([verb, exitCode]).toEqual([verb, 1]);
      expect(stderr).toMatch(/^error: The store at .* kept as it is\.\nfix: \S/);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
    expect(before.equals(await readFile(storeOf(scene)))).toBe(true);
    expect(await readFile(join(scene.path, 'runs'), 'utf8')).toBe('x');
  });

  it('another program holds for seconds in the middle of a turn costs no turn', async () => {
    await using scene = await makeScene();
    await using daemon = startDaemon(scene.path);
    await untilTheAgentRuns(scene);
    const other = new DatabaseSync(storeOf(scene), { timeout: 5_000 });
    other.exec('BEGIN IMMEDIATE');
    await letGo(scene);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    other.exec('ROLLBACK');
    other.close();
    await daemon.waitFor('the review', ({ phase }) => phase === 'reviewing');
    expect(await daemon.stop()).toBe(0);
    expect(await readFile(join(scene.path, 'runs'), 'utf8')).toBe('x');
    await expectOneToTheEnd(scene);
  });
});
