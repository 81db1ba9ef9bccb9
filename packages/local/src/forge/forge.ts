import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createLimit, mapFew } from '@baton/adapter-kit';
import type { EnsuredPullRequest, Forge, Observation, PullRequest, PullRequestRequest } from '@baton/core';
import { BatonError } from '@baton/core';
import { type People, readPeople, selfLogin } from '../host/actor.js';
import { changeList } from '../host/change-list.js';
import type { CommentFile, CommentFiles } from '../host/comments.js';
import { contentHash } from '../host/content-hash.js';
import { diagnoseFolder } from '../host/diagnose-folder.js';
import type { FolderLock } from '../host/folder-lock.js';
import { adapterId, notFound } from '../host/map-error.js';
import { createMarkdown, type MarkdownChange, type MarkdownFile, normalizeText } from '../host/markdown-file.js';
import type { MarkdownFolder } from '../host/markdown-folder.js';
import { padNumber } from '../source/issue-files.js';
import { describeHeadless } from './describe-headless.js';
import { diagnoseRemote } from './diagnose-remote.js';
import { feedbackDirectory, type PullFile, type PullFiles, pullPath, toPull } from './pull-request.js';
import type { ListRemoteHeads, RemoteHeads } from './remote-heads.js';

/** What a local forge is put together from. */
export interface LocalForgeParts {
  /** Any address that git takes. */
  readonly remote: string;
  readonly files: MarkdownFolder;
  readonly pulls: PullFiles;
  readonly comments: CommentFiles;
  readonly heads: ListRemoteHeads;
  /** Held while a pull request is created. */
  readonly lock: FolderLock;
  /** Closes the issue that the first line of a merged pull request's body says it closes. */
  readonly closeIssue: (body: string) => Promise<void>;
}

/** Pull requests in a folder of Markdown, over any git remote. Does no input or output. */
export function createLocalForge(parts: LocalForgeParts): Forge {
  const { remote, files, pulls, comments, heads, lock, closeIssue } = parts;
  const inTurn = createLimit(1);

  const view = (pull: PullFile, { branches }: Pick<RemoteHeads, 'branches'>): PullRequest => ({
    id: padNumber(pull.number),
    number: pull.number,
    url: pathToFileURL(`${files.folder.root}/${pull.path}`).href,
    state: { unified: pull.state, raw: pull.rawState },
    draft: pull.draft,
    head: pull.head,
    headCommit: pull.state === 'open' ? (branches.get(pull.head) ?? pull.headCommit) : pull.headCommit,
    base: pull.base,
    mergeable: 'unknown',
  });
  const headsOf = async (found: readonly PullFile[], signal?: AbortSignal): Promise<Pick<RemoteHeads, 'branches'>> => {
    const open = found.filter((pull) => pull.state === 'open').map((pull) => pull.head);
    if (open.length === 0) return { branches: new Map() };
    return heads([...new Set(open)], signal ? { signal } : {});
  };
  const get = async (number: number): Promise<PullFile | null> => (await pulls.get([number]))[0] ?? null;

  const create = async (request: PullRequestRequest, headCommit: string): Promise<PullFile> => {
    const { head, base, draft, labels, body } = request;
    const title = request.title.toWellFormed();
    const fields = {
      ...{ title, head, base, state: 'open', draft, headCommit, labels, author: selfLogin },
      baton: { title, draft },
    };
    const bytes = createMarkdown(fields, normalizeText(body));
    let number = (await pulls.highestNumber()) + 1;
    while (!(await files.folder.create(pullPath(number), bytes))) number += 1;
    return (await get(number)) ?? Promise.reject(notFound(`pull request ${number}`));
  };
  const ensure = async (request: PullRequestRequest, signal?: AbortSignal): Promise<EnsuredPullRequest> => {
    const options = signal ? { signal } : {};
    const found = await pulls.list(request.head, options);
    const open = found.find((pull) => pull.state === 'open');
    const ended = found.at(-1);
    if (!open && ended) return { pullRequest: view(ended, { branches: new Map() }), action: 'found-ended' };
    const known = await heads([request.head], options);
    const headCommit = known.branches.get(request.head) ?? open?.headCommit;
    if (headCommit === undefined) throw notFound(`branch ${request.head} on the remote`);
    signal?.throwIfAborted();
    if (!open) {
      // Another daemon may be at it at the same moment: whoever comes second finds the first one's.
      const isFree = async (): Promise<boolean> => (await pulls.list(request.head)).length === 0;
      const made = await lock(async () => ((await isFree()) ? create(request, headCommit) : null), options);
      return made ? { pullRequest: view(made, known), action: 'created' } : ensure(request, signal);
    }
    const changed = await files.change(open.path, (read) => {
      const pull = toPull(open.number, read);
      return 'problem' in pull ? null : changeOf(read.file, pull, request, headCommit);
    });
    return { pullRequest: view((await get(open.number)) ?? open, known), action: changed ? 'updated' : 'unchanged' };
  };
  const look = async (
    pull: PullFile,
    cursor: string | null,
    people: People,
  ): Promise<Omit<Observation, 'pullRequest'>> => {
    const listed = await comments.list(feedbackDirectory(pull.number));
    const said = listed.filter((each) => each.author !== selfLogin);
    const seen = new Set((cursor ?? '').split(' '));
    return {
      checks: { state: 'none', failures: [], notes: [] },
      feedback: said
        .filter((each) => !seen.has(tokenOf(each)))
        .map((each) => ({
          id: `${padNumber(pull.number)}/${each.id}`,
          author: people.actor(each.author),
          body: each.body,
          path: each.path,
          line: each.line !== null && Number.isInteger(each.line) && each.line > 0 ? each.line : null,
          verdict: verdictOf(each.verdict),
          at: each.at,
        })),
      cursor: said.map(tokenOf).sort().join(' '),
    };
  };
  /** What a host does when a person merges; here it is done when Baton next looks, and once. */
  const settleMerge = async (pull: PullFile): Promise<void> => {
    if (pull.state !== 'merged' || pull.closedIssues) return;
    await closeIssue(pull.body);
    const { title, draft } = pull.written;
    await files.change(pull.path, () => ({ fields: { baton: { title, draft, closedIssues: true } } }));
  };

  return {
    spec: 'forge/1',
    id: adapterId,
    repository: basename(remote.replace(/[/\\]+$/, '').replace(/\.git$/, '')) || remote,
    tracker: files.folder.root,
    limits: { titleLength: 256, bodyLength: 200_000 },

    async remote(options) {
      options?.signal?.throwIfAborted();
      return { url: remote };
    },
    async defaultBranch(options) {
      const found = await heads('all', options);
      if (found.defaultBranch !== null) return found.defaultBranch;
      const { detail, fix } = await describeHeadless(remote, found);
      throw new BatonError('NOT_FOUND', `The repository has no default branch: ${detail}`, {
        adapter: adapterId,
        details: { resource: 'default branch' },
        fix,
      });
    },
    async permission(actor, options) {
      options?.signal?.throwIfAborted();
      return (await readPeople(files)).permission(actor);
    },
    async findActor(reference, options) {
      options?.signal?.throwIfAborted();
      return (await readPeople(files)).find(reference);
    },
    ensurePullRequest: (request, options) =>
      inTurn(async () => {
        options?.signal?.throwIfAborted();
        return ensure(request, options?.signal);
      }),
    async findPullRequests({ head }, options) {
      options?.signal?.throwIfAborted();
      const found = await pulls.list(head, options);
      const known = await headsOf(found, options?.signal);
      return [...found].reverse().map((pull) => view(pull, known));
    },
    async observe(requests, options) {
      options?.signal?.throwIfAborted();
      if (requests.length > 0) await pulls.confirmThere();
      const found = await pulls.get(
        requests.map(({ id }) => numberOfId(id)),
        options,
      );
      const known = await headsOf(
        found.filter((pull) => pull !== null),
        options?.signal,
      );
      const people = await readPeople(files);
      return mapFew([...found.entries()], async ([index, pull]): Promise<Observation | null> => {
        options?.signal?.throwIfAborted();
        if (!pull) return null;
        await settleMerge(pull);
        const seen = await look(pull, requests[index]?.cursor ?? null, people);
        return { pullRequest: view(pull, known), ...seen };
      });
    },
    async ensureComment({ pullRequestId, topic, body }, options) {
      options?.signal?.throwIfAborted();
      const number = numberOfId(pullRequestId);
      if (!(await get(number))) throw notFound(`pull request ${pullRequestId}`);
      return comments.ensure({ directory: feedbackDirectory(number), topic, body }, options);
    },
    async *diagnose(options) {
      yield* diagnoseFolder(files, options);
      yield* diagnoseRemote(remote, heads, options);
    },
  };
}

/** What Baton changes about an open pull request; null where all is so already. */
function changeOf(
  file: MarkdownFile,
  pull: PullFile,
  request: PullRequestRequest,
  headCommit: string,
): MarkdownChange | null {
  const { written } = pull;
  const title = request.title.toWellFormed();
  const ownsTitle = pull.title === null || pull.title === written.title;
  const ownsDraft = pull.draft === written.draft;
  const body = normalizeText(request.body);
  const changed: Record<string, unknown> = {
    ...(pull.headCommit === headCommit ? {} : { headCommit }),
    ...(ownsTitle && pull.title !== title ? { title } : {}),
    ...(ownsDraft && pull.draft !== request.draft ? { draft: request.draft } : {}),
    ...changeList(file, 'labels', request.labels, [])?.fields,
  };
  if ('title' in changed || 'draft' in changed) {
    changed['baton'] = {
      title: ownsTitle ? title : written.title,
      draft: ownsDraft ? request.draft : written.draft,
    };
  }
  const bodyChange = pull.body === body ? {} : { body };
  const fieldChange = Object.keys(changed).length === 0 ? {} : { fields: changed };
  const change = { ...fieldChange, ...bodyChange };
  return Object.keys(change).length === 0 ? null : change;
}

/** 0, which no pull request has, where it is none of our ids. */
function numberOfId(id: string): number {
  return /^\d{1,9}$/.test(id) ? Number(id) : 0;
}

function verdictOf(word: string | null): 'approve' | 'request-changes' | 'comment' {
  if (word !== null && /^approved?$/i.test(word)) return 'approve';
  return word !== null && /^(?:request[-_ ]changes|changes[-_ ]requested)$/i.test(word) ? 'request-changes' : 'comment';
}

/** Another one once the comment says something else. */
function tokenOf({ id, hash }: CommentFile): string {
  return contentHash(id, hash);
}
