import { BatonError } from '@baton/core';

/** Whose address it is, and what goes there. */
export interface BaseUrlOptions {
  /** `id` of the adapter, for the error. */
  readonly adapter: string;
  /** What is sent along with each request: `key`, `token`. Null: nothing that anybody may not read. */
  readonly secret: string | null;
  /** Which variable the address may have come from, for the error. Default: none. */
  readonly environmentVariable?: string;
}

/**
 * The address of the setting `baseUrl`, where requests may be sent to it. Throws `CONFIG_INVALID` where it isn't one
 * of http or https, holds credentials, a query or a fragment, or would carry a secret over a network in the clear.
 */
export function checkBaseUrl(text: string, { adapter, secret, environmentVariable }: BaseUrlOptions): URL {
  const url = URL.parse(text);
  const flaw = url === null ? 'is no address' : findFlaw(url, secret);
  if (url !== null && flaw === null) return url;
  throw new BatonError('CONFIG_INVALID', `The setting baseUrl of ${adapter} ${flaw}.`, {
    details: { setting: 'baseUrl', ...(environmentVariable === undefined ? {} : { environmentVariable }) },
    adapter,
    fix: 'Set baseUrl to an address that begins with https:// and holds no password and no query. http:// is for this machine alone.',
  });
}

/** Whether the host of an address is this machine itself, so that what goes there crosses no network. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}

function findFlaw(url: URL, secret: string | null): string | null {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'is no address of http or https';
  if (url.username !== '' || url.password !== '') return 'holds a user name or password';
  if (url.search !== '' || url.hash !== '') return 'holds a query or a fragment';
  if (url.protocol === 'http:' && secret !== null && !isLoopback(url.hostname)) {
    return `begins with http://, and the ${secret} could be read on the way`;
  }
  return null;
}
