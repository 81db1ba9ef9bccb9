import { isLoopback, readBounded, startDeadline } from '@baton/adapter-kit';
import { type AdapterHost, BatonError, type CallOptions, type Clock } from '@baton/core';
import { LRUCache } from 'lru-cache';
import { mapError, misshapen, tooLate } from '../host/map-error.js';
import type { Repository } from '../host/repository.js';

/** Reads the end of the log of a job of GitHub Actions: the lines before its last error. Null where there is none. */
export type ReadJobLog = (jobId: string, options?: CallOptions) => Promise<string | null>;

const longestLogBytes = 4 * 1024 * 1024;
const linesBefore = 60;
const mostKept = 200;
const timeoutMs = 30_000;

/** Keeps what it read, masked: a finished job's log doesn't change. */
export function createJobLogReader({ client, at, fullName, clock }: Repository, mask: AdapterHost['mask']): ReadJobLog {
  const kept = new LRUCache<string, { readonly excerpt: string | null }>({ max: mostKept });
  return async (jobId, options) => {
    const known = kept.get(jobId);
    if (known !== undefined) return known.excerpt;
    const what = `read the log of a job of ${fullName}`;
    const route = 'GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs';
    const { status, headers, data } = await client.request(
      route,
      { ...at, job_id: jobId },
      { ...options, what, accept: [404, 410], keepsRedirect: true },
    );
    const location = headers['location'];
    const text =
      typeof location === 'string'
        ? await downloadTwice(clock, location, what, options)
        : status === 200
          ? String(data)
          : null;
    const excerpt = text === null ? null : mask(excerptOf(text));
    kept.set(jobId, { excerpt });
    return excerpt;
  };
}

/** The round that it is for begins without it where it doesn't come: so one failure is none. */
async function downloadTwice(clock: Clock, location: string, what: string, options?: CallOptions): Promise<string> {
  try {
    return await download(clock, location, what, options);
  } catch (error) {
    options?.signal?.throwIfAborted();
    if (BatonError.is(error) && !error.isRetryable) throw error;
    return download(clock, location, what, options);
  }
}

/** From the store of logs, on a host of its own: the address is signed, and no credentials go there. */
async function download(clock: Clock, location: string, what: string, options?: CallOptions): Promise<string> {
  const url = URL.canParse(location) ? new URL(location) : null;
  if (!url || (url.protocol !== 'https:' && !isLoopback(url.hostname))) throw misshapen(what, 'an address of no log');
  using deadline = startDeadline(clock, timeoutMs, { reason: () => tooLate(timeoutMs), signal: options?.signal });
  try {
    const response = await fetch(url, { redirect: 'error', signal: deadline.signal });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw misshapen(what, `status ${response.status} for a log`);
    }
    // The end tells why it failed.
    const bytes = await readBounded(response, { limit: longestLogBytes, keep: 'end' });
    return String(bytes ?? '');
  } catch (error) {
    options?.signal?.throwIfAborted();
    throw mapError(error, what, 0);
  }
}

/** The lines up to the last that says error, without instants and colours. */
export function excerptOf(log: string): string {
  const lines = log
    .split(/\r?\n/)
    .map((line) => line.replace(/^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z ?/, ''))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
    .map((line) => line.replace(/\u001b\[[\d;]*[A-Za-z]/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ''))
    .filter((line) => !/^##\[(?:group|endgroup|debug)\]/.test(line));
  const error = lines.findLastIndex((line) => line.startsWith('##[error]'));
  const end = error < 0 ? lines.length : error + 1;
  return lines
    .slice(Math.max(0, end - linesBefore), end)
    .join('\n')
    .trim();
}
