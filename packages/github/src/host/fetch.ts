import { BatonError, type Clock } from '@baton/core';
import { adapterId } from './map-error.js';

/** How answers are brought. */
export interface GithubFetchOptions {
  /** The one place that credentials go to. */
  readonly origin: string;
  readonly clock: Clock;
  /** For an answer to have come whole. */
  readonly timeoutMs: number;
  readonly onAnswer: (headers: Headers) => void;
}

const mostRedirects = 5;
const mostBytes = 32 * 1024 * 1024;

/**
 * What the client asks GitHub with. Redirects stay on the host (a renamed repository): one that leads
 * elsewhere is an error, so that no other host is sent credentials or believed. A caller that says
 * `redirect: 'manual'` gets the redirect itself. Answers come whole or not at all.
 */
export function createGithubFetch(options: GithubFetchOptions): typeof fetch {
  const { origin, clock, timeoutMs, onAnswer } = options;
  return async (input, init = {}) => {
    const overdue = new AbortController();
    const done = new AbortController();
    void clock.sleep(timeoutMs, { signal: done.signal }).then(
      () => overdue.abort(tooLate(timeoutMs)),
      // Nobody waits any more.
      () => undefined,
    );
    const signals = [overdue.signal, ...(init.signal ? [init.signal] : [])];
    const given = { ...init, redirect: 'manual' as const, signal: AbortSignal.any(signals) };
    try {
      let url = new URL(String(input));
      for (let redirects = 0; ; redirects += 1) {
        if (url.origin !== origin) throw strayed(url.host);
        const response = await fetch(url, given);
        onAnswer(response.headers);
        const location = response.headers.get('location');
        const isRedirect = [301, 302, 307, 308].includes(response.status) && location !== null;
        if (!isRedirect || init.redirect === 'manual') return await readWhole(response);
        await response.body?.cancel();
        if (redirects === mostRedirects) throw circular();
        url = new URL(location, url);
      }
    } catch (error) {
      const final: unknown = overdue.signal.aborted ? overdue.signal.reason : error;
      if (!init.signal?.aborted && !BatonError.is(final)) throw error;
      // By this name the client knows not to try again: neither what was aborted nor what we found ourselves.
      throw Object.assign(new Error('The request was ended.', { cause: final }), { name: 'AbortError' });
    } finally {
      done.abort();
    }
  };
}

async function readWhole(response: Response): Promise<Response> {
  const { status, headers } = response;
  if (response.body === null || status === 204 || status === 304) return new Response(null, { status, headers });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > mostBytes) throw tooLong();
    chunks.push(chunk);
  }
  // As it is now, not as it was packed on the way: what is kept is chosen by it.
  const whole = new Headers(headers);
  whole.set('content-length', String(size));
  return new Response(Buffer.concat(chunks), { status, headers: whole });
}

function tooLate(afterMs: number): BatonError<'TIMEOUT'> {
  const message = `GitHub's answer was not there after ${Math.round(afterMs / 1000)} s.`;
  return new BatonError('TIMEOUT', message, { adapter: adapterId, details: { afterMs } });
}

function strayed(host: string): BatonError<'PROTOCOL_VIOLATION'> {
  const message = `GitHub leads to another host, ${host}; Baton doesn't follow.`;
  return new BatonError('PROTOCOL_VIOLATION', message, { adapter: adapterId, details: { received: host } });
}

function circular(): BatonError<'PROTOCOL_VIOLATION'> {
  const message = `GitHub leads on more than ${mostRedirects} times.`;
  return new BatonError('PROTOCOL_VIOLATION', message, { adapter: adapterId, details: { received: 'redirects' } });
}

function tooLong(): BatonError<'PROTOCOL_VIOLATION'> {
  const message = `GitHub's answer is longer than ${mostBytes} bytes.`;
  return new BatonError('PROTOCOL_VIOLATION', message, { adapter: adapterId, details: { received: 'too long' } });
}
