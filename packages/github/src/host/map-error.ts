import { adviseOnCertificate, parseReset, parseRetryAfter } from '@baton/adapter-kit';
import { BatonError, type Instant } from '@baton/core';

/** `id` of the adapter. */
export const adapterId = 'github';

/** By which address the interface is reached. */
const namesBaseUrl =
  'let baseUrl be the address of the REST interface: https://api.github.com, or https://HOST/api/v3 of GitHub Enterprise';

/** Waited for where GitHub asks us to wait and doesn't say how long: what its documentation asks for. */
const defaultWaitMs = 60_000;
/** No wait that GitHub asks for is longer: a quota's period is an hour. */
const longestWaitMs = 2 * 3_600_000;

/** What an answer that is no success held. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** GitHub's own words. */
  readonly message: string;
}

/** Reads an error of the client for what GitHub answered; null where it is another kind of error. */
export function answerOf(error: unknown): FailedAnswer | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  const response = 'response' in error && typeof error.response === 'object' ? error.response : null;
  if (response === null) return null;
  const headers: Record<string, string> = {};
  const given = 'headers' in response && typeof response.headers === 'object' ? response.headers : null;
  for (const [name, value] of Object.entries(given ?? {})) headers[name.toLowerCase()] = String(value);
  return { status: error.status, headers, message: error.message };
}

/** An error of the client as one of ours. `what` says what was asked for, without a value in it. */
export function mapError(error: unknown, what: string, now: Instant): BatonError {
  const ours = [error, error instanceof Error ? error.cause : null].find((each) => BatonError.is(each));
  if (ours) return ours;
  const answer = answerOf(error);
  if (answer) return mapAnswer(answer, what, now);
  const code = error instanceof Error ? (codeOf(error) ?? error.name) : 'unknown';
  return new BatonError(
    'UNAVAILABLE',
    `GitHub can't be reached to ${what} (${quote(code)}).`,
    init({}, adviseOnCertificate(error) ?? 'check the network, and baseUrl'),
  );
}

/** An answer that is no success. */
export function mapAnswer(answer: FailedAnswer, what: string, now: Instant): BatonError {
  const { status, headers, message } = answer;
  const said = `GitHub answered ${status} to the request to ${what}: ${quote(message)}`;
  const retryAt = retryAtOf(answer, now);
  if (retryAt !== null) return rateLimited(retryAt, what);
  if (status === 401) {
    const fix = 'give Baton a token, or an App, that is valid and has not expired';
    return new BatonError('AUTH_FAILED', said, init({ status }, fix));
  }
  if (status === 403) {
    return new BatonError('PERMISSION_DENIED', said, init({ resource: what }, fixForRefusal(headers, message)));
  }
  if (isForPeople(answer)) return new BatonError('UNAVAILABLE', said, init({ status }, namesBaseUrl));
  if (status === 404 || status === 410) {
    const fix = 'check that it exists: GitHub also answers so where the token has no access';
    return new BatonError('NOT_FOUND', said, init({ resource: what }, fix));
  }
  if (status === 409) return new BatonError('CONFLICT', said, init({}));
  if (status >= 500) return new BatonError('UNAVAILABLE', said, init({ status }));
  return new BatonError('PROTOCOL_VIOLATION', said, init({ received: `${status} ${quote(message)}` }));
}

/** What lets through what GitHub refused with 403, by its words. */
function fixForRefusal(headers: FailedAnswer['headers'], message: string): string {
  if (/locked/i.test(message)) return 'unlock the conversation, or take the issue away from Baton';
  if (/archived/i.test(message)) return "take the repository out of the archive in its settings, or Baton's label off";
  if (headers['x-github-sso'] !== undefined) return "authorise the token for the organisation's single sign-on";
  return /by integration/i.test(message)
    ? "give the App write access to contents, issues and pull requests under its permissions, and accept them on the installation; an installation's token (ghs_…) alone ends within the hour: set app in its place"
    : 'give the token write access to contents, issues and pull requests of the repository';
}

/**
 * A "not there" that isn't GitHub's word: its interface answers with JSON, so the page is of another place of the host, or
 * of a proxy before it. Nothing is gone by it.
 */
export function isForPeople({ status, headers }: Pick<FailedAnswer, 'status' | 'headers'>): boolean {
  const type = headers['content-type'];
  return (status === 404 || status === 410) && type !== undefined && !/json/i.test(type);
}

/** From when on GitHub may be asked again, where it says that we ask too often; else null. */
export function retryAtOf({ status, headers, message }: FailedAnswer, now: Instant): Instant | null {
  if (status !== 403 && status !== 429) return null;
  const isSecondary = /secondary rate|abuse detection/i.test(message);
  const isSpent = headers['x-ratelimit-remaining'] === '0';
  const after = headers['retry-after'];
  if (status === 403 && !isSecondary && !isSpent && after === undefined) return null;
  const asked = parseRetryAfter(after, now);
  if (asked !== null) return Math.min(asked, now + longestWaitMs);
  return isSpent && !isSecondary ? resetOf(headers['x-ratelimit-reset'], now) : now + defaultWaitMs;
}

/** When a quota that is spent is there again, by the header that says so. */
export function resetOf(header: string | undefined, now: Instant): Instant {
  return Math.min(parseReset(header, now) ?? now + defaultWaitMs, now + longestWaitMs);
}

/** GitHub asked us to wait. */
export function rateLimited(retryAt: Instant, what: string): BatonError<'RATE_LIMITED'> {
  const message = `GitHub asked us to wait until ${new Date(retryAt).toISOString()} before we ${what}.`;
  return new BatonError('RATE_LIMITED', message, init({ retryAt }));
}

/** GitHub answered with something that isn't JSON, or ends in its middle: it, or a proxy before it, is in trouble. */
export function unreadable(what: string): BatonError<'UNAVAILABLE'> {
  const message = `GitHub answered the request to ${what} with something that is no whole JSON.`;
  return new BatonError('UNAVAILABLE', message, init({}, namesBaseUrl));
}

/** GitHub answered in a shape that we can't read. */
export function misshapen(what: string, received: string): BatonError<'PROTOCOL_VIOLATION'> {
  const message = `GitHub answered the request to ${what} in a shape that Baton can't read: ${quote(received)}`;
  return new BatonError('PROTOCOL_VIOLATION', message, init({ received: quote(received) }));
}

/** No whole answer came in time. */
export function tooLate(afterMs: number): BatonError<'TIMEOUT'> {
  const message = `GitHub's answer was not there after ${Math.round(afterMs / 1000)} s.`;
  return new BatonError('TIMEOUT', message, init({ afterMs }));
}

/** The target of a write isn't there. */
export function notFound(resource: string, fix?: string): BatonError<'NOT_FOUND'> {
  return new BatonError('NOT_FOUND', `There is no ${resource}, or Baton can't see it.`, init({ resource }, fix));
}

/** Words of a stranger, fit for a message: short, on one line, and without what looks like a token. */
export function quote(text: string): string {
  const line = text
    .replace(/\b(?:gh[a-z]_\w+|github_pat_\w+|eyJ[\w-]+\.[\w-]+\.[\w-]+)/g, '[token]')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .toWellFormed();
  return line.length > 200 ? `${line.slice(0, 200).toWellFormed()}…` : line;
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return codeOf(error.cause) ?? code;
}

function init<Details>(details: Details, fix?: string) {
  return { adapter: adapterId, details, ...(fix === undefined ? {} : { fix }) };
}
