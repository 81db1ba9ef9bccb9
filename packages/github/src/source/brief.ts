import type { Actor, Brief, CallOptions, Instant, IssueQuery } from '@baton/core';
import { type Self, whoToActor } from '../host/actor.js';
import type { Repository } from '../host/repository.js';
import { type BriefIssue, readBriefIssue, type TextHistory, type TimelineEvent } from './brief-query.js';

/** The issue as it stood when it was handed over, or null. One GraphQL request for most issues. */
export async function readBrief(
  repository: Repository,
  number: number,
  query: IssueQuery,
  options?: CallOptions,
): Promise<Brief | null> {
  const [issue, self] = await Promise.all([
    readBriefIssue(repository, number, options),
    repository.self({ ...options }),
  ]);
  if (issue?.comments.every((each) => !each.viewerDidAuthor)) repository.bare.note(number);
  return issue && toBrief(issue, query, self);
}

/**
 * GitHub's instants are exact to a second. What happened in the second of the trigger counts as later, save
 * what the timeline itself puts before it: no stranger's words slip in.
 */
export function toBrief(issue: BriefIssue, query: IssueQuery, self: Self): Brief | null {
  const found = findTrigger(issue.timeline, query);
  if (!found) return null;
  const { kind, index, event } = found;
  const actor = whoToActor(event.actor, self);
  if (!actor) return null;
  const at = event.createdAt;
  const body = textAt(issue, at, self);
  const title = titleAt(issue, index, self);
  const early = issue.comments.filter((each) => !each.viewerDidAuthor && !each.isHidden && each.createdAt < at);
  const comments = early.map((each) => ({ author: whoToActor(each.author, self), said: textAt(each, at, self), each }));
  const edits = (field: 'body' | 'comment', list: readonly Edit[]): Brief['laterEdits'] =>
    list.map((edit) => ({ field, ...edit }));
  return {
    trigger: { kind, actor, at },
    title: title.text,
    body: body.text,
    comments: comments.map(({ author, said, each }) => ({ author, body: said.text, at: each.createdAt })),
    laterEdits: [
      ...title.later.map((edit) => ({ field: 'title' as const, ...edit })),
      ...edits('body', body.later),
      ...comments.flatMap(({ said }) => edits('comment', said.later)),
    ],
  };
}

interface Edit {
  readonly actor: Actor | null;
  readonly at: Instant;
}

interface TextThen {
  readonly text: string;
  readonly later: readonly Edit[];
}

interface Trigger {
  readonly kind: 'label' | 'assignment';
  readonly index: number;
  readonly event: TimelineEvent;
}

/** What completed the match: the last of the query's labels and assignee to be set, each since it was last taken away. */
function findTrigger(timeline: readonly TimelineEvent[], query: IssueQuery): Trigger | null {
  const lastOf = (
    kind: Trigger['kind'],
    types: readonly [set: string, taken: string],
    subject: string,
  ): Trigger | null => {
    const wanted = subject.toLowerCase();
    const index = timeline.findLastIndex(
      (each) => types.includes(each.__typename) && subjectOf(each)?.toLowerCase() === wanted,
    );
    const event = timeline[index];
    return event?.__typename === types[0] ? { kind, index, event } : null;
  };
  const asked = [
    ...query.labels.map((label) => lastOf('label', ['LabeledEvent', 'UnlabeledEvent'], label)),
    ...(query.assignee === null ? [] : [lastOf('assignment', ['AssignedEvent', 'UnassignedEvent'], query.assignee)]),
  ];
  const set = asked.filter((each) => each !== null);
  if (set.length < asked.length) return null;
  return set.reduce<Trigger | null>((last, each) => (last && last.index > each.index ? last : each), null);
}

function subjectOf(event: TimelineEvent): string | undefined {
  return event.label?.name ?? event.assignee?.login ?? undefined;
}

function titleAt(issue: BriefIssue, trigger: number, self: Self): TextThen {
  const later = issue.timeline.slice(trigger + 1).filter((each) => each.__typename === 'RenamedTitleEvent');
  return {
    text: later[0]?.previousTitle ?? issue.title,
    later: later.map((each) => ({ actor: whoToActor(each.actor, self), at: each.createdAt })),
  };
}

function textAt(said: TextHistory, at: Instant, self: Self): TextThen {
  const { lastEditedAt } = said;
  if (lastEditedAt === null || lastEditedAt < at) return { text: said.body, later: [] };
  const [original, ...edits] = [...said.edits].sort((left, right) => left.editedAt - right.editedAt);
  const before = edits.filter((each) => each.editedAt < at).at(-1) ?? original;
  if (!original || said.hasMoreEdits || before?.diff === null || before === undefined) {
    // How it stood can't be told any more: a person must confirm what stands now.
    return { text: said.body, later: [{ actor: null, at: lastEditedAt }] };
  }
  const later = edits.filter((each) => each.editedAt >= at);
  return {
    text: before.diff,
    later: later.map((each) => ({ actor: whoToActor(each.editor, self), at: each.editedAt })),
  };
}
