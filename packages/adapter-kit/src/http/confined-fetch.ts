import type { CallOptions, Clock } from '@baton/core';
import { startDeadline } from '../async/deadline.js';
import { type BodyBounds, readBounded } from './read-bounded.js';

/** Why an answer is none. */
export type FetchFlaw =
  /** It leads to another host, or another scheme or port of this one. */
  | { readonly kind: 'strayed'; readonly host: string }
  /** It leads on where it is not followed: too often, or a write, or to what is no address. */
  | { readonly kind: 'led-on' }
  | { readonly kind: 'too-long'; readonly limit: number }
  | { readonly kind: 'too-late'; readonly afterMs: number };

/** Where requests may go, and what is made of their answers. */
export interface ConfinedFetchOptions {
  /** The one place that requests are sent to, and with them credentials. */
  readonly origin: string;
  readonly clock: Clock;
  /** In which an answer has to have come whole, redirects included. */
  readonly timeoutMs: number;
  /** The error that a flaw becomes. `what` is the request's. */
  readonly refuse: (flaw: FetchFlaw, what: string) => Error;
  /** Told of each answer, redirects included, before its body is read. */
  readonly onAnswer: (answer: Pick<Response, 'status' | 'headers'>) => void;
}

/** One request. */
export interface ConfinedRequest {
  /** Names it in errors. */
  readonly what: string;
  readonly method: string;
  readonly url: URL;
  /** Asked anew for each address that it is led to. */
  readonly headers: (url: URL) => NonNullable<RequestInit['headers']>;
  readonly body?: RequestInit['body'] | undefined;
  /** Which redirects are followed, with the same method and body. `none`: the redirect itself is the answer. */
  readonly follow: 'all' | 'reads' | 'none';
  /** Default: whole, up to 32 MiB. */
  readonly bounds?: (answer: Response) => BodyBounds;
}

/** An answer that came whole. */
export interface ConfinedAnswer {
  /** Where it came from in the end. */
  readonly url: URL;
  readonly response: Pick<Response, 'status' | 'ok' | 'headers'>;
  readonly bytes: Buffer;
}

/** Sends a request. Rejects with what `refuse` made, with the reason of an abort, or with what `fetch` throws. */
export type ConfinedFetch = (request: ConfinedRequest, options?: CallOptions) => Promise<ConfinedAnswer>;

const mostRedirects = 5;
const mostBytes = 32 * 1024 * 1024;

/**
 * A `fetch` that stays at one origin: a redirect that leads elsewhere is an error, so that no other host is sent
 * credentials or believed. Answers come whole, within a bound and in time, or not at all. Does no input or output yet.
 */
export function createConfinedFetch(options: ConfinedFetchOptions): ConfinedFetch {
  const { origin, clock, timeoutMs, refuse, onAnswer } = options;

  const exchange = async (request: ConfinedRequest, signal: AbortSignal): Promise<ConfinedAnswer> => {
    const { what, method, headers, body = null, follow, bounds } = request;
    let { url } = request;
    for (let redirects = 0; ; redirects += 1) {
      if (url.origin !== origin) throw refuse({ kind: 'strayed', host: url.host }, what);
      const response = await fetch(url, { method, headers: headers(url), body, redirect: 'manual', signal });
      onAnswer(response);
      const location = readLocation(response);
      if (location === null || follow === 'none') {
        const bound = bounds?.(response) ?? { limit: mostBytes, keep: 'all' };
        const bytes = await readBounded(response, bound);
        if (bytes === null) throw refuse({ kind: 'too-long', limit: bound.limit }, what);
        return { url, response, bytes };
      }
      await response.body?.cancel();
      const next = URL.parse(location, url.href);
      if (next !== null && next.origin !== origin) throw refuse({ kind: 'strayed', host: next.host }, what);
      const mayFollow = follow === 'all' || method === 'GET';
      if (next === null || !mayFollow || redirects === mostRedirects) throw refuse({ kind: 'led-on' }, what);
      url = next;
    }
  };
  return async (request, callOptions) => {
    using deadline = startDeadline(clock, timeoutMs, {
      reason: () => refuse({ kind: 'too-late', afterMs: timeoutMs }, request.what),
      signal: callOptions?.signal,
    });
    try {
      return await exchange(request, deadline.signal);
    } catch (error) {
      deadline.signal.throwIfAborted();
      throw error;
    }
  };
}

function readLocation({ status, headers }: Response): string | null {
  return [301, 302, 303, 307, 308].includes(status) ? headers.get('location') : null;
}
