import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { mapProgramTurnEnd } from '../../src/agent/turn-end.js';

/** What a turn comes to whose last call to the model failed. */
function failed(failure: BatonError, stop: string | null) {
  const { unified, raw } = mapProgramTurnEnd(
    {
      seen: { by: 'exit', ending: { unified: 'done', raw: 'end', summary: 'Done.' }, isSettled: false },
      words: '',
      version: null,
      usage: { inputTokens: 1, cachedInputTokens: null, outputTokens: 1, microUsd: null, basis: 'unknown' },
      passed: null,
      refused: [],
      failure,
      stop,
    },
    { program: 'tool', release: null, keyEnv: null },
  );
  return { unified, raw };
}

describe('a program whose model refuses', () => {
  const gone = new BatonError('NOT_FOUND', 'There is no such model.', { details: { resource: 'model' } });

  it('can be used by no job, where the model has never answered it', () => {
    expect(failed(gone, null)).toEqual({ unified: 'unavailable', raw: 'NOT_FOUND' });
  });

  it('has failed in this job alone where it had: it may have asked for a model that there isn’t', () => {
    expect(failed(gone, 'tool_use')).toEqual({ unified: 'failed', raw: 'NOT_FOUND' });
  });

  it('waits with every other where the model is away, whenever that comes', () => {
    const away = new BatonError('UNAVAILABLE', 'It is overloaded.', { details: {} });
    expect(failed(away, 'tool_use')).toEqual({ unified: 'unavailable', raw: 'UNAVAILABLE' });
  });

  it('waits with every other where the account is spent, however often the model had answered', () => {
    const spent = new BatonError('PERMISSION_DENIED', 'No credit.', { details: { resource: 'credit' } });
    expect(failed(spent, 'tool_use')).toEqual({ unified: 'unavailable', raw: 'PERMISSION_DENIED' });
    const denied = new BatonError('PERMISSION_DENIED', 'Not this model.', { details: { resource: 'model' } });
    expect(failed(denied, 'tool_use')).toEqual({ unified: 'failed', raw: 'PERMISSION_DENIED' });
  });
});
