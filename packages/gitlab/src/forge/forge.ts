import type { AdapterHost, CallOptions, Clock, Forge } from '@baton/core';
import { BatonError } from '@baton/core';
import type { People } from '../host/actor.js';
import type { CreateApi, GitlabApi } from '../host/api.js';
import { ensureNote } from '../host/comments.js';
import { diagnoseToken } from '../host/diagnose-token.js';
import { adapterId, notFound } from '../host/map-error.js';
import type { OwnNotes } from '../host/own-notes.js';
import { numberOf } from '../host/reference.js';
import type { Project } from '../host/repository.js';
import { trackerOf } from '../host/tracker.js';
import { ensureMergeRequest, listMergeRequests } from './ensure-pull-request.js';
import { createMergeRequestWatch } from './observe.js';
import { mapMergeRequest } from './pull-request.js';

/** What a forge is put together from. */
export interface GitlabForgeParts {
  readonly baseUrl: string;
  readonly createApi: CreateApi;
  readonly project: Project;
  readonly people: People;
  readonly own: OwnNotes;
  readonly clock: Clock;
  readonly token: string;
  /** Address that git takes in place of the project's own. */
  readonly remote: string | null;
  /** What logs of jobs pass before they are cut. */
  readonly mask: AdapterHost['mask'];
}

/** The merge requests of one project. Does no input or output. */
export function createGitlabForge(parts: GitlabForgeParts): Forge {
  const { baseUrl, createApi, project, people, own, clock, token, mask } = parts;
  const apiFor = (options: CallOptions | undefined): GitlabApi => {
    options?.signal?.throwIfAborted();
    return createApi(options?.signal ? { signal: options.signal, priority: 'job' } : { priority: 'job' });
  };
  const watch = createMergeRequestWatch({ project, people, clock, mask });

  return {
    spec: 'forge/1',
    id: adapterId,
    repository: project.repository,
    tracker: trackerOf(baseUrl, project.repository),
    // GitLab takes 255 and 1,048,576: `Draft: ` and escaped quick actions need their room.
    limits: { titleLength: 240, bodyLength: 1_000_000 },
    // Of several the one by this name is what a new merge request says (GitLab's description templates).
    pullRequestTemplates: ['.gitlab/merge_request_templates/Default.md', '.gitlab/merge_request_templates/default.md'],

    async remote(options) {
      // GitLab leads git on from an earlier path; but whoever follows may be led anywhere with its credentials.
      const url = parts.remote ?? `${baseUrl}/${await project.path(apiFor(options))}.git`;
      // Whatever address the operator gave is no place for GitLab's token unless it is GitLab's.
      if (URL.parse(url)?.origin !== new URL(baseUrl).origin) return { url };
      return { url, username: 'oauth2', password: token };
    },
    async defaultBranch(options) {
      const { default_branch: branch, empty_repo: isEmpty } = await project.read(apiFor(options));
      if (branch && isEmpty !== true) return branch;
      throw new BatonError('NOT_FOUND', `The repository ${project.repository} has no default branch: it is empty.`, {
        adapter: adapterId,
        details: { resource: 'default branch' },
        fix: 'push a first commit',
      });
    },
    permission: async (actor, options) => people.permission(actor, apiFor(options)),
    findActor: async (reference, options) => people.find(reference, apiFor(options)),
    async ensurePullRequest(request, options) {
      const api = apiFor(options);
      const context = { api, people, clock, signal: options?.signal, projectId: await project.id(api) };
      return ensureMergeRequest(request, context);
    },
    async findPullRequests({ head }, options) {
      const api = apiFor(options);
      return (await listMergeRequests(head, { api, projectId: await project.id(api) })).map(mapMergeRequest);
    },
    observe: async (requests, options) => watch.observe(requests, apiFor(options)),
    async ensureComment({ pullRequestId, topic, body }, options) {
      const api = apiFor(options);
      const iid = numberOf(pullRequestId);
      if (iid === null) throw notFound(`merge request ${pullRequestId} in ${project.repository}`);
      const noteable = { kind: 'merge request', projectId: await project.id(api), iid } as const;
      return ensureNote(noteable, { topic, body }, { people, api, own });
    },
    async *diagnose(options) {
      yield* diagnoseToken({
        api: apiFor(options),
        people,
        project,
        feature: 'Merge requests',
        signal: options?.signal,
      });
    },
  };
}
