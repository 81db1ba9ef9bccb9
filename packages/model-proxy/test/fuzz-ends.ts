import { fuzzed, mutatedText } from '@baton/conformance/fuzz';
import { BatonError } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { isOlder, type ProgramRelease } from '../src/agent/program-release.js';
import { closeTurn, howEnded, mapProgramTurnEnd, type ProgramTurnEnd, type SeenEnd } from '../src/agent/turn-end.js';

const release: ProgramRelease = {
  ...{ check: 'tool', name: 'Tool', package: 'tool', oldest: '2.1.330', told: 'within', env: {} },
  parseVersion: (printed) => printed,
};
const done: SeenEnd = { by: 'exit', ending: { unified: 'done', raw: 'end', summary: 'Done.' }, isSettled: false };
const seen = fc.constantFrom<SeenEnd>(
  ...[done, done, { ...done, isSettled: true }],
  ...([{ by: 'start', detail: 'no such file' }, { by: 'deadline' }, { by: 'limit' }] as const),
  { by: 'flood', detail: 'a long line' },
);
const failure = fc.constantFrom(
  ...[null, null],
  new BatonError('RATE_LIMITED', 'Wait.', { details: { retryAt: 5 } }),
  new BatonError('PROTOCOL_VIOLATION', 'No answer.', { details: { received: 'x' } }),
  new BatonError('AUTH_FAILED', 'No.', { details: { status: 401 } }),
  new BatonError('UNAVAILABLE', 'Away.', { details: {}, fix: 'Wait.' }),
);
const closed: fc.Arbitrary<ProgramTurnEnd> = fc.record({
  seen,
  failure,
  words: fc.constantFrom('', 'Done.', 'word '.repeat(2_000)),
  version: fc.constantFrom(null, null, '2.1.330', '2.1.329', '3'),
  usage: fc.constant({ inputTokens: 1, cachedInputTokens: null, outputTokens: 1, microUsd: null, basis: 'unknown' }),
  stop: fc.constantFrom(null, 'tool_use'),
  passed: fc.constantFrom(null, null, null, 'max steps'),
  refused: fc.constantFrom([], [{ what: 'tools[].type=web_search', count: 2 }]),
});
const place = fc.record({ release: fc.constantFrom(null, release), keyEnv: fc.constantFrom(null, 'KEY') });

export const ends = fuzzed(
  'a program is believed where nothing was seen that speaks against it',
  fc.record({
    end: closed,
    where: place,
    exitCode: fc.constantFrom(null, 0, 3),
    signal: fc.constantFrom(null, 'SIGKILL'),
  }),
  ({ end, where, ...exit }) => {
    expect(howEnded(exit)).toMatch(exit.exitCode === null ? /^signal \w+$/ : /^exit \d$/);
    const ending = mapProgramTurnEnd(end, { program: 'tool', ...where });
    const told = closeTurn(ending, end, (text) => text);
    expect(told.summary.length).toBeLessThanOrEqual(4_001);
    expect(told.refused ?? []).toEqual(end.refused);
    expect('retryAt' in told).toBe(ending.retryAt !== undefined);
    const isOld = where.release !== null && end.version === '2.1.329';
    const isBelieved =
      !isOld && end.passed === null && end.seen.by === 'exit' && (end.failure === null || end.seen.isSettled);
    expect(ending.unified === 'done').toBe(isBelieved);
  },
);

const version = mutatedText(['2.1.330', '0.160.0-alpha.1', '10.0'], ['.', '0', '9'.repeat(30), '-', 'x']);

export const versions = fuzzed('a version is older than another, or is not', version, (text) => {
  expect(isOlder(text, null)).toBe(false);
  expect(isOlder(text, '2.1.330')).toBeTypeOf('boolean');
  expect(isOlder('2.1.330', '2.1.330')).toBe(false);
  expect([isOlder('2.1.329', '2.1.330'), isOlder('2.2', '2.1.330'), isOlder('2', '2.1.330')]).toEqual([
    true,
    false,
    true,
  ]);
});
