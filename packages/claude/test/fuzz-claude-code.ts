import { fuzzed, mutatedJson, mutatedText } from '@baton/conformance/fuzz';
import { BatonError, type JsonValue } from '@baton/core';
import type { AgentTurnEnd } from '@baton/model-proxy';
import fc from 'fast-check';
import { expect } from 'vitest';
import { isResult, mapClaudeCodeLine } from '../src/claude-code/line.js';
import { isGood, mapClaudeCodeEnd, mapUsage } from '../src/claude-code/turn-end.js';
import { claudeCodeRelease } from '../src/claude-code/version.js';

const session = '01a2062a-8674-74d2-b07b-d0cf41095bb1';
const question = 'I looked.\n\nQUESTION FOR A PERSON: Which of the two?';
const success = { type: 'result', subtype: 'success', is_error: false, session_id: session, total_cost_usd: 0.0123 };
const line = mutatedJson([
  { type: 'system', subtype: 'init', session_id: session, model: 'claude-sonnet-5-5', claude_code_version: '2.1.330' },
  {
    type: 'assistant',
    message: {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: 'I write it.' },
        { type: 'tool_use', id: 't1', name: 'Write', input: { file_path: 'edited.txt' } },
      ],
    },
    parent_tool_use_id: null,
    session_id: session,
  },
  { type: 'user', message: { role: 'user', content: 'Mend it.' }, session_id: session },
  {
    type: 'user',
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'ok', is_error: false }] },
  },
  { ...success, result: 'Done.' },
  { ...success, result: question },
  { ...success, subtype: 'error_max_turns', is_error: true, errors: ['Reached maximum number of turns'] },
  { ...success, is_error: true, terminal_reason: 'api_error', result: 'API Error: 529' },
  { type: 'stream_event', event: { type: 'message_stop' }, text: 'long '.repeat(600) },
]);

export const lines = fuzzed(
  'a line of Claude Code is known, or shown clipped',
  line,
  (text) => {
    const value: JsonValue = JSON.parse(text);
    const mapped = mapClaudeCodeLine(value);
    switch (mapped.type) {
      case 'init':
        expect(mapped.session).toMatch(/^[\da-f-]{36}$/i);
        break;
      case 'events':
        for (const event of mapped.events) {
          expect(['text-delta', 'reasoning-delta', 'tool-call', 'tool-result']).toContain(event.type);
          expect(JSON.parse(JSON.stringify(event))).toEqual(event);
        }
        break;
      case 'result':
        expect(isResult(value)).toBe(true);
        expect(mapped.result.total_cost_usd ?? 0).toBeGreaterThanOrEqual(0);
        break;
      case 'other':
        expect(JSON.stringify(mapped.value).length).toBeLessThan(13_000);
    }
  },
  [
    '{"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1"}]}}',
    '{"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":""},{"type":"thinking","thinking":""}]}}',
  ],
);

const usage = { inputTokens: 1, cachedInputTokens: null, outputTokens: 1, microUsd: null };
const failures = [
  null,
  null,
  new BatonError('RATE_LIMITED', 'Wait.', { details: { retryAt: 5 } }),
  new BatonError('PROTOCOL_VIOLATION', 'No answer.', { details: { received: 'x' } }),
  new BatonError('AUTH_FAILED', 'No.', { details: { status: 401 } }),
  new BatonError('UNAVAILABLE', 'Away.', { details: {}, fix: 'Wait.' }),
];
const end: fc.Arbitrary<AgentTurnEnd> = fc.record({
  by: fc.constantFrom('exit', 'exit', 'exit', 'exit', 'deadline', 'limit', 'flood', 'start'),
  exitCode: fc.option(fc.constantFrom(0, 1)),
  signal: fc.constantFrom(null, 'SIGSEGV'),
  detail: fc.string(),
  usage: fc.constantFrom(
    { ...usage, basis: 'unknown' as const },
    { ...usage, microUsd: 3, basis: 'computed' as const },
  ),
  passed: fc.constantFrom(null, null, null, null, 'max steps' as const),
  failure: fc.constantFrom(...failures),
  stop: fc.constantFrom(null, 'end_turn', 'refusal'),
  refused: fc.constantFrom([], [{ what: 'tools[].type=web_search', count: 2 }]),
});
export const ends = fuzzed(
  'a turn of Claude Code ends as it went',
  fc.record({ end, line }),
  ({ end: seen, line: text }) => {
    const told = mapClaudeCodeLine(JSON.parse(text));
    const result = told.type === 'result' ? told.result : null;
    const ended = mapClaudeCodeEnd(seen, result);
    expect(ended.raw).not.toBe('undefined');
    // What it says of itself is never better than what was seen.
    if (['done', 'needs-person'].includes(ended.unified)) {
      expect([isGood(result), result?.is_error]).toEqual([true, false]);
    }
    expect(mapUsage(seen.usage, 12).microUsd).toBe(seen.usage.basis === 'unknown' ? 12 : 3);
    expect(mapUsage(seen.usage, null)).toEqual(seen.usage);
  },
);

const printed = mutatedText(['2.1.330 (Claude Code)\n', '2.1.330-beta.1', 'WARNING: x'], ['.', '0', '-', '\n', ' ']);

export const versions = fuzzed('a version is told from other words', printed, (text) => {
  expect(claudeCodeRelease.parseVersion(text) ?? '0.0.0').toMatch(/^\d+\.\d+\.\d+\S*$/);
});
