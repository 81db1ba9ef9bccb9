import type { Actor, Brief, Instant, Issue, IssueQuery } from '@baton/core';

/** A text, or an actor, as somebody set it. */
export interface Revision<Text> {
  readonly text: Text;
  readonly actor: Actor | null;
  readonly at: Instant;
  readonly sequence: number;
}

/** A comment with all that it ever said. */
export interface StoredComment {
  readonly id: string;
  readonly author: Actor;
  readonly revisions: [Revision<string>, ...Revision<string>[]];
}

/** An issue with its history: what the memory source keeps. */
export interface StoredIssue {
  readonly number: number;
  readonly author: Actor | null;
  readonly visibility: Issue['visibility'];
  readonly priority: number | null;
  readonly blockedBy: readonly string[];
  broken: boolean;
  readonly createdAt: Instant;
  readonly comments: StoredComment[];
  readonly titles: [Revision<string>, ...Revision<string>[]];
  readonly bodies: [Revision<string>, ...Revision<string>[]];
  /** When each present label or assignee was set. */
  readonly labels: Map<string, Revision<string>>;
  readonly assignees: Map<string, Revision<Actor>>;
  open: boolean;
  updatedAt: Instant;
  sequence: number;
}

/** What a person would type. */
export function keyOf(number: number): string {
  return `mem#${number}`;
}

/** The one that stands now. */
export function latest<Text>(revisions: readonly [Revision<Text>, ...Revision<Text>[]]): Revision<Text> {
  return revisions.at(-1) ?? revisions[0];
}

/** Whether the query finds the issue. */
export function matches(issue: StoredIssue, query: IssueQuery): boolean {
  return (
    issue.open &&
    query.labels.every((label) => issue.labels.has(label.toLowerCase())) &&
    !query.excludeLabels.some((label) => issue.labels.has(label.toLowerCase())) &&
    (query.assignee === null || issue.assignees.has(query.assignee))
  );
}

/** The text as it stood when the last of the query's labels and assignees was set. */
export function briefOf(issue: StoredIssue, query: IssueQuery): Brief | null {
  const asked = [
    ...query.labels.map((label) => ({ kind: 'label' as const, set: issue.labels.get(label.toLowerCase()) })),
    ...(query.assignee === null ? [] : [{ kind: 'assignment' as const, set: issue.assignees.get(query.assignee) }]),
  ];
  const last = asked.reduce<(typeof asked)[number] | undefined>(
    (found, each) => (found?.set && each.set && found.set.sequence >= each.set.sequence ? found : each),
    undefined,
  );
  if (!last || asked.some((each) => !each.set) || !last.set?.actor) return null;
  const { actor, at, sequence } = last.set;
  const standing = <Text>(revisions: readonly [Revision<Text>, ...Revision<Text>[]]): Text =>
    (revisions.findLast((each) => each.sequence <= sequence) ?? revisions[0]).text;
  const later = (field: 'title' | 'body' | 'comment', revisions: readonly Revision<string>[]): Brief['laterEdits'] =>
    revisions
      .slice(1)
      .filter((each) => each.sequence > sequence)
      .map((each) => ({ field, actor: each.actor, at: each.at }));
  const comments = issue.comments.filter(
    (each) => each.author.kind !== 'self' && each.revisions[0].sequence <= sequence,
  );
  return {
    trigger: { kind: last.kind, actor, at },
    title: standing(issue.titles),
    body: standing(issue.bodies),
    comments: comments.map(({ author, revisions }) => ({ author, body: standing(revisions), at: revisions[0].at })),
    laterEdits: [
      ...later('title', issue.titles),
      ...later('body', issue.bodies),
      ...comments.flatMap((each) => later('comment', each.revisions)),
    ],
  };
}

/** Makes the members these, keeping since when each has been there. Whether anything changed. */
export function setMembers<Member>(
  present: Map<string, Revision<Member>>,
  wanted: ReadonlyMap<string, Member>,
  revise: (member: Member) => Revision<Member>,
): boolean {
  const added = [...wanted].filter(([name]) => !present.has(name));
  const gone = [...present.keys()].filter((name) => !wanted.has(name));
  for (const [name, member] of added) present.set(name, revise(member));
  for (const name of gone) present.delete(name);
  return added.length + gone.length > 0;
}
