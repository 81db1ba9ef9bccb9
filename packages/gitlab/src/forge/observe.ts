import { createChangeMemory, type KeptReading, mapFew } from '@baton/adapter-kit';
import type { AdapterHost, CheckSummary, Clock, Cursor, Feedback, Observation, PullRequest } from '@baton/core';
import { BatonError } from '@baton/core';
import type { People } from '../host/actor.js';
import type { GitlabApi } from '../host/api.js';
import { numberOf } from '../host/reference.js';
import type { Project } from '../host/repository.js';
import { type GitlabMergeRequest, mergeRequestShape, read, readList } from '../host/shapes.js';
import { hashOf } from '../source/map-issue.js';
import { pipelineKeyOf, readChecks } from './checks.js';
import { readFeedback } from './feedback.js';
import { createPipelineWatch, type PipelineWatch } from './pipeline-watch.js';
import { mapMergeRequest } from './pull-request.js';

/** One merge request to look at, and how far its feedback was told. */
export interface MergeRequestLook {
  readonly id: string;
  readonly cursor: Cursor | null;
}

/**
 * Looks at merge requests, and reads only those whole where something happened since. What it knows it knows in
 * memory: after a start each is read once.
 */
export interface MergeRequestWatch {
  /** As `Forge.observe`. One alone is always read anew: that is what a job asks for that was just woken. */
  observe(requests: readonly MergeRequestLook[], api: GitlabApi): Promise<readonly (Observation | null)[]>;
}

/** One merge request as it was read last. */
interface Known {
  readonly head: Pick<GitlabMergeRequest, 'iid' | 'sha' | 'source_branch'>;
  readonly checks: CheckSummary;
  /** Null where no pipeline is to be seen. */
  readonly pipeline: string | null;
  readonly mergeable: PullRequest['mergeable'];
  /** What was asked for, and told. */
  readonly asked: Cursor | null;
  readonly feedback: readonly Feedback[];
  readonly cursor: Cursor;
}

const pageSize = 100;
const mostKnown = 1000;
/**
 * GitLab lets a note change `updated_at` once a minute (`ThrottledTouch` in its source), and copies of its database
 * lag: a merge request counts as read once it was read so long after its last change.
 */
const settleMs = 90_000;
/** So often one is read whatever the lists say. */
const sweepMs = 10 * 60_000;
/** Between two that are read only because of that. */
const sweepPauseMs = 60_000;
/** Characters of feedback that are kept with one merge request; with more it is read again where it wasn't fetched. */
const longestFeedback = 100_000;

/** Does no input or output. */
export function createMergeRequestWatch(parts: {
  readonly project: Project;
  readonly people: People;
  readonly clock: Clock;
  /** What logs of jobs pass before they are cut. */
  readonly mask: AdapterHost['mask'];
}): MergeRequestWatch {
  const { project, people, clock, mask } = parts;
  const known = createChangeMemory<string, Known>({ clock, most: mostKnown, settleMs });
  const pipelines: PipelineWatch = createPipelineWatch();
  // Another whenever CI told something: what is being read meanwhile may be older than that.
  let edition = 0;
  let sweptAt = clock.monotonic();

  const hearPipelines = async (api: GitlabApi, projectId: number): Promise<void> => {
    const news = await pipelines.look(api, projectId);
    for (const [id, { value }] of known.readings()) {
      // Where pipelines can't be listed, those that showed one are read each time.
      if (news === 'hidden' ? value.pipeline !== null : news.concerns(value.head)) known.forget(id);
    }
    if (news === 'hidden' || !news.isEmpty) edition += 1;
  };

  /** `shown` is the merge request alone, with its pipeline; `print` is of where it is compared from. */
  const readWhole = async (
    shown: GitlabMergeRequest,
    print: string,
    cursor: Cursor | null,
    {
      api,
      projectId,
      sparesLogs,
    }: { readonly api: GitlabApi; readonly projectId: number; readonly sparesLogs: boolean },
  ): Promise<Observation> => {
    const id = String(shown.iid);
    const [readAt, begun, before] = [clock.monotonic(), edition, known.get(id)];
    const pipeline = pipelineKeyOf(shown);
    const said = await readFeedback(shown, cursor, { api, people, projectId });
    const isSame =
      sparesLogs && before?.fingerprint === print && before.isSettled && before.value.pipeline === pipeline;
    // Where nothing is known of a pipeline that is shown, GitLab may not have told.
    const checks =
      isSame && before.value.checks.state !== 'none'
        ? before.value.checks
        : await readChecks(shown, { api, projectId, mask });
    const pullRequest = mapMergeRequest(shown);
    // The pipelines of a fork are listed there, not here.
    const isOurs = (shown.source_project_id ?? projectId) === projectId;
    const length = said.feedback.reduce((sum, { body }) => sum + body.length, 0);
    if (isOurs && begun === edition && length <= longestFeedback) {
      const { mergeable } = pullRequest;
      const { iid, sha, source_branch } = shown;
      const head = { iid, sha, source_branch };
      known.keep(id, print, { head, checks, pipeline, mergeable, asked: cursor, ...said }, readAt);
    } else known.forget(id);
    return { pullRequest, checks, ...said };
  };
  const show = async (iid: number, api: GitlabApi, projectId: number): Promise<GitlabMergeRequest> =>
    read(mergeRequestShape, await api.mergeRequests.show(projectId, iid), 'a merge request');

  const observeOne = async ({ id, cursor }: MergeRequestLook, api: GitlabApi): Promise<Observation | null> => {
    const iid = numberOf(id);
    if (iid === null) return null;
    const projectId = await project.id(api);
    try {
      const shown = await show(iid, api, projectId);
      return await readWhole(shown, printOf(shown), cursor, { api, projectId, sparesLogs: true });
    } catch (error) {
      if (BatonError.is(error, 'NOT_FOUND')) return null;
      throw error;
    }
  };
  const list = async (ids: readonly string[], api: GitlabApi): Promise<ReadonlyMap<string, GitlabMergeRequest>> => {
    const found = new Map<string, GitlabMergeRequest>();
    const iids = ids.flatMap((id) => numberOf(id) ?? []);
    for (let start = 0; start < iids.length; start += pageSize) {
      const listed: unknown = await api.mergeRequests.all({
        projectId: await project.id(api),
        iids: iids.slice(start, start + pageSize),
        perPage: pageSize,
        // Whether one can be merged is looked up by GitLab only where somebody asks for it.
        withMergeStatusRecheck: true,
      });
      for (const each of readList(mergeRequestShape, listed, 'merge requests')) found.set(String(each.iid), each);
    }
    return found;
  };
  const isQuiet = ({ cursor }: MergeRequestLook, listed: GitlabMergeRequest, now: number): boolean => {
    const before = known.get(String(listed.iid));
    if (before?.fingerprint !== printOf(listed)) return false;
    if (cursor !== before.value.cursor && cursor !== before.value.asked) return false;
    return before.isSettled || now - before.changedAt < settleMs;
  };
  /** The one of the quiet that was read longest ago, where that is too long. */
  const nextToSweep = (quiet: readonly MergeRequestLook[], now: number): string | null => {
    if (now - sweptAt < sweepPauseMs) return null;
    const readAtOf = ({ id }: MergeRequestLook): number => known.get(id)?.readAt ?? now;
    const [first] = [...quiet].sort((left, right) => readAtOf(left) - readAtOf(right));
    if (first === undefined || now - readAtOf(first) < sweepMs) return null;
    sweptAt = now;
    return first.id;
  };

  return {
    async observe(requests, api) {
      const [only] = requests;
      if (only === undefined) return [];
      if (requests.length === 1) return [await observeOne(only, api)];
      const projectId = await project.id(api);
      const found = await list(
        requests.map(({ id }) => id),
        api,
      );
      await hearPipelines(api, projectId);
      const now = clock.monotonic();
      const quiet = requests.filter((each) => {
        const listed = found.get(each.id);
        return listed !== undefined && isQuiet(each, listed, now);
      });
      const swept = nextToSweep(quiet, now);
      const spared = new Set(quiet.filter(({ id }) => id !== swept));
      return mapFew(requests, async (request) => {
        const listed = found.get(request.id);
        if (listed === undefined) return null;
        const before = known.get(request.id);
        if (before && spared.has(request)) return observeAgain(listed, before, request.cursor);
        const isOpen = listed.state === 'opened' || listed.state === 'locked';
        // The list doesn't tell the pipeline.
        const shown = isOpen ? await show(listed.iid, api, projectId) : listed;
        return readWhole(shown, printOf(listed), request.cursor, { api, projectId, sparesLogs: false });
      });
    },
  };
}

/** What is told of one where nothing happened but to whether it can be merged. */
function observeAgain(
  listed: GitlabMergeRequest,
  { value: before }: KeptReading<Known>,
  cursor: Cursor | null,
): Observation {
  const pullRequest = mapMergeRequest(listed);
  return {
    // While GitLab looks anew, what it found last still stands.
    pullRequest: pullRequest.mergeable === 'unknown' ? { ...pullRequest, mergeable: before.mergeable } : pullRequest,
    checks: before.checks,
    feedback: cursor === before.cursor ? [] : before.feedback,
    cursor: before.cursor,
  };
}

/** Another one whenever GitLab shows that something happened, pipelines and mergeability left out. */
function printOf(found: GitlabMergeRequest): string {
  return hashOf([
    found.updated_at,
    found.state,
    found.sha ?? null,
    found.title,
    found.source_branch,
    found.target_branch,
    found.labels,
    found.user_notes_count ?? null,
    found.blocking_discussions_resolved ?? null,
  ]);
}
