import { describe, expect, it } from 'vitest';
import { mapAcpTurnEnd } from '../src/turn-end.js';

describe('an agent that asks to be logged in', () => {
  const ended = (stop: string | null) =>
    mapAcpTurnEnd({
      end: { by: 'error', failure: { kind: 'login', message: 'Authentication required' } },
      closingWords: '',
      usage: { inputTokens: 1, cachedInputTokens: null, outputTokens: 1, microUsd: null, basis: 'unknown' },
      model: { passed: null, failure: null, stop, refused: [] },
      greeting: null,
      session: null,
      question: null,
      stderr: '',
    }).seen;

  it('can not be used by any job, where no model has answered it', () => {
    expect(ended(null)).toMatchObject({ ending: { unified: 'unavailable', raw: 'auth_required' } });
  });

  it('has failed in this job alone where one has: other jobs may not be kept waiting by its word', () => {
    expect(ended('end_turn')).toMatchObject({ ending: { unified: 'failed', raw: 'auth_required' } });
  });
});
