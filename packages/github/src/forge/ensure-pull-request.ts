import type { AdapterHost, CallOptions, EnsuredPullRequest, PullRequest, PullRequestRequest } from '@baton/core';
import { BatonError } from '@baton/core';
import { z } from 'zod';
import { fit, longestText, normalize } from '../host/comments.js';
import { addLabels } from '../host/labels.js';
import { adapterId, misshapen, notFound, quote } from '../host/map-error.js';
import type { Repository } from '../host/repository.js';
import { type LastHand, readLastHand } from './last-editor.js';
import { fromRestPull, listPullsOfHead, type RestPull, restPullShape } from './pull-request.js';

/** GitHub takes no longer title. */
export const longestTitle = 256;

const draftMutations = {
  true: `mutation ConvertToDraft($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { id } } }`,
  false: `mutation MarkReady($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { id } } }`,
};

/** Validated against GitHub's own schema by a test. */
export const mutations: readonly string[] = Object.values(draftMutations);

/** What ensuring needs beside the repository. */
export interface EnsurePullContext {
  /** Logins asked for a review of a new one. */
  readonly reviewers: readonly string[];
  readonly log: AdapterHost['log'];
}

/** At most one pull request for a head branch: found, taken over, or created. Never reopened. */
export async function ensurePullRequest(
  repository: Repository,
  request: PullRequestRequest,
  context: EnsurePullContext,
  options?: CallOptions,
): Promise<EnsuredPullRequest> {
  const found = await find(repository, request.head, options);
  if (found) return adopt(repository, found, request, context, options);
  const made = await create(repository, request, context, options);
  if (made === null) {
    const theirs = await find(repository, request.head, options);
    // GitHub's lists may show it a moment late; then the next look finds it.
    if (!theirs) throw notYetSeen(repository, request.head);
    return adopt(repository, theirs, request, context, options);
  }
  const { number } = made;
  if (request.labels.length > 0) await addLabels(repository, { number, labels: request.labels }, options);
  await askReviewers(repository, number, context, options);
  return { pullRequest: made, action: 'created' };
}

/** The open one of a branch; else the one that ended last. */
async function find(repository: Repository, head: string, options?: CallOptions): Promise<RestPull | null> {
  const found = await listPullsOfHead(repository, head, options);
  return found.find((each) => each.state === 'open') ?? found[0] ?? null;
}

/**
 * Creates it; null where GitHub says that there is one. An answer that was lost, or that came as an error
 * after the effect, is looked up.
 */
async function create(
  repository: Repository,
  request: PullRequestRequest,
  context: EnsurePullContext,
  options?: CallOptions,
): Promise<PullRequest | null> {
  const { client, at, fullName } = repository;
  const { head, base, draft } = request;
  const what = `open a pull request in ${fullName}`;
  const given = { ...at, head, base, title: fitTitle(request.title), body: fit(request.body, longestText) };
  try {
    const { status, data } = await client.request(
      'POST /repos/{owner}/{repo}/pulls',
      { ...given, draft },
      { ...options, what, accept: [422] },
    );
    if (status !== 422) return toCreated(data, what);
    const message = String(data);
    if (/already exists/i.test(message)) return null;
    if (draft && /draft pull requests are not supported/i.test(message)) {
      context.log('warn', `${fullName} takes no draft pull requests: it is opened for review at once`);
      return create(repository, { ...request, draft: false }, context, options);
    }
    throw refused(message, request, fullName);
  } catch (error) {
    options?.signal?.throwIfAborted();
    const found = BatonError.is(error) && uncertain.has(error.code) ? await find(repository, head, options) : null;
    if (!found) throw error;
    return fromRestPull(found);
  }
}

function toCreated(data: unknown, what: string): PullRequest {
  const parsed = restPullShape.safeParse(data);
  if (!parsed.success) throw misshapen(what, 'no pull request');
  return fromRestPull(parsed.data);
}

/** It may have been opened all the same. */
const uncertain: ReadonlySet<string> = new Set(['UNAVAILABLE', 'TIMEOUT', 'PROTOCOL_VIOLATION']);

/** Why GitHub doesn't open it. Just after a push it may not know the branch yet: then the engine asks again. */
function refused(message: string, { head, base }: PullRequestRequest, fullName: string): BatonError {
  const field = /"field":"(head|base)"/.exec(message)?.[1];
  if (field !== undefined) return notFound(`branch ${field === 'head' ? head : base} in ${fullName}`);
  if (/no commits between/i.test(message)) {
    const said = `The branch ${head} of ${fullName} holds nothing that ${base} doesn't hold: there is nothing to review.`;
    return new BatonError('CONFLICT', said, { adapter: adapterId, details: {} });
  }
  return misshapen(`open a pull request in ${fullName}`, message);
}

async function adopt(
  repository: Repository,
  pull: RestPull,
  request: PullRequestRequest,
  context: EnsurePullContext,
  options?: CallOptions,
): Promise<EnsuredPullRequest> {
  if (pull.state !== 'open') return { pullRequest: fromRestPull(pull), action: 'found-ended' };
  const { client, at, fullName } = repository;
  const call = { ...options, what: `update pull request #${pull.number} of ${fullName}` };
  const title = fitTitle(request.title);
  const body = fit(request.body, longestText);
  const isDraft = pull.draft === true;
  const differs = pull.title !== title || isDraft !== request.draft;
  const ours: LastHand = differs ? await readLastHand(repository, pull, options) : { title: false, draft: false };
  const change = {
    ...(pull.title !== title && ours.title ? { title } : {}),
    ...(normalize(pull.body ?? '') === normalize(body) ? {} : { body }),
  };
  const writes = Object.keys(change).length > 0;
  if (writes) {
    const route = 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
    await client.request(route, { ...at, pull_number: pull.number, ...change }, call);
  }
  const redrafts = isDraft !== request.draft && ours.draft;
  const drafted = redrafts && (await setDraft(repository, pull, request.draft, context, options));
  const missing = missingLabels(pull, request.labels);
  if (missing.length > 0) {
    await addLabels(repository, { number: pull.number, labels: missing }, options);
  }
  const shown: PullRequest = {
    ...fromRestPull(pull),
    draft: drafted ? request.draft : isDraft,
  };
  const changed = writes || drafted || missing.length > 0;
  return { pullRequest: shown, action: changed ? 'updated' : 'unchanged' };
}

/** On one line, as GitHub makes it, and not longer than it may be. */
function fitTitle(title: string): string {
  const line = title
    .toWellFormed()
    .replaceAll('\u0000', '')
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .trim();
  return line.length <= longestTitle ? line : `${line.slice(0, longestTitle - 1).toWellFormed()}…`;
}

async function setDraft(
  { client, fullName }: Repository,
  pull: RestPull,
  draft: boolean,
  { log }: EnsurePullContext,
  options?: CallOptions,
): Promise<boolean> {
  const what = `${draft ? 'make a draft of' : 'hand over for review'} pull request #${pull.number} of ${fullName}`;
  try {
    await client.graphql(draftMutations[`${draft}`], { id: pull.node_id }, z.unknown(), { ...options, what });
    return true;
  } catch (error) {
    // Some repositories have no drafts.
    if (!draft || !BatonError.is(error, 'PROTOCOL_VIOLATION')) throw error;
    log('warn', error.message);
    return false;
  }
}

function missingLabels(pull: RestPull, labels: readonly string[]): readonly string[] {
  const present = new Set((pull.labels ?? []).map((each) => each.name.toLowerCase()));
  return labels.filter((each) => !present.has(each.toLowerCase()));
}

/** Reviewers are a courtesy: one who can't be asked stops nothing. */
async function askReviewers(
  { client, at, fullName }: Repository,
  number: number,
  { reviewers, log }: EnsurePullContext,
  options?: CallOptions,
): Promise<void> {
  if (reviewers.length === 0) return;
  const what = `ask for reviews of pull request #${number} of ${fullName}`;
  const { status, data } = await client.request(
    'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
    { ...at, pull_number: number, reviewers },
    { ...options, what, accept: [422] },
  );
  if (status === 422) log('warn', `GitHub didn't ${what}: ${quote(String(data))}`);
}

function notYetSeen({ fullName }: Repository, head: string): BatonError<'UNAVAILABLE'> {
  const message = `The pull request of ${head} in ${fullName} exists, and can't be seen yet.`;
  return new BatonError('UNAVAILABLE', message, { adapter: adapterId, details: {} });
}
