import type { CallOptions, CheckSummary } from '@baton/core';
import { BatonError } from '@baton/core';
import type { ReadJobLog } from './job-log.js';
import type { CheckContext, CheckRollup } from './observe-query.js';

const states: Readonly<Record<string, CheckSummary['state']>> = {
  SUCCESS: 'passed',
  FAILURE: 'failed',
  ERROR: 'failed',
  PENDING: 'pending',
  EXPECTED: 'pending',
};
const failed: ReadonlySet<string> = new Set([
  'FAILURE',
  'ERROR',
  'TIMED_OUT',
  'CANCELLED',
  'ACTION_REQUIRED',
  'STARTUP_FAILURE',
]);
const mostFailures = 20;
const mostLogs = 5;
const longestExcerpt = 4000;

/** What GitHub's checks and statuses say of a head. The first five failing jobs of Actions are told with the end of their log. */
export async function readChecks(
  rollup: CheckRollup | null | undefined,
  readLog: ReadJobLog,
  options?: CallOptions,
): Promise<CheckSummary> {
  if (!rollup) return { state: 'none', failures: [] };
  const state = states[rollup.state] ?? 'pending';
  if (state !== 'failed') return { state, failures: [] };
  const contexts = (rollup.contexts.nodes ?? []).filter((each) => each !== null);
  const bad = contexts
    .filter(({ conclusion, state: said }) => failed.has(conclusion ?? said ?? ''))
    .slice(0, mostFailures);
  let logs = 0;
  const failures = [];
  for (const each of bad) {
    const isJob = each.checkSuite?.app?.slug === 'github-actions' && each.databaseId !== null;
    logs += isJob ? 1 : 0;
    const log = isJob && logs <= mostLogs ? await logOf(each, readLog, options) : null;
    failures.push({
      name: each.name ?? each.context ?? 'check',
      url: each.detailsUrl ?? each.targetUrl ?? null,
      excerpt: (log ?? wordsOf(each)).slice(-longestExcerpt),
    });
  }
  // The one that failed may be beyond the first fifty.
  const unnamed = { name: 'checks', url: null, excerpt: `GitHub says ${rollup.state.toLowerCase()}.` };
  return { state, failures: failures.length === 0 ? [unnamed] : failures };
}

/** A log is for people to read: one that can't be had hides no failure. */
async function logOf(context: CheckContext, readLog: ReadJobLog, options?: CallOptions): Promise<string | null> {
  try {
    return await readLog(String(context.databaseId), options);
  } catch (error) {
    options?.signal?.throwIfAborted();
    if (BatonError.is(error)) return null;
    throw error;
  }
}

function wordsOf({ title, summary, description, conclusion, state }: CheckContext): string {
  const said = [title, summary, description].filter((each) => typeof each === 'string' && each !== '');
  return said.length === 0 ? (conclusion ?? state ?? '').toLowerCase() : said.join('\n');
}
