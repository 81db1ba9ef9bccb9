import { BatonError } from '@baton/core';

/** The address as it is. Throws `CONFIG_INVALID` where it can't be used, or holds a password. */
export function checkBaseUrl(text: string, adapter: string): string {
  const url = URL.parse(text);
  const isUsable =
    (url?.protocol === 'https:' || url?.protocol === 'http:') && `${url.username}${url.password}${url.search}` === '';
  if (isUsable) return text;
  throw new BatonError('CONFIG_INVALID', `The agent ${adapter} can't use its baseUrl.`, {
    details: { setting: 'baseUrl', environmentVariable: 'OPENAI_BASE_URL' },
    adapter,
    fix: 'Set baseUrl to an address that begins with https:// or http:// and holds no password and no query.',
  });
}
