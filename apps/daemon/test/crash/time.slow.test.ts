import { access, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type DaemonProcess, startDaemon } from '../support/daemon-process.js';
import { leftProcesses } from '../support/left-processes.js';
import { type LocalScene, makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

const preload = ['--import', fileURLToPath(new URL('./moved-clock.ts', import.meta.url))];
const hourMs = 3_600_000;

beforeAll(ensureBuilt, 180_000);
vi.setConfig({ maxConcurrency: 2 });

/** A scene whose agent tells that it runs, each time with one more letter, and waits until it is let go on. */
async function makeScene(): Promise<LocalScene> {
  return makeLocalScene({
    agent: (name) => {
      const place = join(tmpdir(), name);
      return `: agent-of-${name}
echo right > answer.txt
printf x >> ${place}/runs
while [ ! -e ${place}/go ]; do sleep 0.05; done`;
    },
    project: () => ({
      sandbox: { mode: 'off' },
      verify: { commands: [{ name: 'answer', run: 'grep -q right answer.txt' }] },
    }),
  });
}

const clockOf = (scene: LocalScene): string => join(scene.path, 'clock');
const setClock = (scene: LocalScene, aheadMs: number): Promise<void> => writeFile(clockOf(scene), String(aheadMs));
const start = (scene: LocalScene): DaemonProcess =>
  startDaemon(scene.path, { BATON_TEST_CLOCK: clockOf(scene) }, preload);

async function untilTheAgentRuns(scene: LocalScene): Promise<void> {
  await vi.waitFor(() => access(join(scene.path, 'runs')), { timeout: 180_000, interval: 50 });
}

async function expectHandedInOnce(scene: LocalScene): Promise<void> {
  const isThere = async (): Promise<void> =>
    expect(await scene.job()).toMatchObject({ phase: 'reviewing', attempt: 1, round: 1 });
  await vi.waitFor(isThere, { timeout: 180_000, interval: 300 });
  expect(await scene.pulls()).toHaveLength(1);
  expect(await scene.comments()).toHaveLength(1);
  expect(await scene.branches()).toEqual({ main: scene.base, 'baton/issue-1': expect.any(String) });
}

describe.concurrent('a clock that is set', () => {
  it.each([
    ['a day forward', 24 * hourMs],
    ['a day back', -24 * hourMs],
    ['five minutes forward', 300_000],
  ])('%s in the middle of a turn: it is one turn, and it is handed in (G30)', async (_, byMs) => {
    await using scene = await makeScene();
    await setClock(scene, 0);
    await using daemon = start(scene);
    await untilTheAgentRuns(scene);
    await setClock(scene, byMs);
    // Past a few beats of the heart, which confirm what is held or lose it.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await writeFile(join(scene.path, 'go'), '');
    await expectHandedInOnce(scene);
    expect(await scene.filesWith('xx').then((files) => files.filter((file) => file.endsWith('/runs')))).toEqual([]);
    await scene.merge();
    await daemon.waitFor('the end', ({ phase }) => phase === 'done');
    expect(await daemon.stop()).toBe(0);
  });

  it('back behind the end of a daemon, which another one follows: the job goes on (G30)', async () => {
    await using scene = await makeScene();
    await setClock(scene, 2 * hourMs);
    {
      await using first = start(scene);
      await untilTheAgentRuns(scene);
      await first.kill();
    }
    await setClock(scene, 0);
    await writeFile(join(scene.path, 'go'), '');
    await using second = start(scene);
    await expectHandedInOnce(scene);
    expect(await second.stop()).toBe(0);
  });
});

describe.concurrent('a daemon that stands still', () => {
  it('past its lease, while another one works: what it wakes up to is the other one’s, and there is one of each (G5, G21)', async () => {
    await using scene = await makeScene();
    await setClock(scene, 0);
    await using frozen = start(scene);
    await untilTheAgentRuns(scene);
    process.kill(-frozen.pid, 'SIGSTOP');
    await setClock(scene, 10 * 60_000);
    await using other = start(scene);
    await other.waitFor('the start', ({ msg }) => msg === 'ready');
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    process.kill(-frozen.pid, 'SIGCONT');
    await writeFile(join(scene.path, 'go'), '');
    await expectHandedInOnce(scene);
    await scene.merge();
    const isDone = async (): Promise<void> =>
      expect(await scene.job()).toMatchObject({ phase: 'done', outcome: 'merged' });
    await vi.waitFor(isDone, { timeout: 180_000, interval: 300 });
    expect(await frozen.stop()).toBe(0);
    expect(await other.stop()).toBe(0);
    expect(leftProcesses(scene.name)).toEqual([]);
  });
});
