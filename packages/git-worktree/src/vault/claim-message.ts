import type { RefClaim } from '@baton/core';

/** What the commit of a claim says. `nonce`: no other daemon makes the same commit. */
export function writeClaim({ owner, until }: RefClaim, nonce: string): string {
  // An owner is a name on one line, and is found again as the same only where nothing of it is changed.
  const line = owner.replaceAll(/[\n\r\u2028\u2029]+/g, ' ');
  return `${nonce}\n\nBaton-Owner: ${line}\nBaton-Until: ${new Date(until).toISOString()}\n`;
}

/**
 * Whoever may push can have written it. Null: it can't be read, so that it holds nobody up. The longest path and the
 * longest name of a host are within what is read.
 */
export function readClaim(message: string): RefClaim | null {
  const owner = /^Baton-Owner: (.{1,5000})$/m.exec(message)?.[1];
  const until = Date.parse(/^Baton-Until: (\S{1,40})$/m.exec(message)?.[1] ?? '');
  return owner === undefined || Number.isNaN(until) ? null : { owner, until };
}
