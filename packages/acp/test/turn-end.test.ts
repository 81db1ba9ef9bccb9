import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { mapAcpTurnEnd } from '../src/turn-end.js';

const ended = (stop: string | null, failure: BatonError | null = null) =>
  mapAcpTurnEnd(
    {
      end: { by: 'error', failure: { kind: 'login', message: 'Authentication required' } },
      closingWords: '',
      usage: { inputTokens: 1, cachedInputTokens: null, outputTokens: 1, microUsd: null, basis: 'unknown' },
      model: { passed: null, failure, stop, refused: [] },
      greeting: null,
      session: null,
      question: null,
      stderr: '',
    },
    (text) => text,
  ).outcome;

describe('an agent whose model refuses', () => {
  const gone = new BatonError('NOT_FOUND', 'There is no such model.', { details: { resource: 'model' } });

  it('can be used by no job, where the model has never answered it', () => {
    expect(ended(null, gone)).toEqual({ unified: 'unavailable', raw: 'NOT_FOUND' });
  });

  it('has failed in this job alone where it had: it may have asked for a model that there isn’t', () => {
    expect(ended('tool_use', gone)).toEqual({ unified: 'failed', raw: 'NOT_FOUND' });
  });

  it('waits with every other where the model is away, whenever that comes', () => {
    const away = new BatonError('UNAVAILABLE', 'It is overloaded.', { details: {} });
    expect(ended('tool_use', away)).toEqual({ unified: 'unavailable', raw: 'UNAVAILABLE' });
  });
});

describe('an agent that asks to be logged in', () => {
  it('can not be used by any job, where no model has answered it', () => {
    expect(ended(null)).toEqual({ unified: 'unavailable', raw: 'auth_required' });
  });

  it('has failed in this job alone where one has: other jobs may not be kept waiting by its word', () => {
    expect(ended('end_turn')).toEqual({ unified: 'failed', raw: 'auth_required' });
  });
});
