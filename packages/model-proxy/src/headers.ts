import type { IncomingHttpHeaders } from 'node:http';

/** What every protocol passes on, beside its own. Never the placeholder, cookies, or what belongs to one connection. */
const requestHeaders = ['accept', 'content-type', 'user-agent'];
/** What an agent may learn of an answer: its kind, and what its client decides by. */
const answerHeaders =
  /^(content-type|retry-after(-ms)?|x-should-retry|(x-)?request-id|anthropic-ratelimit-.*|x-ratelimit-.*)$/;

/** The headers that go to the provider. Answers are asked for uncompressed, since they are read along. */
export function mapRequestHeaders(found: IncomingHttpHeaders, own: readonly string[]): Record<string, string> {
  const mapped: Record<string, string> = { 'accept-encoding': 'identity' };
  for (const name of [...requestHeaders, ...own]) {
    const value = found[name];
    if (typeof value === 'string') mapped[name] = value;
  }
  return mapped;
}

/** The headers that go back. One that holds the key is left out. */
export function mapAnswerHeaders(found: IncomingHttpHeaders, key: string | null): Record<string, string> {
  const mapped: Record<string, string> = {};
  for (const [name, value] of Object.entries(found)) {
    if (typeof value !== 'string' || !answerHeaders.test(name)) continue;
    if (key === null || !value.includes(key)) mapped[name] = value;
  }
  return mapped;
}

/** What a client sent as its key: `x-api-key`, or a bearer's. */
export function readPresentedKey(found: IncomingHttpHeaders): string | null {
  const own = found['x-api-key'];
  if (typeof own === 'string') return own;
  return /^Bearer (.+)$/i.exec(found.authorization ?? '')?.[1] ?? null;
}
