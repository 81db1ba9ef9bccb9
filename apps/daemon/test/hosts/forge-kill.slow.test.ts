import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startDaemon } from '../support/daemon-process.js';
import { type ForgeScene, makeForgeScene } from '../support/forge-scene.js';
import { expectHandedIn, expectMerged, expectNoToken } from '../support/forge-way.js';
import { leftProcesses } from '../support/left-processes.js';
import { ensureBuilt } from '../support/run-baton.js';

/** The host takes its time over a push, so that it can be hit in its middle. */
async function slowPushes(scene: ForgeScene): Promise<void> {
  const hook = join(scene.remote, 'hooks', 'pre-receive');
  await writeFile(hook, `#!/bin/sh\ncat >/dev/null\nsh -c 'sleep 0.7; :' push-of-${scene.name}\n`);
  await chmod(hook, 0o755);
}

const isCreation = (path: string): boolean => /\/(?:pulls|merge_requests)$/.test(path);

/** Moments of publishing at which the daemon is killed. */
const moments: Readonly<Record<string, (scene: ForgeScene) => Promise<() => void>>> = {
  'while the host takes the push': async (scene) => {
    await slowPushes(scene);
    return () => expect(leftProcesses(`push-of-${scene.name}`)).not.toEqual([]);
  },
  'while it waits for the answer to the request that it opened': async ({ host: { server } }) => {
    server.failNext({ kind: 'stall' }, { method: 'POST', path: /\/(?:pulls|merge_requests)$/ });
    const isOpened = (): boolean => server.requests.some(({ method, path }) => method === 'POST' && isCreation(path));
    return () => expect(isOpened()).toBe(true);
  },
};

beforeAll(ensureBuilt, 180_000);

describe.concurrent('a daemon that is killed in the middle of publishing (G14, G17)', () => {
  const table = (['github', 'gitlab'] as const).flatMap((kind) =>
    Object.keys(moments).map((each) => [kind, each] as const),
  );

  it.each(table)('%s, %s: the next one opens exactly one request, nothing is lost', async (kind, moment) => {
    await using scene = await makeForgeScene(kind);
    const isThere = await moments[moment]?.(scene);
    if (isThere === undefined) throw new Error(`no moment ${moment}`);
    await using daemon = startDaemon(scene.path, scene.env);
    await vi.waitFor(isThere, { timeout: 180_000, interval: 20 });
    await daemon.kill();
    // What the host had begun, it brings to an end.
    await vi.waitFor(() => expect(leftProcesses(`push-of-${scene.name}`)).toEqual([]), { timeout: 10_000 });
    await scene.once();
    const head = await expectHandedIn(scene, 'right');
    expect(await scene.inRemote('rev-list', '--parents', '-1', head)).toBe(`${head} ${scene.base}`);
    expect(await scene.job()).toMatchObject({ attempt: 1, round: 1, rescued: [] });
    await scene.host.merge('bob');
    await scene.once();
    await expectMerged(scene);
    await expectNoToken(scene);
  });
});

describe.concurrent('git over HTTP that fails', () => {
  // What pushes is the same over both hosts.
  it.each([
    ['github', 'refuse'],
    ['gitlab', 'cut'],
    ['github', 'lose-answer'],
  ] as const)('%s, the push: %s: one request, one commit, nothing lost (G14)', async (kind, fault) => {
    await using scene = await makeForgeScene(kind);
    const { server } = scene.host;
    // The look, and then the push itself.
    server.failNextGit({ kind: fault, status: 503, on: 'any' });
    server.failNextGit({ kind: fault, status: 503, on: 'push' });
    for (let run = 0; (await scene.stored())?.phase !== 'reviewing'; run += 1) {
      if (run > 6) throw new Error(`${JSON.stringify(await scene.stored())}\n${scene.said()}`);
      const job = await scene.stored();
      if (job !== null) await scene.wake(job);
      await scene.once();
    }
    const head = await expectHandedIn(scene, 'right');
    expect(await scene.inRemote('rev-list', '--parents', '-1', head)).toBe(`${head} ${scene.base}`);
    await expectNoToken(scene);
  });
});
