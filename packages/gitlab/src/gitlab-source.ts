import type { CallOptions, Issue, IssueSource } from '@baton/core';
import { BatonError } from '@baton/core';
import type { CreateApi, GitlabApi } from './api.js';
import { readBrief } from './brief.js';
import { diagnoseToken } from './diagnose-token.js';
import type { KeptTexts } from './kept-texts.js';
import { adapterId, invalidSetting, notFound } from './map-error.js';
import { mapIssue } from './map-issue.js';
import { ensureNote } from './notes.js';
import { type PollParts, pollIssues } from './poll.js';
import { issueNumberOf, numberOf } from './references.js';
import { type GitlabIssue, issueShape, read } from './shapes.js';

/** What a source is put together from. */
export interface GitlabSourceParts extends PollParts {
  readonly createApi: CreateApi;
  readonly kept: KeptTexts;
}

/** The issues of one project. Does no input or output. */
export function createGitlabSource(parts: GitlabSourceParts): IssueSource {
  const { createApi, project, people, baseUrl } = parts;
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
  const required = async (issueId: string, api: GitlabApi): Promise<GitlabIssue> => {
    const iid = numberOf(issueId);
    const issue = iid === null ? null : await orGone(() => show(iid, api));
    if (issue === null) throw notFound(`issue ${issueId} in ${project.repository}`);
    return issue;
  };

  return {
    spec: 'issue-source/1',
    id: adapterId,

    poll: async (query, cursor, options) =>
      pollIssues(parts, query, cursor, { list: apiFor(options, 'poll'), look: apiFor(options) }),
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
      return iid === null ? null : view(iid, api);
    },
    async brief(issueId, query, options) {
      const api = apiFor(options);
      const iid = numberOf(issueId);
      if (iid === null) return null;
      const projectId = await project.id(api);
      return orGone(async () => readBrief(await show(iid, api), query, { ...parts, api, projectId }));
    },
    permission: async (actor, options) => people.permission(actor, apiFor(options)),
    async ensureComment({ issueId, topic, body }, options) {
      const api = apiFor(options);
      const iid = numberOf(issueId);
      if (iid === null) throw notFound(`issue ${issueId} in ${project.repository}`);
      return ensureNote({ kind: 'issue', projectId: await project.id(api), iid }, { topic, body }, { people, api });
    },
    async ensureLabels({ issueId, add, remove }, options) {
      const api = apiFor(options);
      if ([...add, ...remove].some((each) => each.includes(','))) {
        throw invalidSetting('labels', 'has a label with a comma, which GitLab takes for two');
      }
      const { iid, labels } = await required(issueId, api);
      const present = new Set(labels.map((each) => each.toLowerCase()));
      const gone = new Set(remove.map((each) => each.toLowerCase()));
      const missing = add.filter((each) => !present.has(each.toLowerCase()));
      const superfluous = labels.filter((each) => gone.has(each.toLowerCase()));
      if (missing.length + superfluous.length === 0) return;
      await api.issues.edit(await project.id(api), iid, {
        ...(missing.length > 0 ? { addLabels: missing.join(',') } : {}),
        ...(superfluous.length > 0 ? { removeLabels: superfluous.join(',') } : {}),
      });
    },
    async ensureAssigned(issueId, assigned, options) {
      const api = apiFor(options);
      const { iid, assignees } = await required(issueId, api);
      const self = Number((await people.self(api)).id);
      const present = (assignees ?? []).map(({ id }) => id);
      if (present.includes(self) === assigned) return;
      const others = present.filter((each) => each !== self);
      // GitLab Free takes the first alone: whoever stands there stays. 0 takes everybody away.
      const wanted = assigned ? [...others, self] : others.length === 0 ? [0] : others;
      await api.issues.edit(await project.id(api), iid, { assigneeIds: wanted });
    },
    async *diagnose(options) {
      yield* diagnoseToken({ api: apiFor(options), people, project, signal: options?.signal });
    },
  };
}
