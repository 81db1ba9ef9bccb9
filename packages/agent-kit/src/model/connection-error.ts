import { BatonError, messageOf } from '@baton/core';

/** What `fetch` rejects with, or the body of its answer, as a `BatonError`. One stays what it is. */
export function mapConnectionError(error: unknown, adapter: string): BatonError {
  if (BatonError.is(error)) return error;
  return new BatonError('UNAVAILABLE', `The connection to the model failed: ${wordOf(error)}.`, {
    details: {},
    adapter,
    cause: error,
  });
}

/** The code of the deepest cause, which says most: `ECONNREFUSED`. */
function wordOf(error: unknown): string {
  let found = messageOf(error);
  for (let each = error, depth = 0; each instanceof Error && depth < 8; each = each.cause, depth += 1) {
    found = 'code' in each && typeof each.code === 'string' ? each.code : each.message || found;
  }
  return found.slice(0, 200).toWellFormed().replace(/\.$/, '');
}
