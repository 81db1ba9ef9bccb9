import { parseJson, type ToldFailure } from '@baton/agent-kit';
import type { BatonError, Instant, JsonValue } from '@baton/core';
import { createFailureError } from '../wire/failure-error.js';
import { readFailure } from '../wire/read-failure.js';

/** An answer of the provider that is a failure, without secrets. */
export interface FailedAnswer {
  readonly status: number;
  header(name: string): string | null;
  readonly body: string;
}

const fixes = {
  key: 'Check the key and the base address of the model.',
  credit: 'Add credit to the account of the key, or raise its limit.',
  model: 'Check the name of the model, and whether the key may use it.',
  address: 'Set the base address to where the model really answers.',
} as const;

/** What a failed answer means. `now` is where waiting times count from. */
export function mapAnswerError({ status, header, body }: FailedAnswer, adapter: string, now: Instant): BatonError {
  const { value, flaw } = parseJson(body);
  return mapToldError({ status, header, body: flaw === null ? value : body }, adapter, now);
}

/** A failure that came inside an answer which had begun well, without secrets. */
export function mapStreamError(failure: JsonValue, adapter: string, now: Instant): BatonError {
  return mapToldError({ status: null, header: () => null, body: failure }, adapter, now);
}

function mapToldError(told: ToldFailure, adapter: string, now: Instant): BatonError {
  return createFailureError(readFailure(told, { now, mask: (text) => text }), { adapter, fixes });
}
