import { createManualClock } from '@baton/conformance';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ChangeMemory, createChangeMemory } from '../src/index.js';

const settleMs = 60_000;
let clock = createManualClock();
let memory: ChangeMemory<string, string>;
beforeEach(() => {
  clock = createManualClock();
  memory = createChangeMemory({ clock, most: 2, settleMs });
});

describe('what was read', () => {
  it('is believed once its fingerprint had stood for long enough when it was read, and not by waiting alone', () => {
    memory.keep('a', 'print', 'one');
    clock.advance(settleMs - 1);
    expect(memory.keep('a', 'print', 'two').isSettled).toBe(false);
    clock.advance(settleMs);
    expect(memory.get('a')).toMatchObject({ value: 'two', isSettled: false });
    expect(memory.keep('a', 'print', 'three')).toMatchObject({ value: 'three', isSettled: true });
  });

  it('counts from the beginning of a reading that takes its time: what changed meanwhile it may lack', () => {
    memory.keep('a', 'print', 'one');
    const readAt = clock.monotonic() + settleMs - 1;
    clock.advance(settleMs * 2);
    expect(memory.keep('a', 'print', 'two', readAt)).toMatchObject({ readAt, isSettled: false });
  });

  it('begins anew with another fingerprint, and with the same one after it was forgotten', () => {
    memory.keep('a', 'print', 'one');
    clock.advance(settleMs);
    expect(memory.keep('a', 'other', 'two')).toMatchObject({ changedAt: clock.monotonic(), isSettled: false });
    clock.advance(settleMs);
    memory.forget('a');
    expect(memory.get('a')).toBeNull();
    expect(memory.keep('a', 'other', 'three').isSettled).toBe(false);
  });

  it('is kept of so many, and longest of those that were asked for last', () => {
    memory.keep('a', 'print', 'one');
    memory.keep('b', 'print', 'two');
    memory.get('a');
    memory.keep('c', 'print', 'three');
    expect(new Map(memory.readings()).keys().toArray().toSorted()).toEqual(['a', 'c']);
  });
});
