import { getEventListeners } from 'node:events';
import { createManualClock } from '@baton/conformance';
import { describe, expect, it } from 'vitest';
import { startDeadline } from '../src/index.js';

const late = new Error('it took too long');
const options = { reason: () => late };

/** What was waited for has been told by then. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a deadline', () => {
  it('aborts with its reason once the time is over, and leaves neither timer nor listener', async () => {
    const clock = createManualClock();
    const { signal } = new AbortController();
    using deadline = startDeadline(clock, 1_000, { ...options, signal });
    clock.advance(999);
    await settled();
    expect(deadline).toMatchObject({ isOver: false, signal: { aborted: false } });
    clock.advance(1);
    await settled();
    expect(deadline.isOver).toBe(true);
    expect(deadline.signal.reason).toBe(late);
    expect([clock.sleeping, getEventListeners(signal, 'abort').length]).toEqual([0, 0]);
  });

  it('passes an abort on with its reason, which the time does not undo', async () => {
    const clock = createManualClock();
    const outer = new AbortController();
    using deadline = startDeadline(clock, 1_000, { ...options, signal: outer.signal });
    const reason = new Error('enough');
    outer.abort(reason);
    clock.advance(2_000);
    await settled();
    expect(deadline.signal.reason).toBe(reason);
    expect([deadline.isOver, clock.sleeping]).toEqual([false, 0]);
  });

  it('is aborted at once where the caller had given up', () => {
    const clock = createManualClock();
    const reason = new Error('enough');
    using deadline = startDeadline(clock, 1_000, { ...options, signal: AbortSignal.abort(reason) });
    expect(deadline.signal.reason).toBe(reason);
    expect(clock.sleeping).toBe(0);
  });

  it('aborts nothing once it is disposed, and leaves neither timer nor listener', async () => {
    const clock = createManualClock();
    const outer = new AbortController();
    const deadline = startDeadline(clock, 1_000, { ...options, signal: outer.signal });
    deadline[Symbol.dispose]();
    clock.advance(2_000);
    outer.abort();
    await settled();
    expect(deadline).toMatchObject({ isOver: false, signal: { aborted: false } });
    expect([clock.sleeping, getEventListeners(outer.signal, 'abort').length]).toEqual([0, 0]);
  });

  it('is over in a moment where the time had passed, and never where there is none', async () => {
    const clock = createManualClock();
    using past = startDeadline(clock, -5, options);
    using none = startDeadline(clock, null, options);
    clock.advance(1_000_000);
    await settled();
    expect([past.isOver, none.isOver, clock.sleeping]).toEqual([true, false, 0]);
  });
});
