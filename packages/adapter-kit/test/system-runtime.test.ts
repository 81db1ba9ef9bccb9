import { describe, expect, it } from 'vitest';
import { createSystemRuntime } from '../src/async/system-runtime.js';

describe('system runtime', () => {
  const runtime = createSystemRuntime();

  it('makes ids that are safe in names and never the same', () => {
    const ids = Array.from({ length: 20_000 }, () => runtime.id('Job'));
    expect(ids.filter((id) => !/^j[a-z0-9]{8}$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('never wakes early by its own monotonic clock', async () => {
    for (const milliseconds of [0, 0.4, 1, 3.7]) {
      const startedAt = runtime.clock.monotonic();
      await runtime.clock.sleep(milliseconds);
      expect(runtime.clock.monotonic() - startedAt).toBeGreaterThanOrEqual(milliseconds);
    }
  });

  it('rejects a sleep with the very reason of the abort, and leaves no timer', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
    const before = timers();
    const reason = new Error('enough');
    const controller = new AbortController();
    // Longer than a timer can be: one that wasn't split would fire at once.
    const sleep = runtime.clock.sleep(4_000_000_000, { signal: controller.signal });
    expect(timers()).toBe(before + 1);
    controller.abort(reason);
    await expect(sleep).rejects.toBe(reason);
    await expect(runtime.clock.sleep(5, { signal: controller.signal })).rejects.toBe(reason);
    expect(timers()).toBe(before);
  });
});
