import type { CallOptions } from '@baton/core';
import { z } from 'zod';
import { whoFragment, whoShape } from '../host/actor.js';
import type { Repository } from '../host/repository.js';
import type { RestPull } from './pull-request.js';

const answerShape = z.looseObject({
  repository: z
    .looseObject({
      pullRequest: z
        .looseObject({
          timelineItems: z.looseObject({
            nodes: z.array(z.looseObject({ __typename: z.string(), actor: whoShape }).nullable()),
          }),
        })
        .nullable(),
    })
    .nullable(),
});

/** Validated against GitHub's own schema by a test. */
export const pullEventsQuery = `query PullRequestEvents($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      timelineItems(last: 50, itemTypes: [RENAMED_TITLE_EVENT, CONVERT_TO_DRAFT_EVENT, READY_FOR_REVIEW_EVENT]) {
        nodes {
          __typename
          ... on RenamedTitleEvent { actor { ...who } }
          ... on ConvertToDraftEvent { actor { ...who } }
          ... on ReadyForReviewEvent { actor { ...who } }
        }
      }
    }
  }
}
${whoFragment}`;

/** What of a pull request Baton was the last to set: what a person set stays as it is. */
export interface LastHand {
  readonly title: boolean;
  readonly draft: boolean;
}

/** Who set title and draft flag last. */
export async function readLastHand(repository: Repository, pull: RestPull, options?: CallOptions): Promise<LastHand> {
  const { client, owner, name, fullName } = repository;
  const what = `read who changed pull request #${pull.number} of ${fullName}`;
  const variables = { owner, name, number: pull.number };
  const [self, answer] = await Promise.all([
    repository.self({ ...options }),
    client.graphql(pullEventsQuery, variables, answerShape, { ...options, what }),
  ]);
  const events = (answer.repository?.pullRequest?.timelineItems.nodes ?? []).filter((each) => each !== null);
  const isOurs = (types: readonly string[]): boolean => {
    const last = events.findLast((each) => types.includes(each.__typename));
    return (last ? last.actor?.databaseId : pull.user?.id) === self.id;
  };
  return { title: isOurs(['RenamedTitleEvent']), draft: isOurs(['ConvertToDraftEvent', 'ReadyForReviewEvent']) };
}
