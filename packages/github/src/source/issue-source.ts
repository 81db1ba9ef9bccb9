import type { AdapterHost, CallOptions, Issue, IssueSource } from '@baton/core';
import { ensureComment, numberOf, numberOrNull } from '../host/comments.js';
import { diagnose } from '../host/diagnose.js';
import { ensureLabels } from '../host/labels.js';
import { adapterId } from '../host/map-error.js';
import { referredNumber } from '../host/reference.js';
import type { Repository } from '../host/repository.js';
import { trackerOf } from '../host/tracker.js';
import { listBlockers } from './blockers.js';
import { readBrief } from './brief.js';
import { issueShape, repositoryOf, toIssue } from './map-issue.js';
import { pollIssues } from './poll.js';

/** What a source is put together from. */
export interface GithubSourceParts {
  readonly repository: Repository;
  readonly baseUrl: string;
  /** False for an App, which can't be assigned. */
  readonly canBeAssigned: boolean;
  readonly log: AdapterHost['log'];
}

/** The issues of one repository. Does no input or output. */
export function createGithubSource({ repository, baseUrl, canBeAssigned, log }: GithubSourceParts): IssueSource {
  const { client, at, fullName } = repository;
  const read = async (number: number | null, options?: CallOptions): Promise<Issue | null> => {
    options?.signal?.throwIfAborted();
    if (number === null) return null;
    const call = { ...options, what: `read ${fullName}#${number}` };
    const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}';
    const issue = await client.get(route, { ...at, issue_number: number }, issueShape, call);
    if (!issue) {
      await repository.confirmSeen({ ...options });
      return null;
    }
    if (issue.pull_request !== undefined) return null;
    const { isPrivate, fullName: presentName } = await repository.facts({ ...options });
    // GitHub leads on from an issue that was transferred: it is another repository's now.
    if (repositoryOf(issue).toLowerCase() !== presentName.toLowerCase()) return null;
    const [self, blockedBy] = await Promise.all([
      repository.self({ ...options }),
      listBlockers(repository, issue, { ...options }),
    ]);
    return toIssue(issue, { fullName, isPrivate, self, blockedBy });
  };
  const ensureAssigned = async (issueId: string, assigned: boolean, options?: CallOptions): Promise<void> => {
    const number = numberOf(issueId, fullName);
    const self = await repository.self({ ...options });
    // Either changes nothing where it is so already.
    const route = `${assigned ? 'POST' : 'DELETE'} /repos/{owner}/{repo}/issues/{issue_number}/assignees`;
    const parameters = { ...at, issue_number: number, assignees: [self.login] };
    await client.request(route, parameters, { ...options, what: `assign ${fullName}#${issueId}` });
  };
  return {
    spec: 'issue-source/1',
    id: adapterId,
    tracker: trackerOf(baseUrl, fullName),
    poll: (query, cursor, options) => pollIssues(repository, query, cursor, log, options),
    quotas: () => client.gateway.quotas(),
    async find(reference, options) {
      return read(referredNumber(reference, fullName, baseUrl), options);
    },
    get: (id, options) => read(numberOrNull(id), options),
    async brief(issueId, query, options) {
      options?.signal?.throwIfAborted();
      const number = numberOrNull(issueId);
      return number === null ? null : readBrief(repository, number, query, options);
    },
    permission: (actor, options) => repository.permission(actor, options),
    findActor: (reference, options) => repository.findActor(reference, options),
    async ensureComment({ issueId, topic, body }, options) {
      return ensureComment(repository, { number: numberOf(issueId, fullName), topic, body }, options);
    },
    async ensureLabels({ issueId, add, remove }, options) {
      await ensureLabels(repository, { number: numberOf(issueId, fullName), add, remove }, options);
    },
    ...(canBeAssigned ? { ensureAssigned } : {}),
    diagnose: (options) => diagnose(repository, ['issues'], options),
  };
}
