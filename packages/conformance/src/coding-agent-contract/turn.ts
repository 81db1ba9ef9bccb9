import assert from 'node:assert/strict';
import type { AgentEvent, AgentLimits, AgentSession, AgentUsage, RefusedRequest, TurnEnd } from '@baton/core';

/** A turn without limits. */
export const unlimited: AgentLimits = { maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: null };

/** A turn under way. */
export interface BegunTurn {
  readonly iterator: AsyncIterator<AgentEvent>;
  /** Every event, once the last has come. Rejects as the iteration does. */
  readonly over: Promise<readonly AgentEvent[]>;
  readonly settled: boolean;
}

/** Takes a turn's events in the background, as an engine does that may end it at any moment. */
export function beginTurn(session: AgentSession, prompt: string, limits = unlimited, signal?: AbortSignal): BegunTurn {
  const iterator = session.run({ prompt, limits }, signal ? { signal } : {})[Symbol.asyncIterator]();
  let settled = false;
  const pump = async (): Promise<readonly AgentEvent[]> => {
    const events: AgentEvent[] = [];
    try {
      for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) events.push(step.value);
      return events;
    } finally {
      settled = true;
    }
  };
  const over = pump();
  over.catch(() => {});
  return {
    iterator,
    over,
    get settled() {
      return settled;
    },
  };
}

/** Every event of a turn that ends. */
export function collect(
  session: AgentSession,
  prompt: string,
  limits?: AgentLimits,
  signal?: AbortSignal,
): Promise<readonly AgentEvent[]> {
  return beginTurn(session, prompt, limits, signal).over;
}

/** That a turn begins once, ends once and last, and consists of plain data. */
export function checkShape(events: readonly AgentEvent[]): void {
  const types = events.map((event) => event.type);
  const count = (type: AgentEvent['type']): number => types.filter((each) => each === type).length;
  assert.equal(types[0], 'turn-start');
  assert.equal(count('turn-start'), 1);
  assert.equal(types.at(-1), 'turn-end');
  assert.equal(count('turn-end'), 1);
  const calls = events.flatMap((event) => (event.type === 'tool-call' ? [event.callId] : []));
  assert.equal(new Set(calls).size, calls.length, 'two tool calls bear the same id');
  for (const event of events) {
    if (event.type === 'tool-result')
      assert.ok(calls.includes(event.callId), `a result without a call: ${event.callId}`);
  }
  assert.deepEqual(JSON.parse(JSON.stringify(events)), events, 'an event is not plain JSON');
  checkRefused(endOf(events).refused ?? []);
  for (const event of events) {
    if (event.type !== 'checkpoint' || event.state.session === undefined) continue;
    assert.match(event.state.session, /^[\w.:/@-]{1,100}$/, 'a session has no name that people can be shown');
  }
}

/** Agents choose what they ask for, and people read it. */
function checkRefused(refused: readonly RefusedRequest[]): void {
  assert.ok(refused.length <= 50, `${refused.length} names of what was refused`);
  assert.equal(new Set(refused.map(({ what }) => what)).size, refused.length, 'a name was told twice');
  for (const { what, count } of refused) {
    assert.match(what, /^[\w.:/+?=[\]-]{1,200}$/, 'what was refused has no name that people can be shown');
    assert.ok(Number.isInteger(count) && count >= 1, `${what} was refused ${count} times`);
  }
}

const counters = ['inputTokens', 'cachedInputTokens', 'outputTokens', 'microUsd'] as const;

/** That usage never goes back and comes to what was expected. */
export function checkUsage(events: readonly AgentEvent[], expected: AgentUsage): void {
  const told = events.flatMap((event) => (event.type === 'usage' || event.type === 'turn-end' ? [event.usage] : []));
  for (const counter of counters) {
    const values = told.map((usage) => usage[counter]).filter((value) => value !== null);
    assert.ok(
      values.every((value, index) => Number.isInteger(value) && value >= (values[index - 1] ?? 0)),
      `${counter} went back, or below zero: ${values.join(', ')}`,
    );
  }
  for (const usage of told) {
    if (usage.basis === 'unknown') assert.equal(usage.microUsd, null, 'a cost that nobody vouches for');
  }
  assert.deepEqual(endOf(events).usage, expected);
}

/** The last event, which has to be the turn's end. */
export function endOf(events: readonly AgentEvent[]): TurnEnd {
  const last = events.at(-1);
  assert.ok(last?.type === 'turn-end', `the turn ended with ${last?.type ?? 'nothing'}`);
  return last;
}
