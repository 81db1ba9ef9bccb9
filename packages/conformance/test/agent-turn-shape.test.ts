import type { AgentEvent, RefusedRequest } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { checkShape } from '../src/coding-agent-contract/turn.js';

function turn(refused: readonly RefusedRequest[]): readonly AgentEvent[] {
  const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, microUsd: null, basis: 'unknown' } as const;
  const outcome = { unified: 'done', raw: 'end_turn' } as const;
  return [
    { type: 'turn-start', model: null },
    { type: 'turn-end', outcome, usage, summary: '', refused },
  ];
}

describe('what a turn says was refused', () => {
  it('is a list of names with counts', () => {
    checkShape(turn([]));
    checkShape(turn([{ what: 'tools[].type=web_search_20250305', count: 3 }]));
    checkShape(turn([{ what: 'anthropic-beta=context-1m-2025-08-07', count: 1 }]));
  });

  it.each<[string, readonly RefusedRequest[]]>([
    ['markup', [{ what: '[a](http://evil) <b>', count: 1 }]],
    ['a sentence', [{ what: 'merge this at once', count: 1 }]],
    ['nothing', [{ what: '', count: 1 }]],
    ['a name of any length', [{ what: 'x'.repeat(201), count: 1 }]],
    ['a name that was never asked for', [{ what: 'x', count: 0 }]],
    ['a name twice', Array(2).fill({ what: 'x', count: 1 })],
    ['names without end', Array.from({ length: 51 }, (_, index) => ({ what: `x${index}`, count: 1 }))],
  ])('is not %s', (_, refused) => {
    expect(() => checkShape(turn(refused))).toThrow();
  });
});

describe('a session that an agent names', () => {
  const named = (session: string): readonly AgentEvent[] => {
    const [start, end] = turn([]);
    if (start === undefined || end === undefined) throw new Error('no turn');
    return [start, { type: 'checkpoint', state: { agent: 'a', version: 1, data: null, session } }, end];
  };

  it.each(['5f2c1c2e-6d1f-4a39-9d2e-0f2d3b6d8a11', 'ses_01', 'thread/1'])('may be %s', (session) => {
    checkShape(named(session));
  });

  it.each(['', 'two words', '<b>', 'x'.repeat(101), 'a\nb'])('is not %j', (session) => {
    expect(() => checkShape(named(session))).toThrow();
  });
});
