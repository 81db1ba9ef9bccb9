import { createManualClock } from '@baton/conformance';
import { describe, expect, it } from 'vitest';
import { createQuiet } from '../../src/git/idle-timer.js';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function watch(waiting: Promise<void>): { state: 'waiting' | 'over' | unknown } {
  const seen: { state: unknown } = { state: 'waiting' };
  waiting.then(
    () => (seen.state = 'over'),
    (error: unknown) => (seen.state = error),
  );
  return seen;
}

describe('quiet', () => {
  it('begins so long after the last thing that was asked for', async () => {
    const clock = createManualClock();
    const quiet = createQuiet(clock, 3_000);
    const { signal } = new AbortController();
    await quiet.wait(signal);
    quiet.touch();
    const seen = watch(quiet.wait(signal));
    for (const passed of [2_999, 2_999]) {
      await settle();
      clock.advance(passed);
      quiet.touch();
    }
    await settle();
    expect(seen.state).toBe('waiting');
    clock.advance(3_000);
    await settle();
    clock.advance(1);
    await settle();
    expect(seen.state).toBe('over');
  });

  it('is not waited for while somebody wants things done, and an abort ends it', async () => {
    const clock = createManualClock();
    const quiet = createQuiet(clock, 3_000);
    const abort = new AbortController();
    quiet.touch();
    const first = watch(quiet.wait(abort.signal));
    await settle();
    await quiet.without(async () => {
      quiet.touch();
      await quiet.wait(abort.signal);
    });
    await settle();
    expect(first.state).toBe('over');
    const second = watch(quiet.wait(abort.signal));
    await settle();
    expect(second.state).toBe('waiting');
    const reason = new Error('closed');
    abort.abort(reason);
    await settle();
    expect(second.state).toBe(reason);
    expect(clock.sleeping).toBe(0);
  });
});
