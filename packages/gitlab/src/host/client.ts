import type { Gateway } from '@baton/adapter-kit';
import type { Runtime } from '@baton/core';
import { BatonError } from '@baton/core';
import { createAnswerCache } from './answer-cache.js';
import { adapterId, mapRefusal, noAccess, quote, retryAtOf, unavailable } from './map-error.js';
import { readBody } from './read-body.js';

/** On whose behalf a request goes out. */
export interface CallScope {
  readonly signal?: AbortSignal;
  /** `poll`: it can be put off where the quota is short. */
  readonly priority: 'job' | 'poll';
}

/** A request to the host of GitLab. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back, parsed. A 304 never shows here: it is the answer that came before. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or the end of a text. */
  readonly body: unknown;
}

/** How a client is made. */
export interface HttpClientParts {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly gateway: Gateway;
  readonly runtime: Pick<Runtime, 'clock'>;
  /** Default 30 seconds. */
  readonly timeoutMs?: number;
}

/** Requests that go to this host and no other. Rejects with a `BatonError`, or the reason of an abort. */
export type HttpClient = (request: HttpRequest, scope: CallScope) => Promise<HttpReply>;

interface Exchanged {
  readonly response: Response;
  readonly text: string;
  /** Where it came from in the end. */
  readonly url: URL;
}

const mostRedirects = 3;
const longestJson = 32 * 1024 * 1024;
const longestText = 256 * 1024;

export function createHttpClient({ baseUrl, gateway, runtime, timeoutMs = 30_000 }: HttpClientParts): HttpClient {
  const { clock } = runtime;
  const { origin } = new URL(baseUrl);
  const cache = createAnswerCache();

  const exchange = async (request: HttpRequest, signal: AbortSignal): Promise<Exchanged> => {
    let { url } = request;
    for (let hops = 0; ; hops += 1) {
      const { method, headers, body } = request;
      const known = method === 'GET' ? cache.get(url) : null;
      const response = await fetch(url, {
        method,
        headers: { ...headers, ...(known === null ? {} : { 'if-none-match': known.etag }) },
        redirect: 'manual',
        signal,
        ...(body === undefined ? {} : { body }),
      });
      noteQuota(gateway, response, clock.now());
      const location = response.headers.get('location');
      if (response.status < 301 || response.status > 308 || response.status === 304 || location === null) {
        const isText = response.ok && /^text\/plain/.test(response.headers.get('content-type') ?? '');
        const bounds = isText
          ? ({ limit: longestText, keep: 'end' } as const)
          : ({ limit: longestJson, keep: 'all' } as const);
        const text = await readBody(response, bounds);
        if (response.status !== 304) return { response, text, url };
        return known === null ? fail(request, 'a 304 to a request without a condition') : { ...known, url };
      }
      await response.body?.cancel();
      const next = URL.parse(location, url.href);
      // The token goes with every request: it must not follow to wherever an answer points.
      if (next === null || next.origin !== origin || method !== 'GET' || hops >= mostRedirects) {
        const where = next === null || next.origin === origin ? 'to another address' : `to the host ${next.host}`;
        throw noAccess(`GitLab redirects ${nameOf(request)} ${where}, which isn't followed.`, nameOf(request));
      }
      url = next;
    }
  };
  const attempt = async (request: HttpRequest, scope: CallScope): Promise<HttpReply> => {
    const [late, done] = [new AbortController(), new AbortController()];
    clock.sleep(timeoutMs, { signal: done.signal }).then(
      () =>
        late.abort(
          new BatonError('TIMEOUT', `GitLab took more than ${timeoutMs} ms for ${nameOf(request)}.`, {
            adapter: adapterId,
            details: { afterMs: timeoutMs },
          }),
        ),
      () => undefined,
    );
    const signal = AbortSignal.any([late.signal, ...(scope.signal ? [scope.signal] : [])]);
    try {
      const { response, text, url } = await exchange(request, signal);
      const reply = toReply(request, response, text, clock.now());
      // Only what could be read: the rest would come back with every 304.
      if (request.method === 'GET') cache.remember(url, { response, text, body: reply.body });
      return reply;
    } catch (error) {
      signal.throwIfAborted();
      if (BatonError.is(error)) throw error;
      throw unavailable(`${new URL(baseUrl).host} can't be reached for ${nameOf(request)}: ${reasonOf(error)}.`, error);
    } finally {
      done.abort();
    }
  };
  return async (request, scope) => {
    const kind = request.method === 'GET' || request.url.pathname.endsWith('/api/graphql') ? 'read' : 'write';
    const run = (): Promise<HttpReply> =>
      gateway.run(
        { priority: scope.priority, kind, resource: 'api' },
        () => attempt(request, scope),
        scope.signal ? { signal: scope.signal } : {},
      );
    try {
      return await run();
    } catch (error) {
      scope.signal?.throwIfAborted();
      // A connection that was kept open may be closed just as it is used.
      if (kind === 'read' && BatonError.is(error, 'UNAVAILABLE') && error.cause !== undefined) return run();
      throw error;
    }
  };
}

function toReply(request: HttpRequest, response: Response, text: string, now: number): HttpReply {
  const { status } = response;
  if (!response.ok) {
    const body = withoutToken(text, request);
    throw mapRefusal({ status, headers: response.headers, body, request: nameOf(request), now });
  }
  const headers = Object.fromEntries(response.headers.entries());
  const type = response.headers.get('content-type') ?? '';
  if (status === 204 || (request.method === 'DELETE' && text === '')) return { status, headers, body: null };
  // What a job printed. Nothing else that is asked for is text.
  if (/^text\/plain/.test(type) && request.url.pathname.endsWith('/trace')) return { status, headers, body: text };
  if (!/^application\/json/.test(type))
    return fail(request, `${type === '' ? 'no' : quote(type)} content instead of JSON`);
  try {
    return { status, headers, body: JSON.parse(text) };
  } catch {
    return fail(request, text === '' ? 'an empty answer' : 'JSON that ends in its middle');
  }
}

function noteQuota(gateway: Gateway, { status, headers }: Response, now: number): void {
  if (status === 429) gateway.hold(retryAtOf(headers, now));
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((each) => headers.get(`ratelimit-${each}`));
  const all = [limit, remaining, reset].map((each) => (/^\d{1,12}$/.test(each ?? '') ? Number(each) : null));
  const [most, left, at] = all;
  if (most && left !== null && left !== undefined && at) {
    gateway.note('api', { limit: most, remaining: left, resetAt: at * 1000 });
  }
}

/** Some hosts quote in an error what they were sent. */
function withoutToken(text: string, { headers }: HttpRequest): string {
  const token = headers['authorization']?.replace(/^Bearer /, '') ?? '';
  return token === '' ? text : text.replaceAll(token, '[token]');
}

/** `GET /api/v4/projects/1`, without the query. */
function nameOf({ method, url }: HttpRequest): string {
  return `${method} ${url.pathname}`;
}

function fail(request: HttpRequest, what: string): never {
  throw unavailable(`GitLab sent ${what} to ${nameOf(request)}.`);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return quote(String(error));
  const { cause } = error;
  return quote(cause instanceof Error && cause.message !== '' ? cause.message : error.message);
}
