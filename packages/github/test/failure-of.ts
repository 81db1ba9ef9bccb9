import { BatonError } from '@baton/core';
import { expect } from 'vitest';

/** The error of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<BatonError> {
  const error: unknown = await call.then(
    (value) => expect.fail(`it resolved with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  return BatonError.is(error) ? error : expect.fail(`no BatonError: ${String(error)}`);
}
