import { type StopReason, tellsFullContext } from '@baton/agent-kit';
import { BatonError, type Instant, type Mapped } from '@baton/core';
import { mapFailureStatus, mapRetryAt, mayNameInstant } from '@baton/model-proxy';
import { z } from 'zod';

/** Why a model gives no answer, where that is nobody's failure: the conversation is too long, or it declines. */
export interface Unanswered {
  readonly stop: Mapped<StopReason>;
  /** Whether the request was refused before it was worked on, and so costs nothing. */
  readonly isFree: boolean;
}

/** What a failure means. */
export type Failure = { readonly type: 'error'; readonly error: BatonError } | ({ readonly type: 'stop' } & Unanswered);

/** What is known where a failure is met. */
export interface FailurePlace {
  readonly adapter: string;
  /** Taken out of what the server says: some quote the key that they refuse. */
  readonly key: string | null;
  /** Where waiting times count from. */
  readonly now: Instant;
}

const word = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(null);

/** What servers put into `error`, or into the body itself. */
const told = z.looseObject({
  message: word,
  detail: word,
  code: word,
  type: word,
  /** Google's word beside its number. */
  status: word,
  /** OpenRouter's: what the provider behind it said. */
  metadata: z
    .looseObject({
      raw: z
        .union([z.string(), z.json().transform((raw) => JSON.stringify(raw))])
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
});
type Told = z.infer<typeof told>;

/** Google wraps the object in a list; some put the whole body where its `error` belongs. */
function unwrap(value: unknown): unknown {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'object' && one !== null && 'error' in one && one.error ? one.error : one;
}

/** Of the SDK's `APIError`. By shape and not by class, so that the SDK is loaded with the first call only. */
const apiError = z.looseObject({
  status: z.number().optional().catch(undefined),
  headers: z.instanceof(Headers).optional().catch(undefined),
  error: z
    .preprocess(unwrap, z.union([told, z.string().transform((message) => told.parse({ message }))]))
    .optional()
    .catch(undefined),
  message: z.string(),
});

/** One failure, as the server told it. */
interface ToldFailure {
  /** Of the answer, or of the failure inside one that had begun well. Null: it has none. */
  readonly status: number | null;
  readonly isInside: boolean;
  /** The server's own word: `insufficient_quota`. */
  readonly code: string;
  readonly message: string;
  readonly headers: Headers;
}

const declined =
  /content_filter|content_policy|content management policy|invalid_prompt|bio_policy|misalignment_policy|cyber_policy|Content Exists Risk/i;
const noCredit = /insufficient_quota|billing_(hard_limit|not_active)|insufficient[ _](balance|credits|funds)/i;
const noModel = /model_not_found|model.{0,100}(does not exist|not exist|not found)/i;
/** With what a sentence of a server may begin before it comes to these. */
const opening = /^(?:error: |the |your |you |account |has |have )*/i;

/** What went wrong on the way to an answer. A `BatonError` stays what it is. */
export function mapFailure(error: unknown, place: FailurePlace): Failure {
  const ours = findBatonError(error);
  if (ours !== null) return { type: 'error', error: ours };
  const parsed = apiError.safeParse(error);
  if (!parsed.success || (parsed.data.status === undefined && parsed.data.error === undefined)) {
    return { type: 'error', error: mapUntold(error, place) };
  }
  const { status, headers, error: body, message } = parsed.data;
  const words = body?.message ?? body?.detail ?? (/<(!doctype|html)/i.test(message) ? 'a page of HTML' : message);
  const behind = body?.metadata?.raw ? `: ${body.metadata.raw}` : '';
  return mapToldFailure(
    {
      status: status ?? (body ? mapStatus(body) : null),
      isInside: status === undefined,
      code: clean(wordsOf(body ?? {}), place.key),
      message: clean(`${words}${behind}`, place.key),
      headers: headers ?? new Headers(),
    },
    place,
  );
}

function wordsOf(body: Partial<Told>): string {
  return [body.code, body.type, body.status].filter((each) => typeof each === 'string').join(' ');
}

/** Of a failure inside an answer: a number, where one stands there, goes before the words. */
function mapStatus(body: Told): number | null {
  const number = [body.code, body.status].find((each) => /^[45]\d\d$/.test(each ?? ''));
  return mapFailureStatus(number ?? wordsOf(body));
}

/** A failure that was told inside an answer which had begun well, to be thrown: `mapFailure` reads it. */
export function createStreamFailure(failure: unknown): Error {
  return Object.assign(new Error('The answer broke off.'), { error: failure ?? {} });
}

function mapToldFailure(failure: ToldFailure, { adapter, now }: FailurePlace): Failure {
  const { status, isInside, code, message, headers } = failure;
  const both = `${code} ${message}`;
  // What a server calls wrong in a request it quotes: the beginning of its sentence alone is its own.
  const isQuoting = status === 400 || status === 422;
  const tells = (pattern: RegExp): boolean =>
    pattern.test(code) || (isQuoting ? message.replace(opening, '').search(pattern) === 0 : pattern.test(message));
  const said = message === '' ? (code === '' ? '.' : `: ${code}.`) : `: ${message}`;
  const isOurs = status === null || (status >= 400 && status < 500);
  const stop = (unified: StopReason): Failure => ({
    type: 'stop',
    stop: { unified, raw: /^[a-z]\w+/i.exec(code)?.[0] ?? (message.slice(0, 200).toWellFormed() || String(status)) },
    isFree: !isInside,
  });
  const fail = (error: BatonError): Failure => ({ type: 'error', error });

  if (status === 401) {
    return fail(
      new BatonError('AUTH_FAILED', `The model's server refused the key${said}`, {
        details: { status },
        adapter,
        fix: 'Check the key, and that baseUrl is where it belongs.',
      }),
    );
  }
  // Asking again helps as little as asking later: somebody has to pay first.
  if (status === 402 || tells(noCredit)) {
    return fail(
      new BatonError('PERMISSION_DENIED', `The account has no credit left${said}`, {
        details: { resource: 'credit' },
        adapter,
        fix: 'Add credit to the account of the key, or raise its limit.',
      }),
    );
  }
  if (status === 403) {
    return fail(
      new BatonError('PERMISSION_DENIED', `The key may not use this model${said}`, {
        details: { resource: 'model' },
        adapter,
        fix: 'Check the name of the model, and whether the key may use it.',
      }),
    );
  }
  if (status === 404 || (isOurs && tells(noModel))) {
    return fail(
      new BatonError('NOT_FOUND', `The server has no such model or address${said}`, {
        details: { resource: 'model' },
        adapter,
        fix: 'Check the name of the model, and that baseUrl ends before /responses and /chat/completions.',
      }),
    );
  }
  if (status === 413 || (status !== 429 && tellsFullContext(both))) return stop('overflow');
  if (isOurs && status !== 429 && declined.test(both)) return stop('refused');
  const told = { header: (name: string) => headers.get(name), message };
  const retryAt = status !== null && mayNameInstant(status) ? mapRetryAt(told, now) : null;
  if (retryAt !== null) {
    const until = new Date(retryAt).toISOString();
    const text = `The model's server asks to wait until ${until}${said}`;
    return fail(new BatonError('RATE_LIMITED', text, { details: { retryAt }, adapter }));
  }
  if (status === null || status >= 500 || status === 408 || status === 409 || status === 429) {
    const text = `The model's server can't answer now${status === null ? '' : ` (${status})`}${said}`;
    return fail(new BatonError('UNAVAILABLE', text, { details: status === null ? {} : { status }, adapter }));
  }
  const details = { received: message };
  if (status < 400) {
    return fail(
      new BatonError('PROTOCOL_VIOLATION', `The model's address leads elsewhere (${status}).`, {
        details,
        adapter,
        fix: 'Set baseUrl to where the model really answers: redirects are not followed.',
      }),
    );
  }
  const text = `The model's server called the request wrong (${status})${said}`;
  return fail(new BatonError('PROTOCOL_VIOLATION', text, { details, adapter }));
}

/** A failure without words of the server: of the network, or of what came over it. */
function mapUntold(error: unknown, { adapter }: FailurePlace): BatonError {
  if (error instanceof SyntaxError) {
    return new BatonError('PROTOCOL_VIOLATION', "The model's server sent an event that is no JSON.", {
      details: { received: 'a line that is no JSON' },
      adapter,
    });
  }
  return new BatonError('UNAVAILABLE', `The connection to the model failed: ${mapNetworkWord(error)}.`, {
    details: {},
    adapter,
    cause: error,
  });
}

/** The code of the deepest cause, which says most: `ECONNREFUSED`. */
function mapNetworkWord(error: unknown): string {
  let found = error instanceof Error ? error.message : String(error);
  for (let each = error, depth = 0; each instanceof Error && depth < 8; each = each.cause, depth += 1) {
    found = 'code' in each && typeof each.code === 'string' ? each.code : each.message || found;
  }
  return found.slice(0, 200).toWellFormed().replace(/\.$/, '');
}

function findBatonError(error: unknown): BatonError | null {
  for (let each = error, depth = 0; each instanceof Error && depth < 8; each = each.cause, depth += 1) {
    if (BatonError.is(each)) return each;
  }
  return null;
}

/** Short, and without the key. */
function clean(text: string, key: string | null): string {
  const masked = key === null || key.length < 6 ? text : text.replaceAll(key, '[key]');
  return masked.length > 500 ? `${masked.slice(0, 500).toWellFormed()}…` : masked.toWellFormed();
}
