import type { CallOptions, PullRequest } from '@baton/core';
import { z } from 'zod';
import { userShape } from '../host/actor.js';
import { misshapen } from '../host/map-error.js';
import type { Repository } from '../host/repository.js';

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

/** A pull request, as REST tells it in lists and after a write. */
export const restPullShape = z.looseObject({
  node_id: z.string(),
  number: z.int().positive(),
  html_url: z.string(),
  state: z.string(),
  merged_at: z.string().nullish(),
  draft: z.boolean().nullish(),
  title: z.string(),
  body: z.string().nullish(),
  user: userShape.nullish(),
  labels: z.array(z.looseObject({ name: z.string() })).nullish(),
  head: z.looseObject({
    ref: z.string(),
    sha: z.string(),
    repo: z.looseObject({ full_name: z.string() }).nullish(),
  }),
  base: z.looseObject({ ref: z.string(), repo: z.looseObject({ full_name: z.string() }) }),
});

/** What `restPullShape` reads. */
export type RestPull = z.infer<typeof restPullShape>;

/**
 * Pull requests of a branch of the repository itself, newest first, in every state. By REST, where asking again
 * what has not changed costs nothing of the quota.
 */
export async function listPullsOfHead(
  repository: Repository,
  head: string,
  options?: CallOptions,
): Promise<readonly RestPull[]> {
  const { client, at, fullName } = repository;
  const what = `list the pull requests of a branch of ${fullName}`;
  // By its owner's present name: by an earlier one GitHub finds nothing, and says so as if nothing were there.
  const [owner] = (await repository.facts({ ...options })).fullName.split('/');
  const parameters = { ...at, state: 'all', head: `${owner}:${head}`, sort: 'created', direction: 'desc' };
  const listed = await client.list('GET /repos/{owner}/{repo}/pulls', parameters, { ...options, what });
  const pulls = z.array(restPullShape).safeParse(listed);
  if (!pulls.success) throw misshapen(what, JSON.stringify(pulls.error.issues[0]?.path ?? []));
  // A fork's branch of the same name is somebody else's.
  return pulls.data.filter((each) => each.head.ref === head && each.head.repo?.full_name === each.base.repo.full_name);
}

const states = { OPEN: 'open', MERGED: 'merged', CLOSED: 'closed' } as const;
const mergeable = { MERGEABLE: 'yes', CONFLICTING: 'conflict' } as const;

/** A pull request as the contracts have it. */
export function toPullRequest(pull: z.infer<typeof pullShape>): PullRequest {
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

/** The same from REST, which doesn't tell in lists whether it could be merged. */
export function fromRestPull(pull: RestPull): PullRequest {
  const state = pull.state === 'open' ? 'OPEN' : pull.merged_at ? 'MERGED' : 'CLOSED';
  return {
    ...{ id: String(pull.number), number: pull.number, url: pull.html_url },
    state: { unified: states[state], raw: state },
    draft: pull.draft === true,
    ...{ head: pull.head.ref, headCommit: pull.head.sha, base: pull.base.ref, mergeable: 'unknown' },
  };
}
