import type { Cursor, Instant, IssueQuery } from '@baton/core';
import { z } from 'zod';
import { hashOf } from './map-issue.js';

/** How far a poll has read. */
export interface PollPosition {
  /** Everything that changed before was seen. Null: nothing yet. */
  readonly since: Instant | null;
  /** Page of those that changed at `since` or later, where more than a page changed at one instant. */
  readonly page: number;
  /** Where the last poll that came to an end began again: none begins earlier. Null: none came to an end. */
  readonly floor: Instant | null;
  /** Updates that were looked at already, by number of the issue; those that the next poll sees again. */
  readonly seen: Readonly<Record<string, string>>;
}

const start: PollPosition = { since: null, page: 1, floor: null, seen: {} };
const shape = z.looseObject({
  query: z.string(),
  since: z.number().nullable(),
  page: z.number().int().positive(),
  floor: z.number().nullable(),
  seen: z.record(z.string(), z.string()),
});

export function writeCursor(query: IssueQuery, position: PollPosition): Cursor {
  return JSON.stringify({ query: hashOf(query), ...position });
}

/** From the beginning where the cursor is of another query, or can't be read. */
export function readCursor(query: IssueQuery, cursor: Cursor | null): PollPosition {
  if (cursor === null) return start;
  try {
    const { query: asked, since, page, floor, seen } = shape.parse(JSON.parse(cursor));
    return asked === hashOf(query) ? { since, page, floor, seen } : start;
  } catch {
    return start;
  }
}
