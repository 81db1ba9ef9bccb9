import type { Clock, EnsuredPullRequest, PullRequestRequest } from '@baton/core';
import { BatonError } from '@baton/core';
import type { People } from '../host/actor.js';
import type { GitlabApi } from '../host/api.js';
import { listNotes } from '../host/comments.js';
import { notFound } from '../host/map-error.js';
import { escapeQuickActions, isSameText } from '../host/quick-actions.js';
import { type GitlabMergeRequest, mergeRequestShape, read, readList } from '../host/shapes.js';
import { isTitleChange } from '../source/title-history.js';
import { isDraft, mapMergeRequest, plainTitle, titleOf } from './pull-request.js';

/** What a merge request is ensured with. */
export interface MergeRequestContext {
  readonly api: GitlabApi;
  readonly people: People;
  readonly projectId: number;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** How long a branch that was just pushed may be unknown, or a merge request locked, before it counts. */
const patienceMs = [250, 500, 1000, 2000, 4000];

/** Those of a branch of this project, whatever their state, newest first. A fork's branch of the same name is another. */
export async function listMergeRequests(
  head: string,
  { api, projectId }: Pick<MergeRequestContext, 'api' | 'projectId'>,
): Promise<readonly GitlabMergeRequest[]> {
  const listed: unknown = await api.mergeRequests.all({
    projectId,
    sourceBranch: head,
    orderBy: 'created_at',
    sort: 'desc',
    perPage: 100,
  });
  return readList(mergeRequestShape, listed, 'merge requests')
    .filter((each) => each.source_branch === head && (each.source_project_id ?? projectId) === projectId)
    .sort((left, right) => right.iid - left.iid);
}

/** At most one for each branch: see `Forge.ensurePullRequest`. */
export async function ensureMergeRequest(
  request: PullRequestRequest,
  context: MergeRequestContext,
): Promise<EnsuredPullRequest> {
  const standing = await findStanding(request.head, context);
  if (standing !== null) return takeOver(standing, request, context);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return { pullRequest: mapMergeRequest(await create(request, context)), action: 'created' };
    } catch (error) {
      context.signal?.throwIfAborted();
      if (!isWorthLooking(error)) throw error;
      // Somebody may have opened one just now, or ours was opened and the answer lost.
      const found = await findStanding(request.head, context);
      if (found !== null) return await takeOver(found, request, context, attempt === 0 && isLost(error));
      if (isLost(error)) throw error;
      const waitMs = patienceMs[attempt];
      if (waitMs === undefined) throw isBranchUnknown(error) ? notFound(`branch ${request.head} in GitLab`) : error;
      await context.clock.sleep(waitMs, context.signal ? { signal: context.signal } : {});
    }
  }
}

/** An open one goes before an ended one. */
async function findStanding(head: string, context: MergeRequestContext): Promise<GitlabMergeRequest | null> {
  const found = await listMergeRequests(head, context);
  return found.find(isOpen) ?? found[0] ?? null;
}

function isOpen({ state }: GitlabMergeRequest): boolean {
  return state === 'opened' || state === 'locked';
}

async function create(
  request: PullRequestRequest,
  { api, projectId }: MergeRequestContext,
): Promise<GitlabMergeRequest> {
  const { head, base, labels } = request;
  const made = await api.mergeRequests.create(projectId, head, base, titleOf(request), {
    description: escapeQuickActions(request.body),
    labels: labels.join(','),
  });
  return read(mergeRequestShape, made, 'a merge request');
}

async function takeOver(
  found: GitlabMergeRequest,
  request: PullRequestRequest,
  context: MergeRequestContext,
  isOurs = false,
): Promise<EnsuredPullRequest> {
  const { api, projectId } = context;
  if (!isOpen(found)) return { pullRequest: mapMergeRequest(found), action: 'found-ended' };
  const present = new Set(found.labels.map((each) => each.toLowerCase()));
  const missing = request.labels.filter((each) => !present.has(each.toLowerCase()));
  const description = escapeQuickActions(request.body);
  const title = await titleFor(found, request, context);
  const change = {
    ...(title === found.title ? {} : { title }),
    ...(isSameText(found.description ?? '', description) ? {} : { description }),
    ...(missing.length > 0 ? { addLabels: missing.join(',') } : {}),
  };
  if (Object.keys(change).length === 0) {
    return { pullRequest: mapMergeRequest(found), action: isOurs ? 'created' : 'unchanged' };
  }
  const changed = await api.mergeRequests.edit(projectId, found.iid, change);
  return { pullRequest: mapMergeRequest(read(mergeRequestShape, changed, 'a merge request')), action: 'updated' };
}

/** Title and draft flag in one, each as asked for unless a person had a hand in it. */
async function titleFor(
  found: GitlabMergeRequest,
  request: PullRequestRequest,
  { api, people, projectId }: MergeRequestContext,
): Promise<string> {
  const [title, draft] = [plainTitle(found.title), isDraft(found)];
  if (found.title === titleOf(request)) return found.title;
  if (title === plainTitle(request.title) && draft === request.draft) return found.title;
  const self = await people.self(api);
  if (String(found.author?.id) !== self.id) return found.title;
  const notes = await listNotes({ kind: 'merge request', projectId, iid: found.iid }, api);
  const byOthers = notes.filter(({ author }) => String(author?.id) !== self.id);
  return titleOf({
    title: byOthers.some(isTitleChange) ? title : request.title,
    draft: byOthers.some(isDraftChange) ? draft : request.draft,
  });
}

function isDraftChange({ system, body }: { readonly system: boolean; readonly body: string }): boolean {
  return (
    system &&
    /^(?:marked this merge request as \*\*(?:draft|ready)\*\*|(?:un)?marked as a \*\*Work In Progress\*\*)/.test(body)
  );
}

function isWorthLooking(error: unknown): boolean {
  return isLost(error) || isBranchUnknown(error) || BatonError.is(error, 'CONFLICT');
}

const lostBy: ReadonlySet<string> = new Set(['UNAVAILABLE', 'TIMEOUT', 'PROTOCOL_VIOLATION']);

/** The request may have been done all the same. */
function isLost(error: unknown): boolean {
  return BatonError.is(error) && lostBy.has(error.code) && !isBranchUnknown(error);
}

function isBranchUnknown(error: unknown): boolean {
  return BatonError.is(error) && /source.?branch.*does not exist/i.test(error.message);
}
