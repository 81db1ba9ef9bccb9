import { executeGraphql, type GraphqlArguments, GraphqlFieldError, type GraphqlObject } from '../graphql-execute.js';
import { fieldOf, textField } from '../server-message.js';
import type { HttpRoutes } from '../server-routes.js';
import { createGraphqlNodes } from './graphql-nodes.js';
import type { RouteScope } from './route-scope.js';

/** GraphQL over the same state as the REST interface. */
export function graphqlRoutes(scope: RouteScope): HttpRoutes {
  const { host, self } = scope;
  const nodes = createGraphqlNodes(scope);
  const pullById = (input: unknown) => {
    const id = textField(input, 'pullRequestId');
    for (const repository of host.repositories.values()) {
      for (const issue of repository.issues.values()) {
        if (issue.pull && `PR_${issue.id}` === id) return { repository, issue, pull: issue.pull };
      }
    }
    throw new GraphqlFieldError('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);
  };
  const setDraft = (draft: boolean) => (args: GraphqlArguments) => {
    const { repository, issue, pull } = pullById(fieldOf(args, 'input'));
    pull.draft = draft;
    host.addEvent(issue, draft ? 'draft' : 'ready', self);
    return { pullRequest: nodes.pull(repository, issue) };
  };
  const query: GraphqlObject = {
    repository: ({ owner, name }: GraphqlArguments) => {
      const asked = `${owner}/${name}`.toLowerCase();
      const found = host.repositories.get((scope.renamed.get(asked) ?? asked).toLowerCase());
      if (found) return nodes.repository(found);
      throw new GraphqlFieldError('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
    },
    nodes: ({ ids }: GraphqlArguments) => {
      if (!Array.isArray(ids) || ids.length > 100) throw new Error('nodes takes up to 100 ids');
      return ids.map((id) => nodes.saying(String(id)));
    },
  };
  const mutation: GraphqlObject = {
    convertPullRequestToDraft: setDraft(true),
    markPullRequestReadyForReview: setDraft(false),
  };
  return { 'POST /api/graphql': ({ body }) => executeGraphql(body, { query, mutation }) };
}
