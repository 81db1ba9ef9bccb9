import { type ToldFailure, tellsFullContext } from '@baton/agent-kit';
import type { Instant, JsonValue } from '@baton/core';
import { z } from 'zod';
import { mapFailureStatus } from './failure-status.js';
import { mapRetryAt, mayNameInstant } from './retry-at.js';

/**
 * What a failure means, whoever met it. `key`: it is refused. `credit`: somebody has to pay first. `denied`: the key may
 * not. `missing`: there is no such model or address. `overflow`: the conversation is too long for the model. `declined`:
 * the provider won't hear of it. `busy`: it can't answer now, and doesn't say when. `elsewhere`: a redirect.
 * `malformed`: it is the request that is wrong.
 */
export type FailureKind =
  | 'key'
  | 'credit'
  | 'denied'
  | 'missing'
  | 'overflow'
  | 'declined'
  | 'busy'
  | 'elsewhere'
  | 'malformed';

/** One failure, read. */
export type ModelFailure = FailureWords &
  ({ readonly kind: 'wait'; readonly retryAt: Instant } | { readonly kind: FailureKind });

/** How a provider told it. */
interface FailureWords {
  /** Of the answer, or what a failure inside one says of itself. Null: it doesn't. */
  readonly status: number | null;
  /** Told inside an answer which had begun well: nobody says what that costs. */
  readonly isInside: boolean;
  /** The provider's own words for it, in short: `insufficient_quota`. Empty: none. */
  readonly code: string;
  /** Its sentence, at most 500 characters and in one line. Empty: none. */
  readonly message: string;
}

const word = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(null);

/** What providers put into `error`, or into the body itself. */
const told = z.looseObject({
  message: word,
  /** FastAPI's, and so vLLM's. */
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

const nothing = told.parse({});
const anyTold = z
  .preprocess(unwrap, z.union([told, z.string().transform((message) => ({ ...nothing, message }))]))
  .catch(nothing);

/** Google wraps the object in a list; some put the whole body where its `error` belongs. */
function unwrap(value: unknown): unknown {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'object' && one !== null && 'error' in one && one.error ? one.error : one;
}

const noKey = /invalid_api_key|api[ _]key[ _](?:is )?(?:not[ _]valid|invalid)/i;
/**
 * A spent account, by OpenAI and those who write as it does, by Anthropic ("Your credit balance is too low…",
 * `billing_error`), DeepSeek ("Insufficient Balance"), OpenRouter ("Insufficient credits"), Moonshot
 * (`exceeded_current_quota_error`), Alibaba (`Arrearage`).
 */
const noCredit =
  /insufficient_quota|exceeded_current_quota|billing_(?:error|hard_limit|not_active)|arrearage|insufficient[ _](?:balance|credits|funds)|credit balance\b/i;
const noModel = /model_not_found|model.{0,100}(?:does not exist|not exist|not found)/i;
const declined =
  /content_filter|content_policy|content management policy|content filtering policy|invalid_prompt|bio_policy|misalignment_policy|cyber_policy|Content Exists Risk/i;
/** With what a sentence of a server may begin before it comes to these. */
const opening = /^(?:error: |the |your |you |account |has |have )*/i;

/** Types that Anthropic and its gateways tell, which say more than a status of 400 does. `api_error` says less. */
const typed: ReadonlyMap<string, number> = new Map([
  ['authentication_error', 401],
  ['billing_error', 402],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['rate_limit_error', 429],
  ['overloaded_error', 529],
]);

/** How a failure is read. */
export interface FailureReading {
  /** Where waiting times count from. */
  readonly now: Instant;
  /** Takes the key out, before anything is cut: some quote what they refuse. */
  mask(text: string): string;
}

/** What a provider of any of the protocols means by a failure. */
export function readFailure(answer: ToldFailure, { now, mask }: FailureReading): ModelFailure {
  const body: Told = anyTold.parse(answer.body);
  const isInside = answer.status === null;
  const status = isInside ? statusInside(body) : statusOf(answer.status, body);
  const behind = body.metadata?.raw ? `: ${body.metadata.raw}` : '';
  const message = short(mask(`${body.message ?? body.detail ?? ''}${behind}`));
  const code = short(mask(wordsOf(body)));
  const kind = kindOf(status, code, message);
  const mayWait = kind === 'busy' && status !== null && mayNameInstant(status);
  const retryAt = mayWait ? mapRetryAt({ header: answer.header, message }, now) : null;
  const words = { status, isInside, code, message };
  return retryAt === null ? { ...words, kind } : { ...words, kind: 'wait', retryAt };
}

/**
 * What an event of an answer, or a body in its place, tells of a failure. Null: nothing. `name`: that of the event,
 * where it has one.
 */
export function findFailure(value: JsonValue, name: string | null = null): JsonValue | null {
  const { type, error = null } = failing.parse(Array.isArray(value) ? value[0] : value);
  // An event that is one by its name alone may say nothing at all.
  return error || (type === 'error' || name === 'error' ? (value ?? {}) : null);
}

const failing = z.looseObject({ type: z.unknown().optional(), error: z.json().optional() }).catch({});

function wordsOf({ code, type, status }: Told): string {
  return [code, type, status].filter((each) => typeof each === 'string').join(' ');
}

/** A number, where one stands there, goes before the words. */
function statusInside(body: Told): number | null {
  const number = [body.code, body.status].find((each) => /^[45]\d\d$/.test(each ?? ''));
  return mapFailureStatus(number ?? wordsOf(body));
}

function statusOf(status: number | null, { type }: Told): number | null {
  return status === 400 || status === 422 ? (typed.get(type ?? '') ?? status) : status;
}

function kindOf(status: number | null, code: string, message: string): FailureKind {
  const both = `${code} ${message}`;
  const isOfRequest = status === null || (status >= 400 && status < 500);
  // What a server says of a request it quotes: there the beginning of its sentence alone is its own. Whoever wrote the
  // request could otherwise have every other job of the key wait.
  const isQuoting = isOfRequest && status !== 402 && status !== 429;
  const tells = (pattern: RegExp): boolean =>
    pattern.test(code) || (isQuoting ? message.replace(opening, '').search(pattern) === 0 : pattern.test(message));

  if (status === 401 || (status === 400 && tells(noKey))) return 'key';
  // Asking again helps as little as asking later.
  if (status === 402 || tells(noCredit)) return 'credit';
  if (status === 403) return 'denied';
  if (status === 404 || (isOfRequest && tells(noModel))) return 'missing';
  if (status === 413 || (status !== 429 && tellsFullContext(both))) return 'overflow';
  if (isOfRequest && status !== 429 && declined.test(both)) return 'declined';
  if (status === null || status >= 500 || [408, 409, 425, 429].includes(status)) return 'busy';
  return status >= 300 && status < 400 ? 'elsewhere' : 'malformed';
}

/** A page of HTML has no words. */
function short(text: string): string {
  if (/<(?:!doctype|html)\b/i.test(text)) return 'a page of HTML';
  const line = text.slice(0, 2_000).replaceAll(/\s+/g, ' ').trim();
  return line.length > 500 ? `${line.slice(0, 500).toWellFormed()}…` : line.toWellFormed();
}
