import type { Cursor, Issue, IssueQuery } from '@baton/core';
import { contentHash } from '../host/content-hash.js';

const version = 'v1';

/** What a poll saw: each issue that matched, with its revision. Another query's cursor says nothing. */
export function writeCursor(query: IssueQuery, issues: readonly Issue[]): Cursor {
  return [version, hashOf(query), ...issues.map(({ id, revision }) => `${id}:${revision}`)].join(' ');
}

/** Revision by issue id. Empty where the cursor is of another version or query, so that everything is brought again. */
export function readCursor(query: IssueQuery, cursor: Cursor | null): ReadonlyMap<string, string> {
  const [found, asked, ...seen] = (cursor ?? '').split(' ');
  if (found !== version || asked !== hashOf(query)) return new Map();
  return new Map(
    seen.map((each) => {
      const [id = '', revision = ''] = each.split(':');
      return [id, revision];
    }),
  );
}

function hashOf({ labels, excludeLabels, assignee }: IssueQuery): string {
  return contentHash(JSON.stringify([labels, excludeLabels, assignee]));
}
