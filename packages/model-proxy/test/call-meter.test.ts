import { createManualClock } from '@baton/conformance';
import type { AgentLimits, ModelPrice } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createCallMeter, type MeteredCall } from '../src/proxy/call-meter.js';
import type { Reading } from '../src/wire/protocol.js';

const unlimited: AgentLimits = { maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: null };
const price: ModelPrice = { input: 3, output: 15, cachedInput: 0.3 };
const call: MeteredCall = { kind: 'model', model: 'm', maxOutputTokens: 2000, minOutputTokens: 1, bytes: 3000 };

function read(found: Partial<Reading>): Reading {
  return {
    inputTokens: null,
    cachedInputTokens: null,
    surchargeTokens: 0,
    outputTokens: null,
    complete: true,
    stop: null,
    failure: null,
    ...found,
  };
}

function create(limits: Partial<AgentLimits>, cost: ModelPrice | null = price) {
  const clock = createManualClock();
  const passed: string[] = [];
  const listener = { onPassed: (limit: string) => void passed.push(limit) };
  const meter = createCallMeter({ limits: { ...unlimited, ...limits }, clock, price: () => cost, listener });
  const make = (
    reading: Partial<Reading> = { inputTokens: 1000, outputTokens: 100 },
    of: Partial<MeteredCall> = {},
  ) => {
    const admitted = meter.admit({ ...call, ...of });
    if (typeof admitted === 'string') return admitted;
    admitted.settle(read(reading));
    return admitted.outputCap;
  };
  return { meter, clock, passed, make };
}

describe('meter', () => {
  it('says no to the call after the last step, and says so once', () => {
    const { meter, make, passed } = create({ maxSteps: 2 });
    expect([make(), make(), make(), make()]).toEqual([null, null, 'max steps', 'max steps']);
    expect(meter.passed).toBe('max steps');
    expect(passed).toEqual(['max steps']);
    expect(meter.usage).toMatchObject({ inputTokens: 2000, outputTokens: 200 });
  });

  it('cuts an answer to what is left of the tokens, and refuses where no useful one is left', () => {
    const { make } = create({ maxTokens: 5000 });
    // 3,000 bytes are taken for 1,000 tokens.
    expect(make({ inputTokens: 1000, outputTokens: 1100 })).toBe(null);
    expect(make({ inputTokens: 1000, outputTokens: 800 })).toBe(1900);
    expect(make()).toBe('max tokens');
    expect(make({}, { maxOutputTokens: 100 })).toBe(null);
  });

  it('never lets the counted cost pass its limit, whatever the answers come to', () => {
    const limit = 100_000;
    const { meter, make } = create({ maxMicroUsd: limit });
    for (let calls = 0; calls < 20; calls++) {
      const admitted = meter.admit(call);
      if (typeof admitted === 'string') break;
      admitted.settle(read({ inputTokens: 1000, outputTokens: admitted.outputCap ?? 2000 }));
    }
    expect(make()).toBe('max cost');
    expect(meter.usage.microUsd).toBeLessThanOrEqual(limit);
    expect(meter.usage.microUsd).toBeGreaterThan(limit - 3000 - 1024 * 15 - 3000);
  });

  it('counts calls under way with the most that they may come to', () => {
    const { meter } = create({ maxTokens: 7000 });
    const first = meter.admit(call);
    const second = meter.admit(call);
    expect([typeof first, typeof second, meter.admit(call)]).toEqual(['object', 'object', 'max tokens']);
    if (typeof first !== 'string') first.settle(null);
    expect(typeof meter.admit(call)).toBe('object');
  });

  it('refuses from the deadline on, by the wall clock', () => {
    const clock = createManualClock();
    const limits = { ...unlimited, deadline: clock.now() + 1000 };
    const meter = createCallMeter({ limits, clock, price: () => price, listener: {} });
    clock.advance(999);
    expect(typeof meter.admit(call)).toBe('object');
    clock.advance(1);
    expect(meter.admit(call)).toBe('deadline');
  });

  it('charges cached input at its own price, and what was written to the cache with its surcharge', () => {
    const { meter, make } = create({});
    make({ inputTokens: 1_000_000, cachedInputTokens: 600_000, surchargeTokens: 50_000, outputTokens: 1_000 });
    expect(meter.usage).toEqual({
      inputTokens: 1_000_000,
      cachedInputTokens: 600_000,
      outputTokens: 1_000,
      microUsd: 400_000 * 3 + 50_000 * 3 + 600_000 * 0.3 + 1_000 * 15,
      basis: 'computed',
    });
  });

  it.each<[string, Partial<Reading>, number, number]>([
    ['nothing', { complete: false }, 1000, 2000],
    ['nothing of its figures, though it came to its end', {}, 1000, 2000],
    ['the figures of its beginning, and was cut', { inputTokens: 10, outputTokens: 1, complete: false }, 10, 2000],
    ['more than was reserved, and was cut', { inputTokens: 10, outputTokens: 2500, complete: false }, 10, 2500],
    ['only what came out', { outputTokens: 7 }, 1000, 7],
  ])('charges what was reserved where an answer told %s: unknown is never none', (_, reading, input, output) => {
    const { meter, make } = create({});
    make(reading);
    expect(meter.usage).toMatchObject({ inputTokens: input, outputTokens: output });
    expect(meter.usage.microUsd).toBe(input * price.input + output * price.output);
  });

  it('charges what a request that names no maximum could have come to', () => {
    const { meter, make } = create({});
    make({ complete: false }, { maxOutputTokens: null });
    expect(meter.usage).toMatchObject({ inputTokens: 1000, outputTokens: 128_000 });
  });

  it('lets no agent that never hears an answer out pass its limits: in money, in tokens without a price, in steps', () => {
    const spent = (limits: Partial<AgentLimits>, cost: ModelPrice | null): number => {
      const { meter, make } = create(limits, cost);
      for (let calls = 0; calls < 200; calls++) make({ complete: false });
      return meter.usage.microUsd ?? (meter.usage.inputTokens ?? 0) + (meter.usage.outputTokens ?? 0);
    };
    expect(spent({ maxMicroUsd: 1_000_000 }, price)).toBeLessThanOrEqual(1_000_000);
    expect(spent({ maxTokens: 50_000 }, null)).toBeLessThanOrEqual(50_000);
    expect(spent({ maxSteps: 3 }, null)).toBe(3 * 3000);
  });

  it('takes a count of tokens for a step, and charges nothing for it', () => {
    const { meter, make } = create({ maxSteps: 2 });
    make({ inputTokens: 1000 }, { kind: 'count' });
    expect(meter.usage).toMatchObject({ inputTokens: 0, outputTokens: 0 });
    expect([make(), make({}, { kind: 'count' })]).toEqual([null, 'max steps']);
  });

  it('knows no cost once a model without a price was asked, and never says 0 for it', () => {
    const { meter, make } = create({ maxMicroUsd: 1 }, null);
    expect(meter.usage).toMatchObject({ microUsd: 0, basis: 'computed' });
    expect(make()).toBe(null);
    expect(meter.usage).toMatchObject({ microUsd: null, basis: 'unknown' });
  });
});
