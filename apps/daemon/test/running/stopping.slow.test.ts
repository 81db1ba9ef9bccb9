import { once } from 'node:events';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { startDaemon } from '../support/daemon-process.js';
import { leftProcesses } from '../support/left-processes.js';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt, startBaton } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

/** A shell line that tells of its run, waits until it is let go on, and writes an answer. Beside the configuration. */
const gated = (answer: string): string =>
  `echo "$PWD" >> ../../../../runs; while [ ! -e ../../../../go ]; do sleep 0.02; done; echo ${answer} > answer.txt`;
const unconfined = {
  sandbox: { mode: 'off' },
  verify: { commands: [{ name: 'answer', run: 'grep -q . answer.txt' }] },
};

async function appears(file: string): Promise<void> {
  for (let look = 0; look < 1500; look += 1) {
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(20);
  }
  throw new Error(`${file} never came.`);
}

describe('stopping in the middle', () => {
  it.each([
    { signals: 1, runs: 1 },
    { signals: 2, runs: 2 },
  ])('of start --once, by $signals signals, loses nothing: one pull request (G17, G11)', async ({ signals, runs }) => {
    await using scene = await makeLocalScene({ agent: () => gated('right'), project: () => unconfined });
    const child = startBaton(['start', '--once'], { cwd: scene.path });
    const closed = once(child, 'close');
    await appears(join(scene.path, 'runs'));
    const { stderr } = child;
    if (stderr === null) throw new Error('The command has no pipes.');
    const lines = createInterface({ input: stderr });
    child.kill('SIGTERM');
    // The first signal is heeded before the next: two at once may arrive as one.
    for await (const line of lines) if (line.includes('stopping: running steps')) break;
    if (signals === 2) child.kill('SIGTERM');
    else await writeFile(join(scene.path, 'go'), '');
    expect(await closed).toEqual([130, null]);
    expect(leftProcesses(scene.name)).toEqual([]);
    expect(await scene.pulls()).toEqual([]);
    expect((await scene.job()).outcome).toBeNull();

    await writeFile(join(scene.path, 'go'), '');
    expect((await scene.baton('start', '--once')).exitCode).toBe(0);
    expect(await scene.job()).toMatchObject({ phase: 'reviewing', attempt: 1 });
    expect(await scene.pulls()).toHaveLength(1);
    expect((await readFile(join(scene.path, 'runs'), 'utf8')).trim().split('\n')).toHaveLength(runs);
  });

  it('is not needed to change the agent: a running job keeps its own, the next has the new one (G29)', async () => {
    await using scene = await makeLocalScene({ agent: () => gated('right'), project: () => unconfined });
    const file = join(scene.path, 'baton.config.yaml');
    await using daemon = startDaemon(scene.path);
    await appears(join(scene.path, 'runs'));
    await writeFile(file, (await readFile(file, 'utf8')).replace('echo right', 'echo left'));
    await daemon.waitFor('the reload', ({ msg }) => msg.startsWith('configuration reloaded'));
    await writeFile(join(scene.path, 'go'), '');
    await daemon.waitFor('the first pull request', ({ msg }) => msg === 'local:0001 reviewing');
    await writeFile(
      join(scene.path, 'tracker', 'issues', '0002-again.md'),
      '---\nlabels: [baton]\nauthor: alice\n---\nOnce more.\n',
    );
    await daemon.waitFor('the second pull request', ({ msg }) => msg === 'local:0002 reviewing');
    expect(await scene.inRemote('show', 'baton/issue-1:answer.txt')).toBe('right');
    expect(await scene.inRemote('show', 'baton/issue-2:answer.txt')).toBe('left');
    expect(await daemon.stop()).toBe(0);
  });
});

describe('run --no-publish', () => {
  it('of a job that waited to publish lets nothing leave, until a person approves', async () => {
    await using scene = await makeLocalScene({
      agent: () => 'echo right > answer.txt',
      project: () => unconfined,
    });
    for (const time of [1, 2]) {
      const ended = await scene.baton('run', '1', '--no-publish');
      expect([time, ended.exitCode]).toEqual([time, 7]);
      expect(await scene.branches()).toEqual({ main: scene.base });
      expect(await scene.pulls()).toEqual([]);
    }
    expect(await scene.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person', round: 1 });
    expect((await scene.baton('approve', '1')).exitCode).toBe(0);
    expect((await scene.baton('start', '--once')).exitCode).toBe(0);
    expect(await scene.job()).toMatchObject({ phase: 'reviewing', round: 1 });
    expect(await scene.pulls()).toHaveLength(1);
  });
});
