import type { Cursor, Feedback } from '@baton/core';
import { z } from 'zod';
import type { People } from '../host/actor.js';
import type { GitlabApi } from '../host/api.js';
import { isInternal, isOpenComment } from '../host/comments.js';
import { discussionShape, type GitlabMergeRequest, type GitlabNote, readList } from '../host/shapes.js';
import { hashOf } from '../source/map-issue.js';

/** What feedback is read with. */
export interface FeedbackContext {
  readonly api: GitlabApi;
  readonly people: People;
  readonly projectId: number;
}

/** Words and verdict of one review are sent together. */
const togetherMs = 10_000;
const seenShape = z.record(z.string(), z.string());

/** What people said of a merge request that is new or edited since the cursor. */
export async function readFeedback(
  { iid, sha: head }: Pick<GitlabMergeRequest, 'iid' | 'sha'>,
  cursor: Cursor | null,
  context: FeedbackContext,
): Promise<{ readonly feedback: readonly Feedback[]; readonly cursor: Cursor }> {
  const { api, people, projectId } = context;
  const listed: unknown = await api.mergeRequestDiscussions.all(projectId, iid, { perPage: 100 });
  const notes = readList(discussionShape, listed, 'discussions')
    // Whatever answers an internal note is as internal.
    .flatMap((each) => (each.notes.some(isInternal) ? [] : each.notes))
    .sort((left, right) => left.created_at - right.created_at || left.id - right.id);
  const self = await people.self(api);
  const theirs = notes.filter((each) => String(each.author?.id) !== self.id);
  const verdicts = verdictsOf(theirs);
  // A thread that is resolved asks for nothing any more.
  const told = theirs.filter((each) => (isOpenComment(each) && each.resolved !== true) || verdicts.has(each.id));
  const seen = readSeen(cursor);
  const tokens = new Map<number, string>();
  const feedback: Feedback[] = [];
  for (const note of told) {
    const verdict = verdicts.get(note.id) ?? 'comment';
    const body = note.system ? '' : note.body;
    const token = hashOf([body, verdict]).slice(0, 8);
    tokens.set(note.id, token);
    if (seen[note.id] === token) continue;
    const path = note.position?.new_path ?? note.position?.old_path ?? null;
    const line = path === null ? null : lineOf(note, head ?? null);
    const author = await people.actor(note.author, api);
    feedback.push({ id: String(note.id), author, body, path, line, verdict, at: note.created_at });
  }
  return { feedback, cursor: JSON.stringify(Object.fromEntries(tokens)) };
}

/**
 * GitLab moves a position along with each push, and leaves it at its head once its line was changed: the number that it
 * had then names another line now.
 */
function lineOf({ position }: GitlabNote, head: string | null): number | null {
  const { head_sha: of = null, new_line: line = null } = position ?? {};
  return of === null || head === null || of === head ? line : null;
}

/**
 * Verdicts by the note that bears them: GitLab tells approvals and requests for changes by system notes of
 * their own. The words sent with one bear it in its place. One that was taken back counts for nothing.
 */
function verdictsOf(notes: readonly GitlabNote[]): ReadonlyMap<number, Feedback['verdict']> {
  const verdicts = new Map<number, Feedback['verdict']>();
  const isTakenBack = (note: GitlabNote): boolean =>
    notes.some(
      (each) =>
        each.system &&
        /^unapproved this merge request/.test(each.body) &&
        each.author?.id === note.author?.id &&
        each.created_at >= note.created_at,
    );
  for (const note of notes.filter(({ system }) => system)) {
    const verdict = /^approved this merge request/.test(note.body)
      ? ('approve' as const)
      : /^requested changes/.test(note.body)
        ? ('request-changes' as const)
        : null;
    if (verdict === null || (verdict === 'approve' && isTakenBack(note))) continue;
    const words = notes.findLast(
      (each) =>
        !each.system &&
        !each.position &&
        !verdicts.has(each.id) &&
        each.author?.id === note.author?.id &&
        Math.abs(each.created_at - note.created_at) <= togetherMs,
    );
    verdicts.set((words ?? note).id, verdict);
  }
  return verdicts;
}

function readSeen(cursor: Cursor | null): Readonly<Record<string, string>> {
  if (cursor === null) return {};
  try {
    return seenShape.parse(JSON.parse(cursor));
  } catch {
    return {};
  }
}
