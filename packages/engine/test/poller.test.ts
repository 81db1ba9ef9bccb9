import { describe, expect, it } from 'vitest';
import { createPoller } from '../src/poller.js';
import { createManualRuntime, createProjectWorld, settle } from './memory-world.js';

describe('polls', () => {
  it('of one project never run side by side, however slow its tracker is, and hold up no other (G26)', async () => {
    const runtime = createManualRuntime(1);
    const projects = ['slow', 'quick'].map((name) => createProjectWorld(runtime, name, () => ({})).project);
    const running = new Map<string, number>();
    const polled = new Map<string, number>();
    const count = (of: Map<string, number>, name: string, by: number): number => {
      const next = (of.get(name) ?? 0) + by;
      of.set(name, next);
      return next;
    };
    let most = 0;
    const poller = createPoller({
      runtime,
      projects: () => projects,
      intervalMs: () => 1_000,
      async poll({ name }) {
        most = Math.max(most, count(running, name, 1));
        count(polled, name, 1);
        if (name === 'slow') await runtime.clock.sleep(10_000);
        count(running, name, -1);
      },
    });
    const stop = new AbortController();
    const looping = poller.loop(stop.signal);
    for (let second = 0; second < 30; second += 1) {
      await settle();
      runtime.clock.advance(1_000);
    }
    stop.abort();
    runtime.clock.advance(60_000);
    await looping;
    await settle();
    runtime.clock.advance(60_000);
    await poller.idle();
    expect(most).toBe(1);
    expect(polled.get('quick')).toBeGreaterThan(20);
    expect(polled.get('slow')).toBeLessThan(6);
  });
});
