import { createHash } from 'node:crypto';
import type { Cursor, Instant, IssueQuery } from '@baton/core';
import { z } from 'zod';

/** An issue that a poll saw, and how it stood. */
export interface SeenIssue {
  readonly number: number;
  readonly revision: string;
  readonly updatedAt: Instant;
}

/** Where polling goes on. */
export interface PollPosition {
  /** Asked for is what changed since. Null: everything. */
  readonly since: Instant | null;
  /** Above 1 where more issues changed within one second than a page holds. */
  readonly page: number;
  /** Validator of the last answer, where the next request is the same. */
  readonly etag: string | null;
  /** Number of the first issue of the page before, 0 where it had none, to notice pages that don't lead on. Null at the beginning of a list. */
  readonly before: number | null;
  /** Issues that the next page may bring again. */
  readonly seen: readonly SeenIssue[];
}

const version = 1;
const shape = z.looseObject({
  version: z.literal(version),
  query: z.string(),
  since: z.number().nullable(),
  page: z.int().positive(),
  etag: z.string().nullable(),
  before: z.number().nullable(),
  seen: z.array(z.tuple([z.number(), z.string(), z.number()])),
});

/** The beginning. */
export const firstPosition: PollPosition = { since: null, page: 1, etag: null, before: null, seen: [] };

export function writeCursor(query: IssueQuery, position: PollPosition): Cursor {
  const seen = position.seen.map(({ number, revision, updatedAt }) => [number, revision, updatedAt]);
  return JSON.stringify({ version, query: hashOf(query), ...position, seen });
}

/** Null where the cursor is of another version or query: polling then begins anew. */
export function readCursor(query: IssueQuery, cursor: Cursor | null): PollPosition | null {
  if (cursor === null) return null;
  const parsed = shape.safeParse(parse(cursor));
  if (!parsed.success || parsed.data.query !== hashOf(query)) return null;
  const { since, page, etag, before, seen } = parsed.data;
  const issues = seen.map(([number, revision, updatedAt]) => ({ number, revision, updatedAt }));
  return { since, page, etag, before, seen: issues };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function hashOf({ labels, excludeLabels, assignee }: IssueQuery): string {
  const normal = [labels, excludeLabels].map((list) => list.map((each) => each.toLowerCase()).sort());
  return createHash('sha256')
    .update(JSON.stringify([...normal, assignee]))
    .digest('base64url')
    .slice(0, 12);
}
