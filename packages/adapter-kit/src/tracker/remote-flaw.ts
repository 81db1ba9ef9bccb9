/**
 * What keeps a text from being given to git as the address of a remote: it would be taken for an option or for a
 * helper that runs commands (https://git-scm.com/docs/gitremote-helpers), or holds a secret, which belongs into no
 * configuration. A clause such as `must not begin with a dash`; null where nothing does.
 */
export function findRemoteFlaw(remote: string): string | null {
  if (remote.startsWith('-')) return 'must not begin with a dash: git would take it for an option';
  if (/\p{Cc}/u.test(remote)) return 'must not hold control characters';
  if (/^[a-z][a-z0-9+.-]*::/i.test(remote)) return 'must not name a remote helper, such as ext::';
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/]*)/i.exec(remote)?.[1] ?? '';
  const isWeb = /^https?:/i.test(remote);
  return /:[^@]*@/.test(authority) || (isWeb && authority.includes('@'))
    ? 'must not hold a user name or password'
    : null;
}
