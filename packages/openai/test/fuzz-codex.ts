import { fuzzed, mutatedJson, mutatedText } from '@baton/conformance/fuzz';
import { BatonError, type JsonValue } from '@baton/core';
import type { AgentTurnEnd } from '@baton/model-proxy';
import fc from 'fast-check';
import { expect } from 'vitest';
import { isClosing, mapCodexLine } from '../src/codex/line.js';
import { isSettled, mapCodexEnd } from '../src/codex/turn-end.js';
import { codexRelease } from '../src/codex/version.js';

const item = (type: string, fields: Readonly<Record<string, JsonValue>>) => ({
  type,
  item: { id: 'item_1', ...fields },
});
const line = mutatedJson([
  { type: 'thread.started', thread_id: '01a2062a-8674-74d2-b07b-d0cf41095bb1' },
  { type: 'turn.started' },
  item('item.completed', { type: 'reasoning', text: '**Looking**' }),
  item('item.completed', { type: 'agent_message', text: 'I looked.\n\nQUESTION FOR A PERSON: Which of the two?' }),
  item('item.started', { type: 'command_execution', command: 'ls', status: 'in_progress' }),
  item('item.completed', { type: 'command_execution', command: 'ls', aggregated_output: 'a\n', exit_code: 0 }),
  item('item.started', { type: 'file_change', changes: [{ path: 'a', kind: 'add' }], status: 'in_progress' }),
  item('item.completed', { type: 'file_change', changes: [{ path: 'a', kind: 'add' }], status: 'completed' }),
  item('item.completed', { type: 'error', message: 'stream error: retrying 1/5' }),
  item('item.updated', { type: 'todo_list', items: [{ text: 'long '.repeat(600), completed: false }] }),
  { type: 'error', message: 'Reconnecting... 1/5' },
  { type: 'turn.failed', error: { message: 'stream disconnected before completion' } },
  { type: 'turn.completed', usage: { input_tokens: 5, output_tokens: 5 } },
]);

export const lines = fuzzed('a line of Codex is known, or shown clipped', line, (text) => {
  const value: JsonValue = JSON.parse(text);
  const mapped = mapCodexLine(value);
  expect(JSON.parse(JSON.stringify(mapped))).toEqual(mapped);
  expect(isClosing(value)).toBe(mapped.type === 'closed');
  if (mapped.type === 'thread') expect(mapped.thread).toMatch(/^[\da-f-]{36}$/i);
  if (mapped.type === 'words') expect(mapped.text).not.toBe('');
  if (mapped.type === 'other') expect(JSON.stringify(mapped.value).length).toBeLessThan(13_000);
});

const failures = [
  null,
  null,
  null,
  new BatonError('RATE_LIMITED', 'Wait.', { details: { retryAt: 5 } }),
  new BatonError('PROTOCOL_VIOLATION', 'No answer.', { details: { received: 'x' } }),
  new BatonError('AUTH_FAILED', 'No.', { details: { status: 401 } }),
  new BatonError('UNAVAILABLE', 'Away.', { details: {}, fix: 'Wait.' }),
];
const end: fc.Arbitrary<AgentTurnEnd> = fc.record({
  by: fc.constantFrom('exit', 'exit', 'exit', 'exit', 'deadline', 'limit', 'flood', 'start'),
  exitCode: fc.option(fc.constantFrom(0, 0, 1)),
  signal: fc.constantFrom(null, 'SIGSEGV'),
  detail: fc.constantFrom('', 'thread panicked'),
  usage: fc.constant({ inputTokens: 1, cachedInputTokens: null, outputTokens: 1, microUsd: null, basis: 'unknown' }),
  passed: fc.constantFrom(null, null, null, null, 'max steps'),
  failure: fc.constantFrom(...failures),
  stop: fc.constantFrom(null, 'stop', 'stop', 'content_filter'),
  refused: fc.constantFrom([], [{ what: 'tools[].type=web_search', count: 2 }]),
});
const told = fc.array(line, { maxLength: 4 }).map((texts) => texts.map((text) => mapCodexLine(JSON.parse(text))));

export const ends = fuzzed(
  'a turn of Codex ends as it went',
  fc.record({ end, told }),
  ({ end: seen, told: heard }) => {
    const closed = heard.findLast((each) => each.type === 'closed') ?? null;
    const error = heard.findLast((each) => each.type === 'error')?.message ?? null;
    const words = heard.findLast((each) => each.type === 'words')?.text ?? '';
    const ended = mapCodexEnd(seen, { closed, error, words });
    // What it says of itself is never better than what was seen.
    if (['done', 'needs-person'].includes(ended.unified)) {
      expect(closed?.error).toBe(null);
      expect(isSettled(seen, { closed, error, words })).toBe(true);
      expect(seen.exitCode ?? 0).toBe(0);
    }
  },
);

const printed = mutatedText(
  ['codex-cli 0.169.0\n', 'codex-cli 0.160.0-alpha.1', 'WARNING: x\ncodex 0.9.12', '1.0.0'],
  ['.', '0', '9'.repeat(30), '-', '\n', ' '],
);

export const versions = fuzzed('a version is told from other words', printed, (text) => {
  const version = codexRelease.parseVersion(text);
  if (version !== null) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
