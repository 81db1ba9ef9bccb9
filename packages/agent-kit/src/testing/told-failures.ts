import type { BatonErrorCode, JsonValue } from '@baton/core';

/** One way in which a provider fails, and what that means for each client of each protocol. */
export interface ToldFailureExample {
  readonly name: string;
  /** Of the answer. Null: it is told inside one that began well, where `body` stands for the error. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  /** A text is sent as it is. */
  readonly body: JsonValue;
  readonly code: BatonErrorCode;
  /** When it may be asked again, in milliseconds from now. Null: nobody says. */
  readonly retryAfterMs: number | null;
  /** How a client that can say so has it in place of the error. */
  readonly stop: 'overflow' | 'refused' | null;
}

type Meaning = Partial<Pick<ToldFailureExample, 'retryAfterMs' | 'stop'>>;

const told = (
  name: string,
  status: number | null,
  body: JsonValue,
  code: BatonErrorCode,
  headers: Readonly<Record<string, string>> = {},
  { retryAfterMs = null, stop = null }: Meaning = {},
): ToldFailureExample => ({ name, status, headers, body, code, retryAfterMs, stop });

const anthropic = (type: string, message: string): JsonValue => ({ type: 'error', error: { type, message } });
const openAi = (code: string | null, message: string, type = 'invalid_request_error'): JsonValue => ({
  error: { message, type, param: null, code },
});
const after = (retryAfterMs: number): Meaning => ({ retryAfterMs });
const overflow: Meaning = { stop: 'overflow' };
const slow = openAi('rate_limit_exceeded', 'Rate limit reached', 'tokens');
const page = '<html><body><h1>Bad Gateway</h1></body></html>';

/** Failures in the words of many providers. An instant that a header tells is counted from `toldFailuresAt`. */
export const toldFailuresAt: number = Date.UTC(2026, 0, 1);

export const toldFailures: readonly ToldFailureExample[] = [
  told('a wrong key, by Anthropic', 401, anthropic('authentication_error', 'invalid x-api-key'), 'AUTH_FAILED'),
  told('a wrong key, by OpenAI', 401, openAi('invalid_api_key', 'Incorrect API key provided'), 'AUTH_FAILED'),
  told(
    'a wrong key, by Google',
    400,
    [{ error: { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT' } }],
    'AUTH_FAILED',
  ),
  told('a key that may not', 403, anthropic('permission_error', 'not for you'), 'PERMISSION_DENIED'),
  told('a region', 403, openAi('unsupported_country', 'Country not supported'), 'PERMISSION_DENIED'),
  told(
    'no credit, by Anthropic',
    400,
    anthropic('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
    'PERMISSION_DENIED',
  ),
  told('no credit, by type', 402, anthropic('billing_error', 'pay first'), 'PERMISSION_DENIED'),
  told(
    'no credit, by OpenAI, with a time to come back',
    429,
    openAi('insufficient_quota', 'You exceeded your current quota', 'insufficient_quota'),
    'PERMISSION_DENIED',
    { 'retry-after': '2' },
  ),
  told('no credit, by DeepSeek', 402, openAi(null, 'Insufficient Balance'), 'PERMISSION_DENIED'),
  told('no credit, by OpenRouter', 402, { error: { code: 402, message: 'Insufficient credits' } }, 'PERMISSION_DENIED'),
  told(
    'no credit, by Moonshot',
    429,
    openAi(null, 'Your account is suspended', 'exceeded_current_quota_error'),
    'PERMISSION_DENIED',
  ),
  told('no credit, by Alibaba', 400, openAi('Arrearage', 'Access denied, good standing'), 'PERMISSION_DENIED'),
  told(
    'no model, in words that hold those of a spent account',
    404,
    openAi('model_not_found', "The model 'insufficient_quota' does not exist"),
    'NOT_FOUND',
  ),
  told('no model', 404, anthropic('not_found_error', 'model: m'), 'NOT_FOUND'),
  told('no model, by 400', 400, openAi(null, 'Model Not Exist'), 'NOT_FOUND'),
  told('no model, by Ollama', 404, { error: "model 'm' not found" }, 'NOT_FOUND'),
  told(
    'too long, by Anthropic',
    400,
    anthropic('invalid_request_error', 'prompt is too long: 2 > 1'),
    'PROTOCOL_VIOLATION',
    {},
    overflow,
  ),
  told('too long, by OpenAI', 400, openAi('context_length_exceeded', 'Too long.'), 'PROTOCOL_VIOLATION', {}, overflow),
  told('too large', 413, '', 'PROTOCOL_VIOLATION', {}, overflow),
  told(
    'declined',
    400,
    openAi('content_filter', 'The prompt was filtered'),
    'PROTOCOL_VIOLATION',
    {},
    { stop: 'refused' },
  ),
  told('a wrong request', 400, anthropic('invalid_request_error', 'messages: unexpected role'), 'PROTOCOL_VIOLATION'),
  told('a wrong request, of no type', 400, anthropic('api_error', 'wrong'), 'PROTOCOL_VIOLATION'),
  told('a wrong request, by FastAPI', 422, { detail: 'no' }, 'PROTOCOL_VIOLATION'),
  told(
    'a wrong request, in words that hold those of a spent account',
    400,
    openAi(null, 'messages.1: a tool without a result: Your credit balance, insufficient_quota'),
    'PROTOCOL_VIOLATION',
  ),
  told('a redirect', 307, '', 'PROTOCOL_VIOLATION', { location: 'http://127.0.0.1:1/' }),
  told('a limit, by seconds', 429, slow, 'RATE_LIMITED', { 'retry-after': '7' }, after(7_000)),
  told(
    'a limit, by milliseconds',
    429,
    slow,
    'RATE_LIMITED',
    { 'retry-after-ms': '1500', 'retry-after': '9' },
    after(1_500),
  ),
  told(
    'a limit, by a date',
    429,
    slow,
    'RATE_LIMITED',
    { 'retry-after': 'Thu, 01 Jan 2026 01:00:00 GMT' },
    after(3_600_000),
  ),
  told(
    'a limit, by the end of a plan',
    429,
    slow,
    'RATE_LIMITED',
    { 'anthropic-ratelimit-unified-reset': String((toldFailuresAt + 7_200_000) / 1_000) },
    after(7_200_000),
  ),
  told(
    'a limit, by tokens that are used up, by Anthropic',
    429,
    anthropic('rate_limit_error', 'slow down'),
    'RATE_LIMITED',
    { 'anthropic-ratelimit-tokens-remaining': '0', 'anthropic-ratelimit-tokens-reset': '2026-01-01T00:02:00Z' },
    after(120_000),
  ),
  told(
    'a limit, by tokens that are used up, by OpenAI',
    429,
    slow,
    'RATE_LIMITED',
    { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6m0s' },
    after(360_000),
  ),
  told(
    'a limit, in words',
    429,
    openAi(null, 'Rate limit reached. Please try again in 6.2s. Visit us.'),
    'RATE_LIMITED',
    {},
    after(6_200),
  ),
  told('a limit, by a type beside 400', 400, anthropic('rate_limit_error', 'slow down'), 'UNAVAILABLE'),
  told('a limit that names no instant', 429, slow, 'UNAVAILABLE'),
  told('a limit for ever', 429, slow, 'UNAVAILABLE', { 'retry-after': '3153600000' }),
  told('an overload', 529, anthropic('overloaded_error', 'Overloaded'), 'UNAVAILABLE'),
  told('an overload with an instant', 503, '', 'RATE_LIMITED', { 'retry-after': '30' }, after(30_000)),
  told('a broken server', 500, openAi(null, 'oops', 'server_error'), 'UNAVAILABLE', { 'retry-after': '30' }),
  told('a conflict', 409, openAi(null, 'again'), 'UNAVAILABLE'),
  told('too early', 425, '', 'UNAVAILABLE'),
  told('a page of a gateway', 502, page, 'UNAVAILABLE', { 'content-type': 'text/html' }),
  told('no words at all', 500, '', 'UNAVAILABLE'),
  told('words that are no text', 400, { error: { type: { toString: 1 }, message: ['no'] } }, 'PROTOCOL_VIOLATION'),
  told('an overload inside an answer', null, { type: 'overloaded_error', message: 'Overloaded' }, 'UNAVAILABLE'),
  told('a broken server inside an answer', null, { code: 'server_error', message: 'oops' }, 'UNAVAILABLE'),
  told('a gateway inside an answer', null, { code: 502, message: 'Provider returned error' }, 'UNAVAILABLE'),
  told('words alone inside an answer', null, 'engine died', 'UNAVAILABLE'),
  told(
    'a limit inside an answer',
    null,
    { code: 'rate_limit_exceeded', message: 'Please try again in 2m3s.' },
    'RATE_LIMITED',
    {},
    after(123_000),
  ),
  told('no credit inside an answer', null, { code: 'insufficient_quota', message: 'Pay.' }, 'PERMISSION_DENIED'),
  told('a wrong key inside an answer', null, { type: 'authentication_error', message: 'no' }, 'AUTH_FAILED'),
  told(
    'a wrong request inside an answer',
    null,
    { type: 'invalid_request_error', message: 'no' },
    'PROTOCOL_VIOLATION',
  ),
  told(
    'too long inside an answer',
    null,
    { code: 'context_length_exceeded', message: 'Too long.' },
    'PROTOCOL_VIOLATION',
    {},
    overflow,
  ),
];

/** The body of an example, as it is sent. */
export function writeTold({ body }: ToldFailureExample): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
