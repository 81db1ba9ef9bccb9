import { BatonError, topicMarker, topicOf } from '@baton/core';
import type { People } from './actor.js';
import type { GitlabApi } from './api.js';
import type { Noteable } from './noteable.js';
import type { OwnNotes } from './own-notes.js';
import { escapeQuickActions, isSameText } from './quick-actions.js';
import { type GitlabNote, noteShape, read, readList } from './shapes.js';

/** Every note, oldest first, system notes included. `NOT_FOUND` without the issue or merge request. */
export async function listNotes(noteable: Noteable, api: GitlabApi): Promise<readonly GitlabNote[]> {
  const { projectId, iid } = noteable;
  const resource = noteable.kind === 'issue' ? api.issueNotes : api.mergeRequestNotes;
  const listed: unknown = await resource.all(projectId, iid, { sort: 'asc', orderBy: 'created_at', perPage: 100 });
  return readList(noteShape, listed, 'notes').toSorted(
    (left, right) => left.created_at - right.created_at || left.id - right.id,
  );
}

/**
 * Words of a person that everybody who sees the issue or merge request may read. The one rule for what of a note may
 * reach an agent, and from it a pull request. Internal notes were called confidential before GitLab 15.
 */
export function isOpenComment(note: GitlabNote): boolean {
  return !note.system && !isInternal(note);
}

/** Whether only members of the project may read it. */
export function isInternal({ internal, confidential }: GitlabNote): boolean {
  return internal === true || confidential === true;
}

/** One note of ours for each topic: the oldest, brought up to date; doubles go. */
export async function ensureNote(
  noteable: Noteable,
  { topic, body }: { readonly topic: string; readonly body: string },
  { people, api, own }: { readonly people: People; readonly api: GitlabApi; readonly own: OwnNotes },
): Promise<{ readonly id: string }> {
  const { projectId, iid, kind } = noteable;
  const resource = kind === 'issue' ? api.issueNotes : api.mergeRequestNotes;
  const whole = `${topicMarker(topic)}\n${escapeQuickActions(body)}`;
  const known = own.get(noteable, topic);
  own.forget(noteable, topic);
  const written = (id: number): { readonly id: string } => {
    own.set(noteable, topic, { id, body: whole });
    return { id: String(id) };
  };
  if (known !== null && !isSameText(known.body, whole)) {
    const isThere = await isFound(resource.edit(projectId, iid, known.id, { body: whole }));
    if (isThere) return written(known.id);
  }
  const ours = own.takeBare(noteable) ? [] : await listOurs();
  const [first, ...doubles] = ours;
  for (const { id } of doubles) await isFound(resource.remove(projectId, iid, id));
  if (first === undefined) return written(read(noteShape, await resource.create(projectId, iid, whole), 'a note').id);
  if (!isSameText(first.body, whole)) await resource.edit(projectId, iid, first.id, { body: whole });
  return written(first.id);

  async function listOurs(): Promise<readonly GitlabNote[]> {
    const self = await people.self(api);
    const notes = await listNotes(noteable, api);
    return notes.filter((each) => !each.system && String(each.author?.id) === self.id && topicOf(each.body) === topic);
  }
}

/** False where what it is about is gone. */
async function isFound(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (BatonError.is(error, 'NOT_FOUND')) return false;
    throw error;
  }
}
