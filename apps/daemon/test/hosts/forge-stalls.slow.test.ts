import { beforeAll, describe, expect, it, vi } from 'vitest';
import { makeForgeScene } from '../support/forge-scene.js';
import { expectNoToken, expectRequest } from '../support/forge-way.js';
import { ensureBuilt } from '../support/run-baton.js';

/** Requests whose answers stop in their middle and never end. Each costs the half minute after which Baton gives up. */
const stalls = [
  ['github', 'GET', /\/issues\?/],
  ['github', 'GET', /\/issues\/1$/],
  ['github', 'POST', /\/issues\/1\/labels$/],
  ['github', 'POST', /\/issues\/1\/comments$/],
  ['github', 'POST', /\/issues\/1\/assignees$/],
  ['github', 'POST', /\/pulls$/],
  ['gitlab', 'GET', /\/issues\?/],
  ['gitlab', 'GET', /\/issues\/1$/],
  ['gitlab', 'PUT', /\/issues\/1$/],
  ['gitlab', 'POST', /\/issues\/1\/notes$/],
  ['gitlab', 'POST', /\/merge_requests$/],
] as const;

beforeAll(ensureBuilt, 180_000);
// They mostly wait.
vi.setConfig({ maxConcurrency: stalls.length });

describe.concurrent('an answer that never ends', () => {
  it.each(stalls)('%s, %s %s: one request, one comment, nothing lost, no token', async (kind, method, path) => {
    await using scene = await makeForgeScene(kind);
    const { server } = scene.host;
    server.failNext({ kind: 'stall' }, { method, path });
    for (let run = 0; (await scene.stored())?.phase !== 'reviewing'; run += 1) {
      const job = await scene.stored();
      if (run > 4) throw new Error(`${JSON.stringify(job)}\n${scene.said()}`);
      if (job !== null) await scene.wake(job);
      await scene.once();
    }
    expect(server.waitingFaults()).toEqual([]);
    await expectRequest(scene, 'right');
    expect(await scene.job()).toMatchObject({ attempt: 1, round: 1, rescued: [] });
    await expectNoToken(scene);
  });
});
