import { adviseOnCertificate, parseReset, parseRetryAfter } from '@baton/adapter-kit';
import type { Instant } from '@baton/core';
import { BatonError } from '@baton/core';

/** `id` of the adapter. */
export const adapterId = 'gitlab';

const defaultWaitMs = 60_000;
const longestWaitMs = 24 * 3_600_000;
const longestQuote = 200;

/** An answer that isn't what was asked for. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  /** As it came. */
  readonly body: string;
  /** Takes out of it what the host was let in by, which some quote. */
  readonly mask?: (text: string) => string;
  /** `GET /api/v4/projects/1`: names the request, and holds no credential. */
  readonly request: string;
  readonly now: Instant;
}

/** What GitLab's refusal means. A 404 or 409 counts only in GitLab's own words: proxies know nothing of issues. */
export function mapRefusal({ status, headers, body, request, now, mask }: Refusal): BatonError {
  const said = sayingOf(body, mask);
  const message = `GitLab answered ${status} to ${request}${said === null ? '' : `: ${said}`}.`;
  if (status === 401) return refused(status, `GitLab refused the token at ${request} (401).`);
  if (status === 403 && said !== null && /insufficient_scope/.test(said)) return refused(status, message);
  if (status === 429) {
    return new BatonError('RATE_LIMITED', message, {
      adapter: adapterId,
      details: { retryAt: retryAtOf(headers, now) },
    });
  }
  if (said !== null && (status === 403 || (status === 404 && /project not found/i.test(said)))) {
    return noAccess(message, request);
  }
  if (status === 403) return noAccess(message, request);
  if (said !== null && (status === 404 || status === 410)) {
    return new BatonError('NOT_FOUND', message, { adapter: adapterId, details: { resource: request } });
  }
  if (said !== null && status === 409) {
    return new BatonError('CONFLICT', message, { adapter: adapterId, details: { actual: said } });
  }
  if (said !== null && [400, 405, 422].includes(status)) {
    return new BatonError('PROTOCOL_VIOLATION', message, { adapter: adapterId, details: { received: said } });
  }
  const fix = 'check that baseUrl is the address of a GitLab that is up';
  return new BatonError('UNAVAILABLE', message, { adapter: adapterId, details: { status }, fix });
}

/** When to ask again: `Retry-After` in seconds or as a date, else `RateLimit-Reset`; a minute where neither makes sense. */
export function retryAtOf(headers: Headers, now: Instant): Instant {
  const told = [parseRetryAfter(headers.get('retry-after'), now), parseReset(headers.get('ratelimit-reset'), now)];
  return told.find((each) => each !== null && each <= now + longestWaitMs) ?? now + defaultWaitMs;
}

/** The words of GitLab's JSON, on one line and short; null where the body isn't GitLab's. */
function sayingOf(body: string, mask: (text: string) => string = (text) => text): string | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const said: unknown = Reflect.get(parsed, 'message') ?? Reflect.get(parsed, 'error');
  if (said === undefined || said === null) return null;
  return quote(mask(typeof said === 'string' ? said : JSON.stringify(said)));
}

/** On one line, without control characters, and short. */
export function quote(text: string): string {
  const line = text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .toWellFormed();
  return line.length <= longestQuote ? line : `${line.slice(0, longestQuote).toWellFormed()}…`;
}

function refused(status: number, message: string): BatonError<'AUTH_FAILED'> {
  return new BatonError('AUTH_FAILED', message, {
    adapter: adapterId,
    details: { status },
    fix: 'make a new access token with the scope api, and set it in GITLAB_TOKEN',
  });
}

/** The token is good and doesn't reach it. GitLab answers 404 for what it won't show. */
export function noAccess(message: string, resource: string): BatonError<'PERMISSION_DENIED'> {
  return new BatonError('PERMISSION_DENIED', message, {
    adapter: adapterId,
    details: { resource },
    fix: 'check the name of the project, and give the account of the token the role Developer or Maintainer in it',
  });
}

/** The host can't be reached, or what came isn't an answer of GitLab. */
export function unavailable(message: string, cause?: unknown): BatonError<'UNAVAILABLE'> {
  const fix = adviseOnCertificate(cause);
  return new BatonError('UNAVAILABLE', message, {
    adapter: adapterId,
    details: {},
    cause,
    ...(fix === null ? {} : { fix }),
  });
}

/** The target of a write isn't there. */
export function notFound(resource: string): BatonError<'NOT_FOUND'> {
  return new BatonError('NOT_FOUND', `There is no ${resource}.`, { adapter: adapterId, details: { resource } });
}

/** GitLab answered in a shape that this adapter can't read. */
export function unreadable(what: string, received: string): BatonError<'PROTOCOL_VIOLATION'> {
  return new BatonError('PROTOCOL_VIOLATION', `GitLab sent ${what} that can't be read: ${quote(received)}.`, {
    adapter: adapterId,
    details: { received: quote(received) },
  });
}

/** A setting is missing or wrong. */
export function invalidSetting(setting: string, sentence: string, variable?: string): BatonError<'CONFIG_INVALID'> {
  return new BatonError('CONFIG_INVALID', `The setting ${setting} of ${adapterId} ${sentence}.`, {
    adapter: adapterId,
    details: { setting, ...(variable === undefined ? {} : { environmentVariable: variable }) },
    fix: variable === undefined ? `change ${setting}` : `set ${variable}`,
  });
}

/** What the file system said of a path. */
export function mapFileError(error: unknown, path: string): BatonError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
  const init = { adapter: adapterId, cause: error };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new BatonError('DISK_FULL', `No room is left to write ${path}.`, { ...init, details: { path } });
  }
  return new BatonError('UNAVAILABLE', `${path} can't be written (${code}).`, { ...init, details: {} });
}
