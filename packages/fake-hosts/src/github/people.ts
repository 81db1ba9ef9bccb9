import type { CheckSummary, Feedback, Permission } from '@baton/core';
import { closedOnGithub, numbersIn } from '../closing-keywords.js';
import type { HostState, IssueFields } from './host-state.js';
import { latest, type StoredComment, type StoredIssue, type StoredPull, type StoredRepository } from './model.js';

/** A pull request as the fake holds it. */
export interface FakeGithubPull {
  readonly number: number;
  readonly head: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly state: 'open' | 'merged' | 'closed';
}

/** An issue as the fake holds it. */
export interface FakeGithubIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

/** What people do in a repository. Whoever is named exists from then on. */
export interface FakeGithubRepository {
  readonly fullName: string;
  /** The number of the new issue. */
  openIssue(issue: {
    readonly title: string;
    readonly body: string;
    readonly author: string;
    readonly labels?: readonly string[];
  }): number;
  changeIssue(number: number, change: IssueFields, by: string): void;
  issues(): readonly FakeGithubIssue[];
  /** Below an issue or a pull request; its id. */
  comment(number: number, by: string, body: string): number;
  /** Edits a comment, a review or a comment of a thread. */
  editComment(id: number, body: string, by?: string): void;
  removeComment(id: number): void;
  comments(number: number): readonly { readonly id: number; readonly author: string; readonly body: string }[];
  allow(login: string, permission: Permission): void;
  /** From now on the permission of nobody can be looked up: 500. */
  breakPermissions(): void;
  /** From now on the timeline doesn't tell who did something. */
  hideTriggers(): void;
  /** Sent from now on in a shape that nobody can read. */
  breakIssue(number: number): void;
  lockIssue(number: number): void;
  /** Takes the issue away, or moves it to another repository. */
  removeIssue(number: number, to?: { readonly repository: string; readonly number: number }): void;
  /** A dependency, as the host keeps it. */
  block(number: number, by: { readonly repository?: string; readonly number: number }): void;
  setPrivate(isPrivate: boolean): void;
  forbidDrafts(): void;
  archive(): void;
  unarchive(): void;
  switchOffIssues(): void;
  /** One more commit on a branch; its id. */
  push(branch: string): Promise<string>;
  emptyRepository(): Promise<void>;
  openPull(pull: {
    readonly head: string;
    readonly title: string;
    readonly body: string;
    readonly draft?: boolean;
    readonly labels?: readonly string[];
    readonly by: string;
    /** Whose fork it comes from. Default: none. */
    readonly fork?: string;
  }): number;
  /** A merge closes the issues that the description says it closes. */
  changePull(
    number: number,
    change: {
      readonly title?: string;
      readonly draft?: boolean;
      readonly base?: string;
      readonly state?: 'merged' | 'closed';
    },
    by?: string,
  ): Promise<void>;
  pulls(): readonly FakeGithubPull[];
  /** A review; with a path a thread of its own below it. The id that `editComment` takes. */
  review(
    number: number,
    by: string,
    review: Pick<Feedback, 'body'> &
      Partial<Pick<Feedback, 'verdict' | 'path' | 'line'>> & { readonly pending?: boolean },
  ): number;
  resolveThreads(number: number): void;
  /** The lines of all threads were changed by a push. */
  outdateThreads(number: number): void;
  /** A maintainer dismisses a review: its words stay, its state is another. */
  dismissReview(id: number): void;
  minimize(commentId: number): void;
  setMergeable(number: number, mergeable: StoredPull['mergeable']): void;
  /** Check runs and statuses of the head as it is now. */
  setChecks(number: number, checks: StoredPull['checks']): void;
}

const states = { approve: 'APPROVED', 'request-changes': 'CHANGES_REQUESTED', comment: 'COMMENTED' } as const;

export function createPeople(host: HostState, repository: StoredRepository): FakeGithubRepository {
  const issueOf = (number: number): StoredIssue => {
    const issue = repository.issues.get(number);
    if (!issue) throw new Error(`${repository.fullName} has no #${number}`);
    return issue;
  };
  const pullOf = (number: number): StoredPull => {
    const { pull } = issueOf(number);
    if (!pull) throw new Error(`${repository.fullName}#${number} is no pull request`);
    return pull;
  };
  const commentOf = (id: number): readonly [StoredIssue, StoredComment] => {
    for (const issue of repository.issues.values()) {
      const threads = issue.pull?.threads.flatMap((each) => each.comments) ?? [];
      const found = [...issue.comments, ...(issue.pull?.reviews ?? []), ...threads].find((each) => each.id === id);
      if (found) return [issue, found];
    }
    throw new Error(`${repository.fullName} has no comment ${id}`);
  };
  return {
    get fullName() {
      return repository.fullName;
    },
    openIssue: ({ title, body, author, labels = [] }) =>
      host.addIssue(repository, { title, body, labels, by: host.actor(author) }).number,
    changeIssue: (number, change, by) => host.change(issueOf(number), change, host.actor(by)),
    issues: () =>
      [...repository.issues.values()].flatMap(({ number, titles, bodies, open, labels, assignees, pull }) => {
        if (pull !== null) return [];
        const state = open ? ('open' as const) : ('closed' as const);
        const [title, body] = [latest(titles).text, latest(bodies).text];
        return [{ number, title, body, state, labels, assignees: assignees.map(({ login }) => login) }];
      }),
    comment(number, by, body) {
      const issue = issueOf(number);
      return host.addComment(issue, host.actor(by), body, issue).id;
    },
    editComment(id, body, by) {
      const [issue, comment] = commentOf(id);
      host.revise(comment.bodies, body, by === undefined ? comment.author : host.actor(by), issue);
    },
    removeComment(id) {
      const [issue, comment] = commentOf(id);
      issue.comments.splice(issue.comments.indexOf(comment), 1);
      host.touch(issue);
    },
    comments: (number) =>
      issueOf(number).comments.map(({ id, author, bodies }) => ({
        id,
        author: author.login,
        body: latest(bodies).text,
      })),
    allow(login, permission) {
      repository.permissions.set(host.actor(login).login.toLowerCase(), permission);
    },
    breakPermissions() {
      repository.permissionsBroken = true;
    },
    hideTriggers() {
      repository.triggersHidden = true;
    },
    breakIssue(number) {
      issueOf(number).broken = true;
      host.touch(issueOf(number));
    },
    lockIssue(number) {
      issueOf(number).locked = true;
    },
    removeIssue(number, to) {
      issueOf(number).gone = to ?? 'deleted';
    },
    block(number, by) {
      issueOf(number).blockedBy.push({ repository: repository.fullName, ...by });
    },
    setPrivate(isPrivate) {
      repository.private = isPrivate;
    },
    forbidDrafts() {
      repository.draftsAllowed = false;
    },
    unarchive() {
      repository.archived = false;
    },
    archive() {
      repository.archived = true;
    },
    switchOffIssues() {
      repository.hasIssues = false;
    },
    push: (branch) => repository.branches.push(branch),
    emptyRepository: () => repository.branches.clear(),
    openPull({ head, title, body, draft = false, labels = [], by, fork = null }) {
      const pull = createPull({ head, base: 'main', draft, fork });
      return host.addIssue(repository, { title, body, labels, by: host.actor(by) }, pull).number;
    },
    async changePull(number, { title, draft, base, state }, by = 'bob') {
      const [issue, pull] = [issueOf(number), pullOf(number)];
      if (title !== undefined) host.change(issue, { title }, host.actor(by));
      if (draft !== undefined && draft !== pull.draft) {
        pull.draft = draft;
        host.addEvent(issue, draft ? 'draft' : 'ready', host.actor(by));
      }
      if (base !== undefined) pull.base = base;
      if (state === undefined) return;
      pull.endedCommit = await repository.branches.get(pull.head);
      pull.merged = state === 'merged';
      host.change(issue, { state: 'closed' }, host.actor(by));
      const closed =
        state === 'merged' ? numbersIn(repository.fullName, closedOnGithub(latest(issue.bodies).text)) : [];
      for (const each of closed) {
        const other = repository.issues.get(each);
        if (other && other.pull === null) host.change(other, { state: 'closed' }, host.actor(by));
      }
    },
    pulls: () =>
      [...repository.issues.values()].flatMap((issue) => {
        if (!issue.pull) return [];
        const state = issue.pull.merged ? ('merged' as const) : issue.open ? ('open' as const) : ('closed' as const);
        const { head, draft, reviewers } = issue.pull;
        const [title, body] = [latest(issue.titles).text, latest(issue.bodies).text];
        return [{ number: issue.number, head, title, body, draft, labels: issue.labels, reviewers, state }];
      }),
    review(number, by, { body, verdict = 'comment', path = null, line = null, pending = false }) {
      const [issue, pull] = [issueOf(number), pullOf(number)];
      const author = host.actor(by);
      const state = pending ? 'PENDING' : states[verdict];
      const said = host.addComment({ comments: [] }, author, path === null ? body : '', issue);
      pull.reviews.push({ ...said, state });
      if (path === null) return said.id;
      const comments: StoredComment[] = [];
      pull.threads.push({ nodeId: `T_${host.nextId()}`, path, line, comments, resolved: false, outdated: false });
      return host.addComment({ comments }, author, body, issue).id;
    },
    dismissReview(id) {
      for (const { pull } of repository.issues.values()) {
        for (const each of pull?.reviews ?? []) if (each.id === id) each.state = 'DISMISSED';
      }
      host.touch(commentOf(id)[0]);
    },
    outdateThreads(number) {
      for (const thread of pullOf(number).threads) thread.outdated = true;
    },
    resolveThreads(number) {
      for (const thread of pullOf(number).threads) thread.resolved = true;
    },
    minimize(commentId) {
      commentOf(commentId)[1].minimized = true;
    },
    setMergeable(number, mergeable) {
      pullOf(number).mergeable = mergeable;
    },
    setChecks(number, checks) {
      const pull = pullOf(number);
      pull.checks = checks;
      pull.checkedCommit = repository.branches.get(pull.head);
    },
  };
}

/** A pull request that nobody has looked at. */
export function createPull(given: Pick<StoredPull, 'head' | 'base' | 'draft' | 'fork'>): StoredPull {
  return {
    ...given,
    ...{
      merged: false,
      endedCommit: null,
      mergeable: 'MERGEABLE',
      reviewers: [],
      reviews: [],
      threads: [],
      checks: [],
      checkedCommit: Promise.resolve(null),
    },
  };
}

/**
 * What GitHub calls the whole: runs that were cancelled, wait for a person or were run again since count as much as
 * any. So it says `failed` where an adapter may not.
 */
export function checkState(checks: StoredPull['checks']): CheckSummary['state'] {
  if (checks.length === 0) return 'none';
  const bad = ['failure', 'error', 'timed_out', 'cancelled', 'action_required', 'startup_failure'];
  if (checks.some(({ conclusion }) => conclusion !== null && bad.includes(conclusion))) return 'failed';
  return checks.some(({ conclusion }) => conclusion === null || conclusion === 'pending') ? 'pending' : 'passed';
}
