/** What the SDKs of vendors say of themselves and of a request. */
const known = /^(?:accept|content-type|user-agent|anthropic-version|x-stainless-[a-z-]+)$/;

/**
 * The headers of a request that an SDK makes, without those that it read from the environment by itself, such as
 * `ANTHROPIC_CUSTOM_HEADERS`: they were meant for another server, or hold a key that nobody masks. `key` is sent in
 * `Authorization`, whatever the SDK has there. Null: none is.
 */
export function ownHeaders(headers: ConstructorParameters<typeof Headers>[0], key: string | null): Headers {
  const own = new Headers(headers);
  for (const name of [...own.keys()]) if (!known.test(name)) own.delete(name);
  if (key !== null) own.set('authorization', `Bearer ${key}`);
  return own;
}
