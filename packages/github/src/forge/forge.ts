import type { AdapterHost, Forge } from '@baton/core';
import { ensureComment, longestText, numberOf } from '../host/comments.js';
import { diagnose } from '../host/diagnose.js';
import { adapterId } from '../host/map-error.js';
import type { Repository } from '../host/repository.js';
import { gitAddress, webOrigin } from '../host/settings.js';
import { trackerOf } from '../host/tracker.js';
import { createEarlierPages } from './earlier-pages.js';
import { ensurePullRequest, longestTitle } from './ensure-pull-request.js';
import { createFeedbackTexts } from './feedback.js';
import { createJobLogReader } from './job-log.js';
import { observePulls } from './observe.js';
import { fromRestPull, listPullsOfHead } from './pull-request.js';

/** What a forge is put together from. */
export interface GithubForgeParts {
  readonly repository: Repository;
  readonly baseUrl: string;
  /** Git address, without credentials. Null: the usual one. */
  readonly remote: string | null;
  readonly reviewers: readonly string[];
  readonly log: AdapterHost['log'];
  /** What checks tell passes it before it is cut. */
  readonly mask: AdapterHost['mask'];
}

/** Whichever case its name has, GitHub takes it; of a folder of several it takes none by itself. */
const templates = ['.github/', '', 'docs/'].flatMap((folder) =>
  ['pull_request_template.md', 'PULL_REQUEST_TEMPLATE.md'].map((name) => `${folder}${name}`),
);

/** Pull requests of one repository. Does no input or output. */
export function createGithubForge(parts: GithubForgeParts): Forge {
  const { repository, baseUrl, remote, reviewers, log, mask } = parts;
  const { client, fullName } = repository;
  const context = {
    words: createFeedbackTexts(repository),
    readLog: createJobLogReader(repository, mask),
    mask,
    earlier: createEarlierPages(repository),
  };
  return {
    spec: 'forge/1',
    id: adapterId,
    repository: fullName,
    tracker: trackerOf(baseUrl, fullName),
    limits: { titleLength: longestTitle, bodyLength: longestText },
    pullRequestTemplates: templates,
    async remote(options) {
      options?.signal?.throwIfAborted();
      // GitHub leads git on from an earlier name; but whoever follows may be led anywhere with its credentials.
      const url = remote ?? gitAddress(baseUrl, await repository.presentName({ ...options }));
      // To no other host; an SSH address brings its own key.
      const isOurs = URL.canParse(url) && new URL(url).origin === webOrigin(baseUrl);
      if (!isOurs) return { url };
      const password = await client.gitPassword({ ...options, what: `get a password for git of ${fullName}` });
      return { url, username: 'x-access-token', password };
    },
    defaultBranch: (options) => repository.defaultBranch({ ...options }),
    permission: (actor, options) => repository.permission(actor, options),
    findActor: (reference, options) => repository.findActor(reference, options),
    ensurePullRequest: (request, options) => ensurePullRequest(repository, request, { reviewers, log }, options),
    async findPullRequests({ head }, options) {
      return (await listPullsOfHead(repository, head, options)).map(fromRestPull);
    },
    observe: (requests, options) => observePulls(repository, requests, context, options),
    async ensureComment({ pullRequestId, topic, body }, options) {
      return ensureComment(repository, { number: numberOf(pullRequestId, fullName), topic, body }, options);
    },
    diagnose: (options) => diagnose(repository, ['pull requests'], options),
  };
}
