import { connectionOf, type GraphqlArguments, GraphqlFieldError, type GraphqlObject } from '../graphql-execute.js';
import type { FakeGithubPermission } from './access.js';
import {
  isoOf,
  latest,
  type Revisions,
  type StoredActor,
  type StoredCheck,
  type StoredComment,
  type StoredEvent,
  type StoredIssue,
  type StoredRepository,
} from './model.js';
import { checkState } from './people.js';
import type { RouteScope } from './route-scope.js';

/** Objects of GitHub's GraphQL, for as much of it as adapters ask for. */
export interface GraphqlNodes {
  repository(repository: StoredRepository): GraphqlObject;
  pull(repository: StoredRepository, issue: StoredIssue): GraphqlObject;
  /** A comment, a review or a comment of a thread, by its id; null where there is none. */
  saying(id: string): GraphqlObject | null;
}

const eventTypes: Readonly<Record<StoredEvent['type'], readonly [name: string, item: string]>> = {
  labeled: ['LabeledEvent', 'LABELED_EVENT'],
  unlabeled: ['UnlabeledEvent', 'UNLABELED_EVENT'],
  assigned: ['AssignedEvent', 'ASSIGNED_EVENT'],
  unassigned: ['UnassignedEvent', 'UNASSIGNED_EVENT'],
  renamed: ['RenamedTitleEvent', 'RENAMED_TITLE_EVENT'],
  draft: ['ConvertToDraftEvent', 'CONVERT_TO_DRAFT_EVENT'],
  ready: ['ReadyForReviewEvent', 'READY_FOR_REVIEW_EVENT'],
};

export function createGraphqlNodes({ host, self, origin, access }: RouteScope): GraphqlNodes {
  const refusal = new GraphqlFieldError('FORBIDDEN', access.refusal);
  const demand = (permission: FakeGithubPermission, repository: StoredRepository): void => {
    if (!access.allows(permission, 'read', repository)) throw refusal;
  };
  const connection = (list: readonly unknown[]) => (args: GraphqlArguments) => connectionOf(list, args);
  const actorNode = (actor: StoredActor | null): GraphqlObject | null =>
    actor === null || actor.ghost
      ? null
      : { __typename: actor.kind, login: actor.login.replace(/\[bot\]$/, ''), databaseId: actor.id };
  const edits = (texts: Revisions): readonly GraphqlObject[] =>
    texts.length === 1
      ? []
      : [...texts]
          .reverse()
          .map(({ text, actor, at }) => ({ editedAt: isoOf(at), diff: text, editor: actorNode(actor) }));
  const textFields = (texts: Revisions, author: StoredActor): GraphqlObject => ({
    body: latest(texts).text,
    author: actorNode(author),
    createdAt: isoOf(texts[0].at),
    lastEditedAt: texts.length === 1 ? null : isoOf(latest(texts).at),
    editor: texts.length === 1 ? null : actorNode(latest(texts).actor),
    viewerDidAuthor: author === self,
    userContentEdits: connection(edits(texts)),
  });
  const commentNode = (comment: StoredComment, type: string): GraphqlObject => ({
    __typename: type,
    id: comment.nodeId,
    fullDatabaseId: String(comment.id),
    isMinimized: comment.minimized,
    ...textFields(comment.bodies, comment.author),
  });
  const eventNode = (event: StoredEvent, hidden: boolean): GraphqlObject => ({
    __typename: eventTypes[event.type][0],
    createdAt: isoOf(event.at),
    actor: actorNode(hidden ? null : event.actor),
    label: { name: event.subject },
    assignee: { __typename: 'User', login: event.subject },
    previousTitle: event.subject,
    currentTitle: event.after,
  });
  const timeline = (repository: StoredRepository, issue: StoredIssue) => (args: GraphqlArguments) => {
    const asked = args['itemTypes'];
    const events = issue.events.filter((each) => !Array.isArray(asked) || asked.includes(eventTypes[each.type][1]));
    return connectionOf(
      events.map((each) => eventNode(each, repository.triggersHidden)),
      args,
    );
  };
  const shared = (repository: StoredRepository, issue: StoredIssue): GraphqlObject => ({
    number: issue.number,
    title: latest(issue.titles).text,
    url: `${origin}/${repository.fullName}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`,
    updatedAt: isoOf(issue.updatedAt),
    labels: connection(issue.labels.map((name) => ({ name }))),
    comments: connection(issue.comments.map((each) => commentNode(each, 'IssueComment'))),
    timelineItems: timeline(repository, issue),
    ...textFields(issue.bodies, issue.author),
  });
  const checkNode = (check: StoredCheck): GraphqlObject =>
    check.kind === 'run'
      ? {
          __typename: 'CheckRun',
          databaseId: check.id,
          name: check.name,
          status: check.conclusion === null ? 'IN_PROGRESS' : 'COMPLETED',
          conclusion: check.conclusion?.toUpperCase() ?? null,
          detailsUrl: `${origin}/runs/${check.id}`,
          title: check.name,
          summary: check.summary,
          checkSuite:
            check.log === null
              ? { app: { slug: 'some-checker' }, workflowRun: null }
              : {
                  app: { slug: 'github-actions' },
                  workflowRun: { event: 'pull_request', workflow: { name: check.workflow ?? 'CI' } },
                },
        }
      : {
          __typename: 'StatusContext',
          context: check.name,
          state: (check.conclusion ?? 'pending').toUpperCase(),
          targetUrl: `${origin}/status/${check.id}`,
          description: check.summary,
        };
  const readable = (check: StoredCheck, repository: StoredRepository): GraphqlObject | GraphqlFieldError =>
    access.allows(check.kind === 'run' ? 'checks' : 'statuses', 'read', repository) ? checkNode(check) : refusal;
  const rollupOf = (checks: readonly StoredCheck[], repository: StoredRepository): GraphqlObject | null => {
    const state = checkState([...checks]);
    if (state === 'none') return null;
    const words = { pending: 'PENDING', passed: 'SUCCESS', failed: 'FAILURE' };
    return { state: words[state], contexts: connection(checks.map((each) => readable(each, repository))) };
  };
  const pull = (repository: StoredRepository, issue: StoredIssue): GraphqlObject => {
    const stored = issue.pull;
    if (!stored) throw new Error(`#${issue.number} is no pull request`);
    // Of what is not submitted yet only its author knows.
    const reviews = stored.reviews.filter((each) => each.state !== 'PENDING' || each.author === self);
    const headOid = async (): Promise<string> =>
      stored.endedCommit ?? (await repository.branches.get(stored.head)) ?? '';
    const rollup = async (): Promise<GraphqlObject | null> =>
      (await stored.checkedCommit) === (await headOid()) ? rollupOf(stored.checks, repository) : null;
    return {
      ...shared(repository, issue),
      __typename: 'PullRequest',
      id: `PR_${issue.id}`,
      state: stored.merged ? 'MERGED' : issue.open ? 'OPEN' : 'CLOSED',
      isDraft: stored.draft,
      headRefName: stored.head,
      headRefOid: headOid,
      baseRefName: stored.base,
      mergeable: stored.mergeable,
      isCrossRepository: stored.fork !== null,
      commits: connection([{ commit: { oid: headOid, statusCheckRollup: rollup } }]),
      reviews: connection(
        reviews.map((each) => ({
          ...commentNode(each, 'PullRequestReview'),
          state: each.state,
          submittedAt: each.state === 'PENDING' ? null : isoOf(each.bodies[0].at),
        })),
      ),
      reviewThreads: connection(
        stored.threads.map((thread) => ({
          id: thread.nodeId,
          isResolved: thread.resolved,
          path: thread.path,
          line: thread.outdated ? null : thread.line,
          originalLine: thread.line,
          isOutdated: thread.outdated,
          comments: connection(
            thread.comments.map((each) => ({ ...commentNode(each, 'PullRequestReviewComment'), state: 'SUBMITTED' })),
          ),
        })),
      ),
    };
  };
  const issueOf = (
    repository: StoredRepository,
    args: GraphqlArguments,
    kind: 'Issue' | 'PullRequest',
  ): StoredIssue => {
    const issue = repository.issues.get(Number(args['number']));
    if (issue && issue.gone === null && (issue.pull !== null) === (kind === 'PullRequest')) return issue;
    const what = kind === 'Issue' ? 'an Issue' : 'a PullRequest';
    throw new GraphqlFieldError('NOT_FOUND', `Could not resolve to ${what} with the number of ${args['number']}.`);
  };
  return {
    pull,
    repository: (repository) => ({
      __typename: 'Repository',
      databaseId: repository.id,
      nameWithOwner: repository.fullName,
      isPrivate: repository.private,
      issue: (args: GraphqlArguments) => {
        demand('issues', repository);
        const issue = issueOf(repository, args, 'Issue');
        return { __typename: 'Issue', id: `I_${issue.id}`, ...shared(repository, issue) };
      },
      issues: (args: GraphqlArguments) => {
        demand('issues', repository);
        const states = args['states'];
        const isAsked = (issue: StoredIssue): boolean =>
          states === undefined || states === null || [states].flat().includes(issue.open ? 'OPEN' : 'CLOSED');
        const sorted = [...repository.issues.values()].filter(
          (each) => each.pull === null && each.gone === null && isAsked(each),
        );
        sorted.sort((left, right) => right.updatedAt - left.updatedAt);
        return connectionOf(
          sorted.map((each) => ({ number: each.number, updatedAt: isoOf(each.updatedAt) })),
          args,
        );
      },
      pullRequest: (args: GraphqlArguments) => {
        demand('pull_requests', repository);
        return pull(repository, issueOf(repository, args, 'PullRequest'));
      },
    }),
    saying(id) {
      for (const repository of host.repositories.values()) {
        for (const { comments, pull: stored } of repository.issues.values()) {
          const threads = stored?.threads.flatMap((each) => each.comments) ?? [];
          const found = [...comments, ...(stored?.reviews ?? []), ...threads].find((each) => each.nodeId === id);
          if (found) return commentNode(found, 'IssueComment');
        }
      }
      return null;
    },
  };
}
