import { createConfinedFetch, createSentSecrets, type FetchFlaw, type Gateway, readQuota } from '@baton/adapter-kit';
import type { Runtime } from '@baton/core';
import { BatonError } from '@baton/core';
import { createAnswerCache, type KnownAnswer } from './answer-cache.js';
import { adapterId, mapRefusal, noAccess, quote, retryAtOf, unavailable } from './map-error.js';

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
  readonly response: Pick<Response, 'status' | 'ok' | 'headers'>;
  readonly text: string;
  /** Where it came from in the end. */
  readonly url: URL;
}

const longestJson = 32 * 1024 * 1024;
const longestText = 256 * 1024;

export function createHttpClient({ baseUrl, gateway, runtime, timeoutMs = 30_000 }: HttpClientParts): HttpClient {
  const { clock } = runtime;
  const { origin } = new URL(baseUrl);
  const cache = createAnswerCache();

  const send = createConfinedFetch({
    origin,
    clock,
    timeoutMs,
    refuse,
    onAnswer: (answer) => noteQuota(gateway, answer, clock.now()),
  });

  const exchange = async (request: HttpRequest, scope: CallScope): Promise<Exchanged> => {
    const { method, headers, body } = request;
    /** What the last address was asked by: it may be forgotten by the time that the answer is there. */
    const asked: { known: KnownAnswer | null } = { known: null };
    const { response, bytes, url } = await send(
      {
        what: nameOf(request),
        ...{ method, body, url: request.url },
        headers: (at) => {
          asked.known = method === 'GET' ? cache.get(at) : null;
          return { ...headers, ...(asked.known === null ? {} : { 'if-none-match': asked.known.etag }) };
        },
        follow: 'reads',
        bounds: (answer) =>
          answer.ok && isPlain(answer.headers)
            ? { limit: longestText, keep: 'end' }
            : { limit: longestJson, keep: 'all' },
      },
      scope.signal ? { signal: scope.signal } : {},
    );
    if (response.status !== 304) return { response, text: bytes.toString('utf8'), url };
    return asked.known === null ? fail(request, 'a 304 to a request without a condition') : { ...asked.known, url };
  };
  const attempt = async (request: HttpRequest, scope: CallScope): Promise<HttpReply> => {
    try {
      const { response, text, url } = await exchange(request, scope);
      const reply = toReply(request, response, text, clock.now());
      // Only what could be read: the rest would come back with every 304.
      if (request.method === 'GET') cache.remember(url, { response, text, body: reply.body });
      return reply;
    } catch (error) {
      scope.signal?.throwIfAborted();
      if (BatonError.is(error)) throw error;
      throw unavailable(`${new URL(baseUrl).host} can't be reached for ${nameOf(request)}: ${reasonOf(error)}.`, error);
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

function toReply(request: HttpRequest, response: Exchanged['response'], text: string, now: number): HttpReply {
  const { status } = response;
  if (!response.ok) {
    const mask = maskOf(request);
    throw mapRefusal({ status, headers: response.headers, body: text, request: nameOf(request), now, mask });
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

function noteQuota(gateway: Gateway, { status, headers }: Pick<Response, 'status' | 'headers'>, now: number): void {
  if (status === 429) gateway.hold(retryAtOf(headers, now));
  const quota = readQuota(headers, 'ratelimit-');
  if (quota !== null) gateway.note('api', quota);
}

function isPlain(headers: Headers): boolean {
  return /^text\/plain/.test(headers.get('content-type') ?? '');
}

function refuse(flaw: FetchFlaw, what: string): BatonError {
  switch (flaw.kind) {
    case 'too-late': {
      const message = `GitLab took more than ${flaw.afterMs} ms for ${what}.`;
      return new BatonError('TIMEOUT', message, { adapter: adapterId, details: { afterMs: flaw.afterMs } });
    }
    case 'strayed':
      return noAccess(`GitLab redirects ${what} to the host ${flaw.host}, which isn't followed.`, what);
    case 'led-on':
      return noAccess(`GitLab redirects ${what} to another address, which isn't followed.`, what);
    case 'too-long':
      return unavailable(`GitLab sent more than ${flaw.limit} bytes to ${what}.`);
  }
}

/** Some hosts quote in an error what they were sent. */
function maskOf({ headers }: HttpRequest): (text: string) => string {
  const token = headers['authorization']?.replace(/^Bearer /, '') ?? '';
  return createSentSecrets({ token }).mask;
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
