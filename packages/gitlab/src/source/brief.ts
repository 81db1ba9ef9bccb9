import type { Brief, IssueQuery } from '@baton/core';
import type { People } from '../host/actor.js';
import type { GitlabApi } from '../host/api.js';
import { isOpenComment, listNotes } from '../host/comments.js';
import type { OwnNotes } from '../host/own-notes.js';
import { type GitlabIssue, type GitlabNote, labelEventShape, readList } from '../host/shapes.js';
import { type EditHistory, isDescriptionChange, readEditHistory } from './description-history.js';
import type { KeptTexts } from './text-snapshots.js';
import { isTitleChange, titleBefore } from './title-history.js';
import { triggerOf } from './trigger.js';

/** What a brief is read with. */
export interface BriefParts {
  readonly people: People;
  readonly api: GitlabApi;
  readonly projectId: number;
  readonly kept: KeptTexts;
  readonly own: OwnNotes;
  readonly log: (level: 'warn', message: string) => void;
}

/** Where the issue of a brief comes from. */
export interface BriefIssue {
  /** As it was told a moment ago; null where it wasn't. */
  readonly recent: GitlabIssue | null;
  /** Reads it now. */
  readonly show: () => Promise<GitlabIssue>;
}

/** Label events are made with the change that they tell of. */
const togetherMs = 1000;

/** The text as it stood when the issue was handed over; null where nobody can tell who did, or how it stood. */
export async function readBrief(
  { recent, show }: BriefIssue,
  query: IssueQuery,
  parts: BriefParts,
): Promise<Brief | null> {
  const { people, api, projectId } = parts;
  const issue = recent ?? (await show());
  const labelEvents: unknown = await api.issueLabelEvents.all(projectId, issue.iid, { perPage: 100 });
  const events = readList(labelEventShape, labelEvents, 'label events');
  const noteable = { kind: 'issue', projectId, iid: issue.iid } as const;
  const notes = await listNotes(noteable, api);
  const trigger = triggerOf(issue, query, { events, notes });
  const titleChanged = notes.filter(isTitleChange);
  const bodyChanged = notes.filter(isDescriptionChange);
  if (recent !== null) {
    // Whatever was done since it was told: its text has to be as old as its history, never older.
    const last = Math.max(0, ...[...titleChanged, ...bodyChanged].map((each) => each.created_at));
    const isOld = trigger === null || trigger.at > recent.updated_at + togetherMs || last > recent.updated_at;
    if (isOld) return readBrief({ recent: null, show }, query, parts);
  }
  const actor = trigger && (await people.actor(trigger.user, api));
  if (trigger === null || actor === null) return null;

  const later = (each: GitlabNote): boolean => each.created_at > trigger.at;
  const titleChanges = titleChanged.filter(later);
  const bodyChanges = bodyChanged.filter(later);
  const self = await people.self(api);
  if (notes.every((each) => each.system || String(each.author?.id) !== self.id)) parts.own.noteBare(noteable);
  const told = notes.filter(
    (each) => isOpenComment(each) && String(each.author?.id) !== self.id && each.created_at <= trigger.at,
  );
  const isTouched = (note: GitlabNote): boolean => note.updated_at > trigger.at;
  const kept = await parts.kept.get(issue.iid, trigger.at);
  const history = bodyChanges.length > 0 || told.some(isTouched) ? await readEditHistory(issue.id, api) : null;
  const title = kept?.title ?? titleBefore(issue.title, titleChanges);
  const standing = bodyChanges.length === 0 ? (issue.description ?? '') : history?.descriptionAt(trigger.at);
  const body = kept?.body ?? standing ?? null;
  if (title === null || body === null) {
    const what = title === null ? 'title' : 'description';
    parts.log('warn', `issue ${issue.iid}: GitLab doesn't tell its ${what} as it stood when it was handed over.`);
    return null;
  }
  if (kept === null) {
    const texts = Object.fromEntries(told.filter((each) => !isTouched(each)).map((each) => [each.id, each.body]));
    await parts.kept.keep(issue.iid, { at: trigger.at, title, body, comments: texts });
  }
  const comments: Brief['comments'][number][] = [];
  const laterEdits: Brief['laterEdits'][number][] = [];
  for (const { field, changes } of [
    { field: 'title' as const, changes: titleChanges },
    { field: 'body' as const, changes: bodyChanges },
  ]) {
    for (const each of changes) {
      laterEdits.push({ field, actor: await people.actor(each.author, api), at: each.created_at });
    }
  }
  for (const note of told) {
    const edit = isTouched(note) ? editAfter(note, trigger.at, history) : null;
    if (edit) laterEdits.push({ field: 'comment', actor: await people.actor(edit.user, api), at: edit.at });
    // GitLab keeps no earlier text of a comment: one that was edited before anybody looked isn't told at all.
    const text = edit ? kept?.comments[note.id] : note.body;
    if (text === undefined) continue;
    comments.push({ author: await people.actor(note.author, api), body: text, at: note.created_at });
  }
  return { trigger: { kind: trigger.kind, actor, at: trigger.at }, title, body, comments, laterEdits };
}

function editAfter(note: GitlabNote, at: number, history: EditHistory | null) {
  const edit = history?.editOf(note.id) ?? null;
  if (edit === 'unknown') return { at: note.updated_at, user: null };
  return edit !== null && edit.at > at ? edit : null;
}
