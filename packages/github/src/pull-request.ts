import type { CallOptions, PullRequest } from '@baton/core';
import { z } from 'zod';
import { whoFragment, whoShape } from './actor.js';
import type { Repository } from './repository.js';

/** A pull request, by the fragment `pull`. */
export const pullShape = z.looseObject({
  id: z.string(),
  number: z.int().positive(),
  url: z.string(),
  state: z.string(),
  isDraft: z.boolean(),
  headRefName: z.string(),
  headRefOid: z.string(),
  baseRefName: z.string(),
  mergeable: z.string(),
});

/** What `pullShape` reads. */
export const pullFragment = `fragment pull on PullRequest {
  id number url state isDraft headRefName headRefOid baseRefName mergeable
}`;

const ownedShape = pullShape.extend({
  title: z.string(),
  body: z.string(),
  isCrossRepository: z.boolean(),
  viewerDidAuthor: z.boolean(),
  labels: z.looseObject({ nodes: z.array(z.looseObject({ name: z.string() }).nullable()) }).nullish(),
  timelineItems: z.looseObject({
    nodes: z.array(z.looseObject({ __typename: z.string(), actor: whoShape }).nullable()),
  }),
});
const answerShape = z.looseObject({
  repository: z
    .looseObject({
      pullRequests: z.looseObject({
        nodes: z.array(ownedShape.nullable()),
        pageInfo: z.looseObject({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
      }),
    })
    .nullable(),
});

/** A pull request with all that decides what Baton may change about it. */
export type OwnedPull = z.infer<typeof ownedShape>;

/** Validated against GitHub's own schema by a test. */
export const pullsOfHeadQuery = `query PullRequestsOfHead($owner: String!, $name: String!, $head: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(headRefName: $head, first: 50, after: $after, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes {
        ...pull
        title body isCrossRepository viewerDidAuthor
        labels(first: 100) { nodes { name } }
        timelineItems(last: 50, itemTypes: [RENAMED_TITLE_EVENT, CONVERT_TO_DRAFT_EVENT, READY_FOR_REVIEW_EVENT]) {
          nodes {
            __typename
            ... on RenamedTitleEvent { actor { ...who } }
            ... on ConvertToDraftEvent { actor { ...who } }
            ... on ReadyForReviewEvent { actor { ...who } }
          }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
${pullFragment}
${whoFragment}`;

/** Pull requests of a branch of the repository itself, newest first, in every state. */
export async function listPullsOfHead(
  { client, owner, name, fullName }: Repository,
  head: string,
  options?: CallOptions,
): Promise<readonly OwnedPull[]> {
  const what = `list the pull requests of a branch of ${fullName}`;
  const found: OwnedPull[] = [];
  // Forks can have any number of branches of this name.
  for (let after: string | null = null; ; ) {
    const variables = { owner, name, head, after };
    const answer: z.infer<typeof answerShape> = await client.graphql(pullsOfHeadQuery, variables, answerShape, {
      ...options,
      what,
    });
    const page = answer.repository?.pullRequests;
    found.push(...(page?.nodes ?? []).filter((each) => each !== null));
    after = page?.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
    // A fork's branch of the same name is somebody else's.
    if (after === null) return found.filter((each) => each.headRefName === head && !each.isCrossRepository);
  }
}

/** A pull request as the contracts have it. */
export function toPullRequest(pull: z.infer<typeof pullShape>): PullRequest {
  const states = { OPEN: 'open', MERGED: 'merged', CLOSED: 'closed' } as const;
  const mergeable = { MERGEABLE: 'yes', CONFLICTING: 'conflict' } as const;
  const state = Object.entries(states).find(([word]) => word === pull.state)?.[1];
  return {
    id: String(pull.number),
    number: pull.number,
    url: pull.url,
    state: { unified: state ?? 'closed', raw: pull.state },
    draft: pull.isDraft,
    head: pull.headRefName,
    headCommit: pull.headRefOid,
    base: pull.baseRefName,
    mergeable: Object.entries(mergeable).find(([word]) => word === pull.mergeable)?.[1] ?? 'unknown',
  };
}
