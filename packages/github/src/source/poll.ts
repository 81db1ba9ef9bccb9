import type { AdapterHost, CallOptions, Cursor, Issue, IssuePage, IssueQuery } from '@baton/core';
import { BatonError } from '@baton/core';
import { misshapen, rateLimited } from '../host/map-error.js';
import type { Repository } from '../host/repository.js';
import { listBlockers } from './blockers.js';
import { type IssueShape, issueShape, labelNames, revisionOf, toIssue } from './map-issue.js';
import { firstPosition, type PollPosition, readCursor, type SeenIssue, writeCursor } from './poll-cursor.js';

const pageSize = 100;
/** What GitHub shows late is still found: each poll looks back this far. */
const overlapMs = 60_000;

/**
 * One page of issues, oldest change first; none is read where a look at many repositories at once says that
 * nothing changed in this one since the list was read whole. Goes on by the instant of the last change, not by page numbers,
 * so that an issue that changes between two pages pushes no other out of sight.
 */
export async function pollIssues(
  repository: Repository,
  query: IssueQuery,
  cursor: Cursor | null,
  log: AdapterHost['log'],
  options?: CallOptions,
): Promise<IssuePage> {
  const { client, at, fullName } = repository;
  const call = { ...options, priority: 'poll' as const };
  const what = `list the issues of ${fullName}`;
  const known = readCursor(query, cursor);
  const position = known ?? firstPosition;
  const isBeginning = position.page === 1 && position.before === null;
  const glance = isBeginning ? await repository.watch.glance(known && cursor, options) : null;
  if (glance?.isQuiet && cursor !== null) return { kind: 'unchanged', cursor };
  const retryAt = isBeginning ? client.gateway.admitPoll('core', fullName) : null;
  if (retryAt !== null) {
    // Put off to leave quota to running jobs: the last list stands.
    if (known && cursor !== null) return { kind: 'unchanged', cursor };
    throw rateLimited(retryAt, what);
  }
  const { status, data, headers } = await client.request('GET /repos/{owner}/{repo}/issues', parametersOf(position), {
    ...call,
    what,
    accept: [304],
  });
  if (status === 304 && cursor !== null) {
    glance?.listed(cursor);
    return { kind: 'unchanged', cursor };
  }
  if (!Array.isArray(data)) throw misshapen(what, 'no list');

  const read = data.flatMap((each: unknown) => readIssue(each, fullName, log));
  const first = read[0]?.number ?? 0;
  if (position.page > 1 && first === position.before) {
    throw misshapen(what, 'pages that lead in circles');
  }
  const seen = new Map(position.seen.map((each) => [each.number, each.revision]));
  const changed = read.filter(
    (issue) =>
      issue.pull_request === undefined && matches(issue, query) && seen.get(issue.number) !== revisionOf(issue),
  );
  const more = data.length >= pageSize || /\brel="next"/.test(String(headers['link'] ?? ''));
  const etag = typeof headers['etag'] === 'string' ? headers['etag'] : null;
  const next = advance(position, read, { more, etag, first });
  const issues = await mapAll(changed);
  const nextCursor = writeCursor(query, next);
  if (!more) glance?.listed(nextCursor);
  if (known && issues.length === 0 && !more) return { kind: 'unchanged', cursor: nextCursor };
  return { kind: 'changed', issues, cursor: nextCursor, more };

  function parametersOf({ since, page, etag: validator }: PollPosition): object {
    // GitHub takes a label with a comma for two. It narrows the list only: what matches is decided here.
    const labels = query.labels.filter((each) => !each.includes(','));
    return {
      ...at,
      ...{ state: 'open', sort: 'updated', direction: 'asc', per_page: pageSize, page },
      ...(labels.length === 0 ? {} : { labels: labels.join(',') }),
      ...(query.assignee === null ? {} : { assignee: query.assignee }),
      ...(since === null ? {} : { since: new Date(since).toISOString().replace('.000Z', 'Z') }),
      ...(validator === null ? {} : { headers: { 'if-none-match': validator } }),
    };
  }

  async function mapAll(found: readonly IssueShape[]): Promise<readonly Issue[]> {
    if (found.length === 0) return [];
    const [self, { isPrivate }] = await Promise.all([repository.self(call), repository.facts(call)]);
    const mapped = found.map(async (issue) =>
      toIssue(issue, { fullName, isPrivate, self, blockedBy: await blockersOf(issue) }),
    );
    return Promise.all(mapped);
  }

  /** What can't be read of them keeps no issue out: they are read again before it is worked. */
  async function blockersOf(issue: IssueShape): Promise<Issue['blockedBy']> {
    try {
      return await listBlockers(repository, issue, call);
    } catch (error) {
      if (!BatonError.is(error, 'PROTOCOL_VIOLATION')) throw error;
      log('warn', `what blocks ${fullName}#${issue.number} is left out: ${error.message}`);
      return [];
    }
  }
}

/** Empty, with a line in the log, for an issue that can't be read: it hides no other. */
function readIssue(value: unknown, fullName: string, log: AdapterHost['log']): readonly IssueShape[] {
  const parsed = issueShape.safeParse(value);
  if (parsed.success) return [parsed.data];
  const number = issueShape.shape.number.safeParse(Object(value).number).data ?? '?';
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  log('warn', `${fullName}#${number} is left out: its ${where} can't be read`);
  return [];
}

function matches(issue: IssueShape, query: IssueQuery): boolean {
  const labels = new Set(labelNames(issue).map((each) => each.toLowerCase()));
  const assignee = query.assignee?.toLowerCase();
  return (
    issue.state === 'open' &&
    query.labels.every((each) => labels.has(each.toLowerCase())) &&
    !query.excludeLabels.some((each) => labels.has(each.toLowerCase())) &&
    (assignee === undefined || (issue.assignees ?? []).some((each) => each.login.toLowerCase() === assignee))
  );
}

/** Where polling goes on after a page. */
function advance(
  position: PollPosition,
  read: readonly IssueShape[],
  page: { readonly more: boolean; readonly etag: string | null; readonly first: number },
): PollPosition {
  const newest = read.reduce((latest, each) => Math.max(latest, each.updated_at), position.since ?? 0);
  const found = read.map(
    (issue): SeenIssue => ({ number: issue.number, revision: revisionOf(issue), updatedAt: issue.updated_at }),
  );
  const everSeen = new Map([...position.seen, ...found].map((each) => [each.number, each]));
  const seen = [...everSeen.values()].filter((each) => each.updatedAt >= newest - overlapMs);
  if (page.more) {
    // A second earlier, so that it doesn't matter whether GitHub counts the very instant in.
    const since = newest - 1000;
    const isStuck = newest === 0 || (position.since !== null && since <= position.since);
    return {
      since: isStuck ? position.since : since,
      page: isStuck ? position.page + 1 : 1,
      ...{ etag: null, before: page.first, seen },
    };
  }
  const since = newest === 0 ? null : Math.max(position.since ?? 0, newest - overlapMs);
  const isSame = since === position.since && position.page === 1;
  return { since, page: 1, etag: isSame ? page.etag : null, before: null, seen };
}
