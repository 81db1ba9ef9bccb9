import { createConfinedFetch, type FetchFlaw, type SentSecrets } from '@baton/adapter-kit';
import { BatonError, type Clock } from '@baton/core';
import { adapterId, tooLate } from './map-error.js';

/** How answers are brought. */
export interface GithubFetchOptions {
  /** The one place that credentials go to. */
  readonly origin: string;
  readonly clock: Clock;
  /** For an answer to have come whole. */
  readonly timeoutMs: number;
  readonly onAnswer: (headers: Headers) => void;
  /** Learns what requests are let in by. */
  readonly sent: SentSecrets;
}

/**
 * What the client asks GitHub with. Redirects stay on the host (a renamed repository), of writes too. A caller that says
 * `redirect: 'manual'` gets the redirect itself. Answers come whole or not at all.
 */
export function createGithubFetch({ origin, clock, timeoutMs, onAnswer, sent }: GithubFetchOptions): typeof fetch {
  const send = createConfinedFetch({
    ...{ origin, clock, timeoutMs },
    refuse: (flaw) => refuse(flaw.kind === 'strayed' ? { ...flaw, host: sent.mask(flaw.host) } : flaw),
    onAnswer: ({ headers }) => onAnswer(headers),
  });
  return async (input, init = {}) => {
    const [, scheme = '', value = ''] = /^(\S+) (.+)$/.exec(new Headers(init.headers).get('authorization') ?? '') ?? [];
    // An App signs tokens by which it asks for others.
    if (value !== '') sent.learn(scheme.toLowerCase() === 'bearer' ? 'signed token' : 'token', value);
    try {
      const { response, bytes } = await send(
        {
          what: 'a request',
          method: init.method ?? 'GET',
          url: new URL(String(input)),
          headers: () => init.headers ?? {},
          body: init.body,
          follow: init.redirect === 'manual' ? 'none' : 'all',
        },
        init.signal ? { signal: init.signal } : {},
      );
      const { status, headers } = response;
      if (status === 204 || status === 304) return new Response(null, { status, headers });
      // As it is now, not as it was packed on the way: what is kept is chosen by it.
      const whole = new Headers(headers);
      whole.set('content-length', String(bytes.length));
      return new Response(new Uint8Array(bytes), { status, headers: whole });
    } catch (error) {
      if (!init.signal?.aborted && !BatonError.is(error)) throw error;
      // By this name the client knows not to try again: neither what was aborted nor what we found ourselves.
      throw Object.assign(new Error('The request was ended.', { cause: error }), { name: 'AbortError' });
    }
  };
}

function refuse(flaw: FetchFlaw): BatonError {
  switch (flaw.kind) {
    case 'too-late':
      return tooLate(flaw.afterMs);
    case 'strayed':
      return violated(`leads to another host, ${flaw.host}; Baton doesn't follow`, flaw.host);
    case 'led-on':
      return violated('leads on again and again', 'redirects');
    case 'too-long':
      return violated(`answers with more than ${flaw.limit} bytes`, 'too long');
  }
}

function violated(how: string, received: string): BatonError<'PROTOCOL_VIOLATION'> {
  return new BatonError('PROTOCOL_VIOLATION', `GitHub ${how}.`, { adapter: adapterId, details: { received } });
}
