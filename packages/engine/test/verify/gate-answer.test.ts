import type { GateResult } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { checkAnswer } from '../../src/verify/gate-answer.js';

const gate = { id: 'acme' };

describe('what a gate answers', () => {
  it.each<[GateResult]>([
    [{ verdict: 'pass', checks: [] }],
    [{ verdict: 'rework', checks: [], feedback: 'do it again' }],
    [{ verdict: 'hold', checks: [], reason: 'who knows' }],
    [{ verdict: 'stop', checks: [], outcome: 'refused', reason: 'never' }],
    [{ verdict: 'not-run', checks: [], reason: 'no time' }],
  ])('counts as it stands: $verdict', (answer) => {
    expect(checkAnswer(gate, answer)).toBe(answer);
  });

  it.each<[unknown, string]>([
    [undefined, 'it is no object'],
    ['pass', 'it is no object'],
    [{ checks: [] }, 'its verdict is none of pass, rework'],
    [{ verdict: 'fail', reason: 'No!', checks: [] }, 'its verdict is none of pass, rework'],
    [{ verdict: 'toString', checks: [] }, 'its verdict is none of pass, rework'],
    [{ verdict: 'pass' }, 'it has no list of checks'],
    [{ verdict: 'hold', checks: [] }, 'its verdict is hold, and it has no reason'],
    [{ verdict: 'rework', checks: [], feedback: '' }, 'its verdict is rework, and it has no feedback'],
    [{ verdict: 'stop', checks: [], outcome: 'blocked', reason: 'never' }, 'its outcome is none of merged, closed'],
    [{ verdict: 'stop', checks: [], reason: 'never' }, 'its verdict is stop, and it has no outcome'],
  ])('lets nothing pass where it is none: %j', (answer, flaw) => {
    // As a package without types gives it.
    const judged = checkAnswer(gate, answer as GateResult);
    expect(judged).toMatchObject({ verdict: 'hold', checks: [] });
    expect(judged.verdict === 'hold' && judged.reason).toContain(`The gate acme gave an answer that is none: ${flaw}`);
  });
});
