import type {
  Actor,
  CheckSummary,
  EnsuredPullRequest,
  Feedback,
  Permission,
  PullRequest,
  PullRequestRequest,
} from '@baton/core';
import { BatonError, topicMarker, topicOf } from '@baton/core';
import { beginCall, type CallFaults, createActorOf, findActorIn, notFound } from './call.js';

import type { MemoryForge, MemoryForgeOptions, MemoryReview } from './forge-controls.js';

interface StoredComment extends Feedback {
  readonly author: Actor;
  readonly sequence: number;
}

interface StoredPull {
  readonly number: number;
  readonly head: string;
  readonly author: Actor;
  readonly comments: StoredComment[];
  /** What Baton wrote last: anything else is a person's. */
  readonly written: { title: string | null; draft: boolean | null };
  base: string;
  title: string;
  body: string;
  draft: boolean;
  labels: string[];
  state: 'open' | 'merged' | 'closed';
  /** Where the head was when it ended. */
  endedCommit: string;
  /** Of one head: another has none yet. */
  checks: { readonly commit: string; readonly summary: CheckSummary } | null;
  mergeable: PullRequest['mergeable'];
}

const adapter = 'memory';
const noChecks: CheckSummary = { state: 'none', failures: [], notes: [] };

/** A forge without pull requests. Everything in it settles in microtasks. */
export function createMemoryForge(options: MemoryForgeOptions): MemoryForge {
  const { remote, source } = options;
  const { clock } = options.runtime;
  const pulls = new Map<number, StoredPull>();
  const people = source?.people ?? new Map<string, Permission>();
  const accounts = source?.accounts ?? new Map<string, Actor>();
  const toActor = createActorOf(accounts);
  const faults: CallFaults = { calls: new Map(), failures: new Map() };
  const baton = toActor('baton');
  let sequence = 0;
  let pullCount = 0;
  let answerLost = false;

  const pullOf = (number: number): StoredPull => {
    const pull = pulls.get(number);
    if (!pull) throw notFound(`pull request ${number}`);
    return pull;
  };
  const headCommit = (pull: StoredPull): string =>
    pull.state === 'open' ? (remote.branches.get(pull.head) ?? pull.endedCommit) : pull.endedCommit;
  const view = (pull: StoredPull): PullRequest => ({
    id: String(pull.number),
    number: pull.number,
    url: `https://memory.example/pulls/${pull.number}`,
    state: { unified: pull.state, raw: pull.state },
    draft: pull.draft,
    head: pull.head,
    headCommit: headCommit(pull),
    base: pull.base,
    mergeable: pull.mergeable,
  });
  const newestFirst = (head: string): StoredPull[] =>
    [...pulls.values()].filter((pull) => pull.head === head).reverse();
  const create = (request: PullRequestRequest, author: Actor): StoredPull => {
    for (const branch of [request.head, request.base]) {
      if (!remote.branches.has(branch)) throw notFound(`branch ${branch}`);
    }
    pullCount += 1;
    sequence += 1;
    const { head, base, title, body, draft, labels } = request;
    const pull: StoredPull = {
      ...{ number: pullCount, head, base, title, body, draft, labels: [...labels], author },
      comments: [],
      written: author.kind === 'self' ? { title, draft } : { title: null, draft: null },
      state: 'open',
      endedCommit: remote.branches.get(head) ?? '',
      checks: null,
      mergeable: 'yes',
    };
    pulls.set(pull.number, pull);
    return pull;
  };
  const update = (pull: StoredPull, request: PullRequestRequest): boolean => {
    const before = JSON.stringify(pull);
    pull.body = request.body;
    pull.labels = [...new Set([...pull.labels, ...request.labels])];
    if (pull.title === pull.written.title) pull.title = pull.written.title = request.title;
    if (pull.draft === pull.written.draft) pull.draft = pull.written.draft = request.draft;
    const changed = JSON.stringify(pull) !== before;
    if (changed) sequence += 1;
    return changed;
  };
  const ensure = (request: PullRequestRequest): EnsuredPullRequest => {
    const found = newestFirst(request.head);
    const open = found.find((pull) => pull.state === 'open');
    if (open) {
      const action = update(open, request) ? 'updated' : 'unchanged';
      return { pullRequest: view(open), action };
    }
    const ended = found[0];
    if (ended) return { pullRequest: view(ended), action: 'found-ended' };
    return { pullRequest: view(create(request, baton)), action: 'created' };
  };
  const end = (pull: StoredPull, state: 'merged' | 'closed'): void => {
    pull.endedCommit = headCommit(pull);
    pull.state = state;
    sequence += 1;
  };
  const addComment = (pull: StoredPull, author: Actor, review: MemoryReview): string => {
    sequence += 1;
    const { body, verdict = 'comment', path = null, line = null } = review;
    const id = `f${sequence}`;
    pull.comments.push({ id, author, body, verdict, path, line, at: clock.now(), sequence });
    return id;
  };
  const revise = (pull: StoredPull, commentId: string, body: string): void => {
    const index = pull.comments.findIndex((each) => each.id === commentId);
    const comment = pull.comments[index];
    if (!comment) throw notFound(`comment ${commentId}`);
    sequence += 1;
    pull.comments[index] = { ...comment, body, at: clock.now(), sequence };
  };

  return {
    spec: 'forge/1',
    id: adapter,
    repository: options.repository ?? 'memory',
    tracker: source?.tracker ?? null,
    limits: { titleLength: 256, bodyLength: 65_536 },
    ...faults,
    people,
    accounts,
    get changes() {
      return sequence;
    },

    async remote(options) {
      beginCall(faults, 'remote', options);
      return { url: remote.url };
    },
    async defaultBranch(options) {
      beginCall(faults, 'defaultBranch', options);
      if (!remote.branches.has(remote.defaultBranch)) throw notFound(`branch ${remote.defaultBranch}`);
      return remote.defaultBranch;
    },
    async permission(actor, options) {
      beginCall(faults, 'permission', options);
      return people.get(actor.id) ?? 'none';
    },
    async findActor(reference, options) {
      beginCall(faults, 'findActor', options);
      return findActorIn(accounts, people, reference);
    },
    async ensurePullRequest(request, options) {
      beginCall(faults, 'ensurePullRequest', options);
      const ensured = ensure(request);
      if (!answerLost) return ensured;
      answerLost = false;
      throw new BatonError('UNAVAILABLE', 'The answer was lost.', { details: { status: 502 }, adapter });
    },
    async findPullRequests({ head }, options) {
      beginCall(faults, 'findPullRequests', options);
      return newestFirst(head).map(view);
    },
    async observe(requests, options) {
      beginCall(faults, 'observe', options);
      return requests.map(({ id, cursor }) => {
        const pull = pulls.get(Number(id));
        if (!pull) return null;
        const since = cursor === null ? 0 : Number(cursor);
        const feedback = pull.comments
          .filter((each) => each.sequence > since && each.author.kind !== 'self')
          .map(({ sequence: _, ...each }) => each);
        const checks = pull.checks?.commit === headCommit(pull) ? pull.checks.summary : noChecks;
        return { pullRequest: view(pull), checks, feedback, cursor: String(sequence) };
      });
    },
    async ensureComment({ pullRequestId, topic, body }, options) {
      beginCall(faults, 'ensureComment', options);
      const pull = pullOf(Number(pullRequestId));
      const whole = `${topicMarker(topic)}\n${body}`;
      const ours = pull.comments.filter((each) => each.author.kind === 'self' && topicOf(each.body) === topic);
      const [first, ...others] = ours;
      if (!first) return { id: addComment(pull, baton, { body: whole }) };
      for (const other of others) {
        pull.comments.splice(pull.comments.indexOf(other), 1);
        sequence += 1;
      }
      if (first.body !== whole) revise(pull, first.id, whole);
      return { id: first.id };
    },

    pulls: () =>
      [...pulls.values()].map((pull) => ({
        pullRequest: view(pull),
        title: pull.title,
        body: pull.body,
        labels: [...pull.labels],
        author: pull.author,
        comments: pull.comments.map(({ sequence: _, ...each }) => each),
      })),
    open(request, by = 'bob') {
      const defaults = { base: remote.defaultBranch, title: request.head, body: '', draft: false, labels: [] };
      return create({ ...defaults, ...request }, toActor(by)).number;
    },
    edit(number, change) {
      Object.assign(pullOf(number), change);
      sequence += 1;
    },
    merge(number) {
      const pull = pullOf(number);
      const [head, base] = [headCommit(pull), remote.branches.get(pull.base)];
      const tree = remote.commits.get(head)?.tree;
      if (pull.state !== 'open' || tree === undefined || base === undefined) {
        throw new Error(`pull request ${number} can't be merged`);
      }
      remote.branches.set(pull.base, remote.addCommit({ tree, parents: [base, head], message: pull.title }));
      end(pull, 'merged');
      for (const [, key = ''] of pull.body.matchAll(/\bcloses\s+(?:mem)?#(\d+)/gi)) source?.closeIssue(key);
    },
    closePull: (number) => end(pullOf(number), 'closed'),
    removePull(number) {
      pulls.delete(number);
      sequence += 1;
    },
    review: (number, review) => addComment(pullOf(number), toActor(review.author ?? 'bob'), review),
    editReview: (number, feedbackId, body) => revise(pullOf(number), feedbackId, body),
    outdate(number) {
      const { comments } = pullOf(number);
      comments.splice(0, comments.length, ...comments.map((each) => ({ ...each, line: null })));
    },
    setChecks(number, checks) {
      const pull = pullOf(number);
      pull.checks = { commit: headCommit(pull), summary: { notes: [], ...checks } };
    },
    setMergeable(number, mergeable) {
      pullOf(number).mergeable = mergeable;
    },
    loseNextAnswer() {
      answerLost = true;
    },
  };
}
