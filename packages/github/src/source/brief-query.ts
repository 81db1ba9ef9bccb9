import type { CallOptions } from '@baton/core';
import { z } from 'zod';
import { whoFragment, whoShape } from '../host/actor.js';
import { createPageGuard } from '../host/page-guard.js';
import type { Repository } from '../host/repository.js';

const instantShape = z.iso.datetime().transform((text) => Date.parse(text));
const pageInfoShape = z.looseObject({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });

const historyShape = z.looseObject({
  body: z.string(),
  createdAt: instantShape,
  lastEditedAt: instantShape.nullish(),
  userContentEdits: z
    .looseObject({
      nodes: z.array(
        z.looseObject({ editedAt: instantShape, diff: z.string().nullish(), editor: whoShape }).nullable(),
      ),
      pageInfo: pageInfoShape,
    })
    .nullish(),
});
const commentShape = historyShape.extend({
  viewerDidAuthor: z.boolean(),
  isMinimized: z.boolean().nullish(),
  author: whoShape,
});
const eventShape = z.looseObject({
  __typename: z.string(),
  createdAt: instantShape,
  actor: whoShape,
  label: z.looseObject({ name: z.string() }).nullish(),
  assignee: z.looseObject({ login: z.string().nullish() }).nullish(),
  previousTitle: z.string().nullish(),
});
const briefShape = z.looseObject({
  repository: z
    .looseObject({
      issue: historyShape
        .extend({
          title: z.string(),
          comments: z.looseObject({ nodes: z.array(commentShape.nullable()), pageInfo: pageInfoShape }),
          timelineItems: z.looseObject({ nodes: z.array(eventShape.nullable()), pageInfo: pageInfoShape }),
        })
        .nullable(),
    })
    .nullable(),
});

/** A text with what was changed about it. */
export interface TextHistory {
  readonly body: string;
  readonly createdAt: number;
  readonly lastEditedAt: number | null;
  /** The text after each edit; the first is the original. Null: GitHub no longer has it. */
  readonly edits: readonly {
    readonly editedAt: number;
    readonly diff: string | null;
    readonly editor: z.infer<typeof whoShape>;
  }[];
  readonly hasMoreEdits: boolean;
}

/** One event of an issue's timeline. */
export type TimelineEvent = z.infer<typeof eventShape>;

/** An issue with its whole history. */
export interface BriefIssue extends TextHistory {
  readonly title: string;
  readonly comments: readonly (TextHistory & {
    readonly viewerDidAuthor: boolean;
    /** A person hid it, as spam, off-topic, outdated or abuse. */
    readonly isHidden: boolean;
    readonly author: z.infer<typeof whoShape>;
  })[];
  readonly timeline: readonly TimelineEvent[];
}

/** Validated against GitHub's own schema by a test. */
export const briefQuery = `query IssueBrief($owner: String!, $name: String!, $number: Int!, $comments: String, $timeline: String) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) {
      title body createdAt lastEditedAt
      userContentEdits(first: 100) { nodes { editedAt diff editor { ...who } } pageInfo { hasNextPage endCursor } }
      comments(first: 100, after: $comments) {
        nodes {
          body createdAt lastEditedAt viewerDidAuthor isMinimized
          author { ...who }
          userContentEdits(first: 30) { nodes { editedAt diff editor { ...who } } pageInfo { hasNextPage endCursor } }
        }
        pageInfo { hasNextPage endCursor }
      }
      timelineItems(first: 100, after: $timeline, itemTypes: [LABELED_EVENT, UNLABELED_EVENT, ASSIGNED_EVENT, UNASSIGNED_EVENT, RENAMED_TITLE_EVENT]) {
        nodes {
          __typename
          ... on LabeledEvent { createdAt actor { ...who } label { name } }
          ... on UnlabeledEvent { createdAt actor { ...who } label { name } }
          ... on AssignedEvent { createdAt actor { ...who } assignee { ... on User { login } ... on Bot { login } } }
          ... on UnassignedEvent { createdAt actor { ...who } assignee { ... on User { login } ... on Bot { login } } }
          ... on RenamedTitleEvent { createdAt actor { ...who } previousTitle }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
${whoFragment}`;

/** Reads every comment and every event. Null where there is no such issue. */
export async function readBriefIssue(
  { client, owner, name, fullName }: Repository,
  number: number,
  options?: CallOptions,
): Promise<BriefIssue | null> {
  const what = `read ${fullName}#${number} and its history`;
  const comments: BriefIssue['comments'][number][] = [];
  const timeline: TimelineEvent[] = [];
  const enter = createPageGuard(what);
  let after: { comments: string | null; timeline: string | null } = { comments: null, timeline: null };
  for (;;) {
    enter(JSON.stringify(after));
    const variables = { owner, name, number, ...after };
    const { repository } = await client.graphql(briefQuery, variables, briefShape, { ...options, what });
    const issue = repository?.issue;
    if (!issue) return null;
    const { comments: said, timelineItems: told } = issue;
    for (const each of said.nodes) {
      if (!each) continue;
      const { viewerDidAuthor, isMinimized, author } = each;
      comments.push({ ...toHistory(each), viewerDidAuthor, isHidden: isMinimized === true, author });
    }
    timeline.push(...told.nodes.filter((each) => each !== null));
    if (!said.pageInfo.hasNextPage && !told.pageInfo.hasNextPage) {
      return { ...toHistory(issue), title: issue.title, comments, timeline };
    }
    // The end of one list is told again with an empty page, while the other goes on.
    after = {
      comments: said.pageInfo.endCursor ?? after.comments,
      timeline: told.pageInfo.endCursor ?? after.timeline,
    };
  }
}

function toHistory(text: z.infer<typeof historyShape>): TextHistory {
  const { body, createdAt, lastEditedAt = null, userContentEdits } = text;
  const edits = (userContentEdits?.nodes ?? []).filter((each) => each !== null);
  return {
    ...{ body, createdAt, lastEditedAt },
    edits: edits.map(({ editedAt, diff = null, editor }) => ({ editedAt, diff, editor })),
    hasMoreEdits: userContentEdits?.pageInfo.hasNextPage === true,
  };
}
