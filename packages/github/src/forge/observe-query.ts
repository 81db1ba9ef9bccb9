import { z } from 'zod';
import { pullFragment, pullShape } from './pull-request.js';

const pageInfoShape = z.looseObject({ hasPreviousPage: z.boolean(), startCursor: z.string().nullish() });
const sayingShape = z.looseObject({
  id: z.string(),
  lastEditedAt: z.string().nullish(),
  viewerDidAuthor: z.boolean(),
  isMinimized: z.boolean().nullish(),
});
const reviewShape = sayingShape.extend({ state: z.string() });
const threadShape = z.looseObject({
  isResolved: z.boolean(),
  path: z.string(),
  line: z.number().nullish(),
  comments: z.looseObject({ nodes: z.array(sayingShape.extend({ state: z.string() }).nullable()) }),
});
const pageOf = <Shape extends z.ZodType>(shape: Shape) =>
  z.looseObject({ nodes: z.array(shape.nullable()).nullish(), pageInfo: pageInfoShape });

const contextShape = z.looseObject({
  __typename: z.string(),
  databaseId: z.union([z.number().refine(Number.isInteger), z.bigint()]).nullish(),
  name: z.string().nullish(),
  conclusion: z.string().nullish(),
  detailsUrl: z.string().nullish(),
  title: z.string().nullish(),
  summary: z.string().nullish(),
  checkSuite: z
    .looseObject({
      app: z.looseObject({ slug: z.string() }).nullish(),
      workflowRun: z
        .looseObject({ event: z.string().nullish(), workflow: z.looseObject({ name: z.string() }).nullish() })
        .nullish(),
    })
    .nullish(),
  context: z.string().nullish(),
  state: z.string().nullish(),
  targetUrl: z.string().nullish(),
  description: z.string().nullish(),
});
const rollupShape = z.looseObject({
  state: z.string(),
  contexts: z.looseObject({
    nodes: z.array(contextShape.nullable()).nullish(),
    pageInfo: z.looseObject({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }).nullish(),
  }),
});
const commitsShape = z.looseObject({
  nodes: z
    .array(
      z
        .looseObject({ commit: z.looseObject({ oid: z.string().nullish(), statusCheckRollup: rollupShape.nullish() }) })
        .nullable(),
    )
    .nullish(),
});

/** One pull request with all that was said of it, bodies apart. */
export const observedShape = pullShape.extend({
  updatedAt: z.string(),
  comments: pageOf(sayingShape),
  reviews: pageOf(reviewShape).nullish(),
  reviewThreads: pageOf(threadShape),
  commits: commitsShape,
});

export type ObservedPull = z.infer<typeof observedShape>;
export type CheckRollup = z.infer<typeof rollupShape>;
export type CheckContext = z.infer<typeof contextShape>;

/** The lists of a pull request that may go on beyond a page. */
export const listNames = ['comments', 'reviews', 'reviewThreads'] as const;

const saying = 'id lastEditedAt viewerDidAuthor isMinimized';
const lists = {
  comments: `nodes { ${saying} } pageInfo { hasPreviousPage startCursor }`,
  reviews: `nodes { ${saying} state } pageInfo { hasPreviousPage startCursor }`,
  reviewThreads: `nodes { isResolved path line comments(first: 50) { nodes { ${saying} state } } } pageInfo { hasPreviousPage startCursor }`,
};

/** Threads of a pull request that are asked for among many: each costs as much of the quota as a pull request does. */
const fewThreads = 5;
const few = 10;

const checksOf = (page: string): string => `commits(last: 1) { nodes { commit { oid statusCheckRollup {
    state
    contexts(${page}) {
      nodes {
        __typename
        ... on CheckRun { databaseId name conclusion detailsUrl title summary checkSuite { app { slug } workflowRun { event workflow { name } } } }
        ... on StatusContext { context state targetUrl description }
      }
      pageInfo { hasNextPage endCursor }
    }
  } } } }`;

/**
 * Up to a hundred pull requests in one request: about eleven points of the quota. Validated against GitHub's
 * own schema by a test.
 */
export function observeQuery(numbers: readonly number[]): string {
  return `query ObservePullRequests($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    ${numbers.map((number) => `p${number}: pullRequest(number: ${number}) { ...observed }`).join('\n    ')}
  }
}
fragment observed on PullRequest {
  ...pull
  updatedAt
  comments(last: 50) { ${lists.comments} }
  reviews(last: 50) { ${lists.reviews} }
  reviewThreads(last: ${numbers.length > few ? fewThreads : 50}) { ${lists.reviewThreads} }
  ${checksOf('first: 50')}
}
${pullFragment}`;
}

/** A later page of what the checks of a pull request's head say. Validated against GitHub's own schema by a test. */
export const laterChecksQuery = `query LaterChecksOfPullRequest($owner: String!, $name: String!, $number: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) { ${checksOf('first: 100, after: $after')} }
  }
}`;

/** The answer to `laterChecksQuery`. */
export const laterChecksShape = z.looseObject({
  repository: z.looseObject({ pullRequest: z.looseObject({ commits: commitsShape }).nullable() }).nullable(),
});

/** What lies before a page of one list. */
export function earlierQuery(list: (typeof listNames)[number]): string {
  return `query EarlierOfPullRequest($owner: String!, $name: String!, $number: Int!, $before: String!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) { ${list}(last: 100, before: $before) { ${lists[list]} } }
  }
}`;
}

/** The answer to `earlierQuery`. */
export const earlierShape = z.looseObject({
  repository: z
    .looseObject({
      pullRequest: z
        .looseObject({
          comments: observedShape.shape.comments.optional(),
          reviews: observedShape.shape.reviews,
          reviewThreads: observedShape.shape.reviewThreads.optional(),
        })
        .nullable(),
    })
    .nullable(),
});

/** The words themselves, a hundred at once. Validated against GitHub's own schema by a test. */
export const feedbackTextQuery = `query FeedbackWords($ids: [ID!]!) {
  nodes(ids: $ids) { id ... on Comment { body createdAt author { ...who } } }
}`;
