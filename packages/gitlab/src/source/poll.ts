import { mapFew } from '@baton/adapter-kit';
import type { Clock, Cursor, Instant, IssuePage, IssueQuery } from '@baton/core';
import { BatonError } from '@baton/core';
import type { GitlabApi } from '../host/api.js';
import { unavailable } from '../host/map-error.js';
import { type GitlabIssue, issueShape, read, stubShape } from '../host/shapes.js';
import { type IssueContext, mapIssue } from './map-issue.js';
import { type PollPosition, readCursor, writeCursor } from './poll-cursor.js';

const pageSize = 100;
/** A change may become visible later than the instant that it bears: transactions and replicas take their time. */
const overlapMs = 60_000;

/** What one list of issues is polled with. */
export interface PollParts extends IssueContext {
  readonly clock: Clock;
  readonly log: (level: 'warn', message: string) => void;
}

/**
 * Open issues, oldest change first, page by page. The next page begins at the instant of the last change, not
 * at an offset: what changes in between moves to the end, and nothing slips through.
 */
export async function pollIssues(
  parts: PollParts,
  query: IssueQuery,
  cursor: Cursor | null,
  { list, look }: { readonly list: GitlabApi; readonly look: GitlabApi },
): Promise<IssuePage> {
  const position = readCursor(query, cursor);
  const { since, page } = position;
  const listed: unknown = await list.issues.all({
    projectId: await parts.project.id(look),
    state: 'opened',
    orderBy: 'updated_at',
    sort: 'asc',
    perPage: pageSize,
    page,
    ...(since === null ? {} : { updatedAfter: new Date(since).toISOString() }),
  });
  // gitbeaker hands an empty answer on as an object.
  if (!Array.isArray(listed)) throw unavailable('GitLab sent no list of issues.');
  // What stands beside an issue keeps it from nobody: it is read again before it is worked.
  const onOddity = (oddity: BatonError): void =>
    parts.log('warn', `${parts.project.repository}: of an issue something is left out: ${oddity.message}`);
  const stubs = listed.map((each) => stubShape.safeParse(each).data ?? null);
  const fresh = listed.filter((_, index) => isNew(stubs[index] ?? null, position));
  const looked = await mapFew(fresh, async (each) => {
    try {
      const issue = read(issueShape, each, 'an issue');
      return matches(issue, query) ? await mapIssue(issue, parts, look, { onOddity }) : null;
    } catch (error) {
      // Deleted since it was listed.
      if (BatonError.is(error, 'NOT_FOUND')) return null;
      if (!BatonError.is(error, 'PROTOCOL_VIOLATION')) throw error;
      parts.log('warn', `${parts.project.repository}: an issue is left out: ${error.message}`);
      return null;
    }
  });
  const known = stubs.filter((each) => each !== null);
  const more = listed.length >= pageSize;
  const next = writeCursor(query, advance(position, known, more, parts.clock.now()));
  const issues = looked.filter((each) => each !== null);
  if (cursor !== null && issues.length === 0 && !more && next === cursor) return { kind: 'unchanged', cursor };
  return { kind: 'changed', issues, cursor: next, more };
}

type Stub = { readonly iid: number; readonly updated_at: Instant };

function isNew(stub: Stub | null, { seen }: PollPosition): boolean {
  // What has no number can't have been seen: it is looked at again, and told in the log.
  return stub === null || seen[stub.iid] !== String(stub.updated_at);
}

function advance(position: PollPosition, listed: readonly Stub[], more: boolean, now: Instant): PollPosition {
  const { floor } = position;
  const last = listed.reduce((latest, each) => Math.max(latest, each.updated_at), position.since ?? 0);
  const all: readonly Stub[] = [
    ...Object.entries(position.seen).map(([iid, at]) => ({ iid: Number(iid), updated_at: Number(at) })),
    ...listed,
  ];
  const seenFrom = (from: Instant): Readonly<Record<string, string>> =>
    Object.fromEntries(
      all.filter((each) => each.updated_at >= from).map((each) => [each.iid, String(each.updated_at)]),
    );
  if (more) {
    // A page on which everything changed at one instant leads no further by that instant.
    const stuck = last === position.since;
    return { since: last, page: stuck ? position.page + 1 : 1, floor, seen: seenFrom(last - overlapMs) };
  }
  if (last === 0) return { ...position, page: 1 };
  // Never past our own clock: one change with a date in the future must not hide those of today.
  const since = Math.max(floor ?? 0, Math.min(last, now) - overlapMs);
  return { since, page: 1, floor: since, seen: seenFrom(since) };
}

/** Whether the query finds the issue. GitLab compares labels with regard to case, so this is done here. */
function matches(issue: GitlabIssue, query: IssueQuery): boolean {
  const labels = new Set(issue.labels.map((label) => label.toLowerCase()));
  const assignee = query.assignee?.toLowerCase();
  return (
    issue.state === 'opened' &&
    query.labels.every((label) => labels.has(label.toLowerCase())) &&
    !query.excludeLabels.some((label) => labels.has(label.toLowerCase())) &&
    (assignee === undefined || (issue.assignees ?? []).some(({ username }) => username.toLowerCase() === assignee))
  );
}
