import type { Gateway } from '@baton/adapter-kit';
import type { CallOptions, Issue, IssueSource } from '@baton/core';
import { BatonError } from '@baton/core';
import type { CreateApi, GitlabApi } from '../host/api.js';
import { ensureNote } from '../host/comments.js';
import { diagnoseToken } from '../host/diagnose-token.js';
import { adapterId, invalidSetting, notFound } from '../host/map-error.js';
import type { OwnNotes } from '../host/own-notes.js';
import { issueNumberOf, numberOf } from '../host/reference.js';
import { type GitlabIssue, issueShape, read } from '../host/shapes.js';
import { trackerOf } from '../host/tracker.js';
import { readBrief } from './brief.js';
import { changeAssignment, changeLabels, type IssueChangeParts } from './issue-changes.js';
import { mapIssue } from './map-issue.js';
import { type PollParts, pollIssues } from './poll.js';
import type { KeptTexts } from './text-snapshots.js';

/** What a source is put together from. */
export interface GitlabSourceParts extends PollParts {
  readonly createApi: CreateApi;
  readonly gateway: Gateway;
  readonly kept: KeptTexts;
  readonly own: OwnNotes;
}

/** The issues of one project. Does no input or output. */
export function createGitlabSource(parts: GitlabSourceParts): IssueSource {
  const { createApi, project, people, baseUrl, recent, own } = parts;
  const apiFor = (options: CallOptions | undefined, priority: 'job' | 'poll' = 'job'): GitlabApi => {
    options?.signal?.throwIfAborted();
    return createApi(options?.signal ? { signal: options.signal, priority } : { priority });
  };
  const orGone = async <Value>(look: () => Promise<Value>): Promise<Value | null> => {
    try {
      return await look();
    } catch (error) {
      if (BatonError.is(error, 'NOT_FOUND')) return null;
      throw error;
    }
  };
  const show = async (iid: number, api: GitlabApi): Promise<GitlabIssue> =>
    read(issueShape, await api.issues.show(iid, { projectId: await project.id(api) }), 'an issue');
  const view = async (iid: number, api: GitlabApi): Promise<Issue | null> =>
    orGone(async () => mapIssue(await show(iid, api), parts, api));
  const required = (issueId: string): number => {
    const iid = numberOf(issueId);
    if (iid === null) throw notFound(`issue ${issueId} in ${project.repository}`);
    return iid;
  };
  const changeParts = async (iid: number, api: GitlabApi): Promise<IssueChangeParts> => ({
    ...{ api, recent, projectId: await project.id(api) },
    show: () => show(iid, api),
  });

  return {
    spec: 'issue-source/1',
    id: adapterId,
    tracker: trackerOf(baseUrl, project.repository),

    async poll(query, cursor, options) {
      refuseCommas([...query.labels, ...query.excludeLabels]);
      return pollIssues(parts, query, cursor, { list: apiFor(options, 'poll'), look: apiFor(options) });
    },
    quotas: () => parts.gateway.quotas(),
    async find(reference, options) {
      const api = apiFor(options);
      // Only what names a project needs to be told by which name it goes now.
      const hasPath = /[/]/.test(reference);
      const paths = [project.repository, ...(hasPath ? [(await project.read(api)).path_with_namespace] : [])];
      const iid = issueNumberOf(reference, { baseUrl, paths });
      return iid === null ? null : view(iid, api);
    },
    async get(id, options) {
      const api = apiFor(options);
      const iid = numberOf(id);
      if (iid === null) return null;
      return orGone(async () => {
        const shown = await show(iid, api);
        const issue = await mapIssue(shown, parts, api, { takesRecent: true });
        recent.note(shown, true);
        return issue;
      });
    },
    async brief(issueId, query, options) {
      const api = apiFor(options);
      const iid = numberOf(issueId);
      if (iid === null) return null;
      const projectId = await project.id(api);
      const look = { recent: recent.takeFirst(iid), show: () => show(iid, api) };
      return orGone(() => readBrief(look, query, { ...parts, api, projectId }));
    },
    permission: async (actor, options) => people.permission(actor, apiFor(options)),
    findActor: async (reference, options) => people.find(reference, apiFor(options)),
    async ensureComment({ issueId, topic, body }, options) {
      const api = apiFor(options);
      const noteable = { kind: 'issue', projectId: await project.id(api), iid: required(issueId) } as const;
      return ensureNote(noteable, { topic, body }, { people, api, own });
    },
    async ensureLabels({ issueId, add, remove }, options) {
      const api = apiFor(options);
      refuseCommas([...add, ...remove]);
      const iid = required(issueId);
      await changeLabels(iid, { add, remove }, await changeParts(iid, api));
    },
    async ensureAssigned(issueId, isAssigned, options) {
      const api = apiFor(options);
      const iid = required(issueId);
      const self = Number((await people.self(api)).id);
      await changeAssignment(iid, { self, isAssigned }, await changeParts(iid, api));
    },
    async *diagnose(options) {
      yield* diagnoseToken({ api: apiFor(options), people, project, feature: 'Issues', signal: options?.signal });
    },
  };
}

/** GitLab has no such label, so none would ever be found or set. */
function refuseCommas(labels: readonly string[]): void {
  if (!labels.some((each) => each.includes(','))) return;
  throw invalidSetting('labels', 'has a label with a comma, which GitLab takes for two');
}
