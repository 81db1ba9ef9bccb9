import { getEventListeners } from 'node:events';
import { createManualClock } from '@baton/conformance';
import { describe, expect, it } from 'vitest';
import { watchSilence } from '../src/index.js';

/** What was waited for has been told by then. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a watch over silence', () => {
  it('aborts once nothing was heard for so long, counted from what was heard last', async () => {
    const clock = createManualClock();
    const { signal } = new AbortController();
    using watch = watchSilence({ clock, stallMs: 1_000, adapter: 'agent', signal });
    clock.advance(999);
    watch.heard();
    clock.advance(999);
    await settled();
    expect(watch.signal.aborted).toBe(false);
    clock.advance(1);
    await settled();
    expect(watch.signal.reason).toMatchObject({ code: 'UNAVAILABLE', adapter: 'agent' });
    expect([clock.sleeping, getEventListeners(signal, 'abort').length]).toEqual([0, 0]);
  });

  it('passes the abort of its caller on, also one from before, and leaves no timer', async () => {
    const clock = createManualClock();
    const aborting = new AbortController();
    const reason = new Error('enough');
    using watch = watchSilence({ clock, stallMs: 1_000, adapter: 'agent', signal: aborting.signal });
    aborting.abort(reason);
    using late = watchSilence({ clock, stallMs: 1_000, adapter: 'agent', signal: aborting.signal });
    await settled();
    expect([watch.signal.reason, late.signal.reason]).toEqual([reason, reason]);
    expect(clock.sleeping).toBe(0);
  });

  it('aborts nothing once it is disposed, and leaves neither timer nor listener', async () => {
    const clock = createManualClock();
    const { signal } = new AbortController();
    const watch = watchSilence({ clock, stallMs: 1_000, adapter: 'agent', signal });
    watch[Symbol.dispose]();
    clock.advance(2_000);
    await settled();
    expect(watch.signal.aborted).toBe(false);
    expect([clock.sleeping, getEventListeners(signal, 'abort').length]).toEqual([0, 0]);
  });
});
