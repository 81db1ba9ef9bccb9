import type { AdapterHost, CallOptions, CheckSummary } from '@baton/core';
import { BatonError } from '@baton/core';
import type { ReadJobLog } from './job-log.js';
import type { CheckRollup, CheckContext as ToldCheck } from './observe-query.js';

/** What one check came to. `noted`: neither red nor green, and over. `waiting`: for a person. */
type Result = 'passed' | 'failed' | 'running' | 'waiting' | 'noted';

/** `CheckConclusionState` and `StatusState` of https://docs.github.com/en/graphql/reference/enums. */
const results: ReadonlyMap<string, Result> = new Map([
  ['SUCCESS', 'passed'],
  ['FAILURE', 'failed'],
  ['ERROR', 'failed'],
  ['TIMED_OUT', 'failed'],
  ['STARTUP_FAILURE', 'failed'],
  ['PENDING', 'running'],
  ['EXPECTED', 'running'],
  ['ACTION_REQUIRED', 'waiting'],
  ['CANCELLED', 'noted'],
  ['NEUTRAL', 'noted'],
  ['SKIPPED', 'noted'],
  ['STALE', 'noted'],
]);
const mostFailures = 20;
const mostLogs = 5;
const longestExcerpt = 4000;

/** What checks are read with. */
export interface CheckContext {
  readonly readLog: ReadJobLog;
  /** What passes it is cut after that: no part of a secret is told. */
  readonly mask: AdapterHost['mask'];
}

/** What GitHub's checks and statuses say of a head. The first five failing jobs of Actions are told with the end of their log. */
export async function readChecks(
  rollup: CheckRollup | null,
  context: CheckContext,
  options?: CallOptions,
): Promise<CheckSummary> {
  if (rollup === null) return { state: 'none', failures: [], notes: [] };
  const nodes = rollup.contexts.nodes ?? [];
  const newest = newestOf(nodes.filter((each) => each !== null));
  const judged = newest.map((each) => ({ each, result: resultOf(each) }));
  const notes = judged
    .filter(({ result }) => result === 'noted' || result === 'waiting')
    .map(({ each }) => ({ name: nameOf(each), what: wordOf(each) }));
  const bad = judged.filter(({ result }) => result === 'failed').map(({ each }) => each);
  if (bad.length > 0) return { state: 'failed', failures: await describe(bad, context, options), notes };
  const results = new Set(judged.map(({ result }) => result));
  // What a token may not see comes as null, or as no list at all: then only the whole is known.
  if (nodes.length === 0 || nodes.includes(null)) return { ...wholeOf(rollup), notes };
  if (results.has('running') || results.has('waiting')) return { state: 'pending', failures: [], notes };
  return { state: results.has('passed') ? 'passed' : 'none', failures: [], notes };
}

/** The newest run of each check, as `gh pr checks` tells them apart: by name, workflow and event. Ids are given in turn. */
function newestOf(contexts: readonly ToldCheck[]): readonly ToldCheck[] {
  const newest = new Map<string, ToldCheck>();
  for (const each of contexts) {
    const { app, workflowRun } = each.checkSuite ?? {};
    const key = JSON.stringify([
      each.__typename,
      nameOf(each),
      app?.slug,
      workflowRun?.workflow?.name,
      workflowRun?.event,
    ]);
    const before = newest.get(key);
    if (before === undefined || BigInt(each.databaseId ?? 0) >= BigInt(before.databaseId ?? 0)) newest.set(key, each);
  }
  return [...newest.values()];
}

/** A run without a conclusion goes on. */
function resultOf({ conclusion, state }: ToldCheck): Result {
  return results.get(conclusion ?? state ?? 'PENDING') ?? 'noted';
}

function wholeOf({ state }: CheckRollup): Pick<CheckSummary, 'state' | 'failures'> {
  const result = results.get(state) ?? 'running';
  if (result === 'passed') return { state: 'passed', failures: [] };
  if (result !== 'failed') return { state: 'pending', failures: [] };
  return { state: 'failed', failures: [{ name: 'checks', url: null, excerpt: `GitHub says ${state.toLowerCase()}.` }] };
}

async function describe(
  bad: readonly ToldCheck[],
  { readLog, mask }: CheckContext,
  options?: CallOptions,
): Promise<CheckSummary['failures']> {
  let logs = 0;
  const failures: CheckSummary['failures'][number][] = [];
  for (const each of bad.slice(0, mostFailures)) {
    const isJob = each.checkSuite?.app?.slug === 'github-actions' && each.databaseId !== null;
    logs += isJob ? 1 : 0;
    const log = isJob && logs <= mostLogs ? await logOf(each, readLog, options) : null;
    failures.push({
      name: nameOf(each),
      url: each.detailsUrl ?? each.targetUrl ?? null,
      excerpt: (log ?? mask(saidOf(each))).slice(-longestExcerpt).toWellFormed(),
    });
  }
  return failures;
}

/** A log is for people to read: one that can't be had hides no failure. */
async function logOf(check: ToldCheck, readLog: ReadJobLog, options?: CallOptions): Promise<string | null> {
  try {
    return await readLog(String(check.databaseId), options);
  } catch (error) {
    options?.signal?.throwIfAborted();
    if (BatonError.is(error)) return null;
    throw error;
  }
}

function nameOf({ name, context }: ToldCheck): string {
  return name ?? context ?? 'check';
}

/** GitHub's word for what it came to, as people read it: `action required`. */
function wordOf({ conclusion, state }: ToldCheck): string {
  return (conclusion ?? state ?? '').toLowerCase().replaceAll('_', ' ');
}

function saidOf(check: ToldCheck): string {
  const said = [check.title, check.summary, check.description].filter(
    (each) => typeof each === 'string' && each !== '',
  );
  return said.length === 0 ? wordOf(check) : said.join('\n');
}
