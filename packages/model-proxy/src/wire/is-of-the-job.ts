import { BatonError } from '@baton/core';

/** What is said of a key or a model, and was not so a moment ago: of what was asked for, which the agent may choose. */
const ofWhatWasAsked: ReadonlySet<string> = new Set(['AUTH_FAILED', 'PERMISSION_DENIED', 'NOT_FOUND']);

/**
 * Whether the last failure of a turn is its job's own and tells nothing of the provider, which other jobs would wait
 * for: a wrong request; or a refusal after the model had answered in the same turn (`stop`, as `ModelTurn` has it), since
 * a program inside can ask for a model that there isn't. A spent account can be that of all jobs at any time.
 */
export function isOfTheJob(failure: BatonError, stop: string | null): boolean {
  if (BatonError.is(failure, 'PROTOCOL_VIOLATION')) return true;
  if (BatonError.is(failure, 'PERMISSION_DENIED') && failure.details.resource === 'credit') return false;
  return stop !== null && ofWhatWasAsked.has(failure.code);
}
