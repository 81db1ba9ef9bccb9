import { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import { tellsFullContext } from '@baton/agent-kit';
import { BatonError, type Instant, type JsonValue } from '@baton/core';
import { mapFailureStatus, mapRetryAt, mayNameInstant } from '@baton/model-proxy';
import { z } from 'zod';

/** Whose error it is, and what must not stand in it. */
export interface ErrorPlace {
  readonly adapter: string;
  readonly model: string;
  /** The name of the environment variable that holds the key. */
  readonly keyEnv: string;
  readonly apiKey: string | null;
  readonly now: Instant;
}

const mostCharacters = 400;

/** What the SDK throws, as a `BatonError`. What isn't the provider's doing comes back as it is. */
export function mapError(error: unknown, place: ErrorPlace): unknown {
  const { adapter } = place;
  if (BatonError.is(error)) return error;
  if (error instanceof APIConnectionError) {
    return new BatonError('UNAVAILABLE', "The model's provider can't be reached.", {
      details: {},
      adapter,
      cause: error,
    });
  }
  if (error instanceof APIError) return mapApiError(error, place);
  if (error instanceof SyntaxError) {
    const received = error.message.slice(0, 200).toWellFormed();
    return new BatonError('PROTOCOL_VIOLATION', "The model's answer is not JSON.", {
      details: { received },
      adapter,
      cause: error,
    });
  }
  // A connection that breaks while a body is read: undici throws `TypeError: terminated`.
  if (error instanceof TypeError && error.cause instanceof Error) {
    return new BatonError('UNAVAILABLE', "The connection to the model's provider broke.", {
      details: {},
      adapter,
      cause: error,
    });
  }
  return error;
}

/** Whether the provider says that the conversation is too long for the model. */
export function isOverflow(error: unknown): boolean {
  if (!(error instanceof APIError)) return false;
  if (error.status === 413) return true;
  const type = typeOf(error);
  return error.status !== 429 && type !== 'rate_limit_error' && tellsFullContext(`${type} ${wordsOf(error)}`);
}

const word = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(null);
const told = z
  .union([z.looseObject({ type: word, code: word, message: word }), z.string().transform((message) => ({ message }))])
  .catch({ message: '' });

/**
 * A failure that was told inside an answer which had begun well, to be thrown: `mapError` reads it. Gateways tell a
 * status in place of a type; what tells neither is taken for theirs.
 */
export function createStreamError(failure: JsonValue): APIError {
  const { type = null, code = null, message } = { type: null, code: null, ...told.parse(failure) };
  const isKnown = kinds.has(type ?? '');
  const kind = isKnown ? type : (types.find(([status]) => status.test(code ?? ''))?.[1] ?? 'api_error');
  // In the shape in which the SDK looks for words.
  return new APIError(undefined, { error: { type: kind, message: message ?? '' } }, undefined, undefined);
}

const types: readonly (readonly [RegExp, string])[] = [
  [/^401$/, 'authentication_error'],
  [/^40[23]$/, 'permission_error'],
  [/^404$/, 'not_found_error'],
  [/^429$/, 'rate_limit_error'],
  [/^4\d\d$/, 'invalid_request_error'],
];

function mapApiError(error: APIError, place: ErrorPlace): BatonError {
  const { adapter, keyEnv, model } = place;
  const kind = kindOf(error);
  const status = error.status === undefined ? {} : { status: error.status };
  const words = short(hide(wordsOf(error), place.apiKey));
  const said = words === '' ? '' : ` It says: ${words}`;
  const init = { adapter, cause: undefined };
  switch (kind) {
    case 'key':
      return new BatonError('AUTH_FAILED', `The model's provider refuses the key.${said}`, {
        ...init,
        details: status,
        fix: `Put a valid key into ${keyEnv}.`,
      });
    case 'denied':
      return new BatonError('PERMISSION_DENIED', `The model's provider doesn't let this key use ${model}.${said}`, {
        ...init,
        details: { resource: model },
        fix: `Look at the plan, the credit and the permissions of the account of ${keyEnv}.`,
      });
    case 'missing':
      return new BatonError('NOT_FOUND', `The model's provider has no model ${model} here.${said}`, {
        ...init,
        details: { resource: model },
        fix: 'Set model to one that the provider has, and look at baseUrl.',
      });
    case 'busy': {
      const retryAt = findRetryAt(error, place);
      return retryAt === null
        ? new BatonError('UNAVAILABLE', `The model's provider can't answer now.${said}`, { ...init, details: status })
        : new BatonError('RATE_LIMITED', `The model's provider asks to wait.${said}`, {
            ...init,
            details: { retryAt },
          });
    }
    case 'malformed':
      return new BatonError('PROTOCOL_VIOLATION', `The model's provider doesn't take the request.${said}`, {
        ...init,
        details: { received: words },
      });
  }
}

/** Null where it names no instant. What was told inside an answer has words alone: the headers are of its good beginning. */
function findRetryAt(error: APIError, { now }: ErrorPlace): Instant | null {
  const status = error.status ?? mapFailureStatus(typeOf(error));
  if (status === null || !mayNameInstant(status)) return null;
  const header = (name: string): string | null => (error.headers instanceof Headers ? error.headers.get(name) : null);
  return mapRetryAt({ header, message: wordsOf(error) }, now);
}

type Kind = 'key' | 'denied' | 'missing' | 'busy' | 'malformed';

const kinds: ReadonlyMap<string, Kind> = new Map([
  ['authentication_error', 'key'],
  ['permission_error', 'denied'],
  ['billing_error', 'denied'],
  ['not_found_error', 'missing'],
  ['rate_limit_error', 'busy'],
  ['overloaded_error', 'busy'],
  ['api_error', 'busy'],
  ['timeout_error', 'busy'],
  ['invalid_request_error', 'malformed'],
  ['request_too_large', 'malformed'],
]);

function kindOf(error: APIError): Kind {
  const { status } = error;
  if (status === 401) return 'key';
  if (status === 402 || status === 403) return 'denied';
  if (status === 404) return 'missing';
  if (status !== undefined && (status >= 500 || [408, 409, 425, 429].includes(status))) return 'busy';
  // By its beginning: what a provider calls wrong in a request it quotes.
  if (status === 400 && /^your credit balance\b/i.test(wordsOf(error))) return 'denied';
  return kinds.get(typeOf(error)) ?? 'malformed';
}

/** The SDK calls it text whatever a server put there. */
function typeOf(error: APIError): string {
  return word.parse(error.type) ?? '';
}

/** The provider's own sentence. A page of HTML has none. */
function wordsOf(error: APIError): string {
  const words = word.parse(error.apiMessage) ?? (error.status === undefined ? '' : `HTTP ${error.status}`);
  return words.replaceAll(/\s+/g, ' ').trim();
}

function short(words: string): string {
  return words.slice(0, mostCharacters).toWellFormed();
}

function hide(words: string, apiKey: string | null): string {
  return apiKey === null || apiKey === '' ? words : words.replaceAll(apiKey, '[key]');
}
