import type { Branches } from '../branches.js';
import {
  latest,
  type Revisions,
  type StoredActor,
  type StoredComment,
  type StoredEvent,
  type StoredIssue,
  type StoredPull,
  type StoredRepository,
} from './model.js';

/** What a change of an issue makes so. */
export interface IssueFields {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open' | 'closed';
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
}

/** Everything the fake knows, and how it changes: by people in a test and by the interface alike. */
export interface HostState {
  readonly repositories: Map<string, StoredRepository>;
  /** Grows with every write, of the same again too. */
  readonly changes: number;
  /** The next second: whatever happens later is known to have happened later. */
  tick(): number;
  nextId(): number;
  /** The account of a login, made where there is none. */
  actor(login: string): StoredActor;
  addBot(login: string): StoredActor;
  /** Those that there are. */
  readonly actors: ReadonlyMap<string, StoredActor>;
  addRepository(fullName: string, branches: Branches): StoredRepository;
  addIssue(
    repository: StoredRepository,
    issue: {
      readonly title: string;
      readonly body: string;
      readonly labels: readonly string[];
      readonly by: StoredActor;
    },
    pull?: StoredPull,
  ): StoredIssue;
  change(issue: StoredIssue, fields: IssueFields, by: StoredActor): void;
  addComment(
    to: { readonly comments: StoredComment[] },
    by: StoredActor,
    body: string,
    issue: StoredIssue,
  ): StoredComment;
  revise(texts: Revisions, text: string, by: StoredActor, issue: StoredIssue): void;
  addEvent(issue: StoredIssue, type: StoredEvent['type'], by: StoredActor, subject?: string, after?: string): void;
  /** The write was made, and changed nothing or something that has no method here. */
  touch(issue: StoredIssue | null): void;
}

const start = Date.UTC(2026, 0, 1);

export function createHostState(): HostState {
  const repositories = new Map<string, StoredRepository>();
  const actors = new Map<string, StoredActor>();
  let seconds = 0;
  let ids = 1000;
  let changes = 0;

  const tick = (): number => {
    seconds += 1;
    return start + seconds * 1000;
  };
  const nextId = (): number => {
    ids += 1;
    return ids;
  };
  const addActor = (login: string, kind: StoredActor['kind']): StoredActor => {
    const found = actors.get(login.toLowerCase());
    if (found) return found;
    const made: StoredActor = { id: nextId(), login, kind, ghost: false };
    actors.set(login.toLowerCase(), made);
    return made;
  };
  const actor = (login: string): StoredActor => addActor(login, 'User');
  const touch = (issue: StoredIssue | null): void => {
    changes += 1;
    if (issue) issue.updatedAt = tick();
  };
  const addEvent: HostState['addEvent'] = (issue, type, by, subject = '', after = '') => {
    touch(issue);
    issue.events.push({ type, actor: by, at: issue.updatedAt, subject, after });
  };
  const compare = (before: readonly string[], wanted: readonly string[]) => {
    const holds = (list: readonly string[], name: string): boolean =>
      list.some((each) => each.toLowerCase() === name.toLowerCase());
    return {
      added: wanted.filter((each) => !holds(before, each)),
      gone: before.filter((each) => !holds(wanted, each)),
      kept: before.filter((each) => holds(wanted, each)),
    };
  };
  return {
    repositories,
    get changes() {
      return changes;
    },
    tick,
    nextId,
    actor,
    actors,
    addBot: (login) => addActor(login, 'Bot'),
    addRepository(fullName, branches) {
      const made: StoredRepository = {
        ...{ id: nextId(), fullName, branches, private: true, draftsAllowed: true },
        ...{ permissionsBroken: false, triggersHidden: false, archived: false, hasIssues: true },
        issues: new Map(),
        permissions: new Map(),
      };
      repositories.set(fullName.toLowerCase(), made);
      return made;
    },
    addIssue(repository, { title, body, labels, by }, pull) {
      touch(null);
      const at = tick();
      const number = repository.issues.size + 1;
      const issue: StoredIssue = {
        ...{ id: nextId(), number, author: by, pull: pull ?? null, createdAt: at, updatedAt: at },
        ...{ open: true, locked: false, broken: false, gone: null, labels: [...labels], assignees: [] },
        titles: [{ text: title, actor: by, at }],
        bodies: [{ text: body, actor: by, at }],
        comments: [],
        events: labels.map((subject) => ({ type: 'labeled', actor: by, at, subject, after: '' })),
        blockedBy: [],
      };
      repository.issues.set(number, issue);
      return issue;
    },
    change(issue, { title, body, state, labels, assignees }, by) {
      if (title !== undefined && title !== latest(issue.titles).text) {
        addEvent(issue, 'renamed', by, latest(issue.titles).text, title);
        issue.titles.push({ text: title, actor: by, at: issue.updatedAt });
      }
      if (body !== undefined) {
        touch(issue);
        if (body !== latest(issue.bodies).text) issue.bodies.push({ text: body, actor: by, at: issue.updatedAt });
      }
      if (state !== undefined) {
        touch(issue);
        issue.open = state === 'open';
      }
      if (labels !== undefined) {
        const { added, gone, kept } = compare(issue.labels, labels);
        for (const each of gone) addEvent(issue, 'unlabeled', by, each);
        for (const each of added) addEvent(issue, 'labeled', by, each);
        issue.labels = [...kept, ...added];
      }
      if (assignees !== undefined) {
        const before = issue.assignees.map((each) => each.login);
        const { added, gone, kept } = compare(before, assignees);
        for (const each of gone) addEvent(issue, 'unassigned', by, each);
        for (const each of added) addEvent(issue, 'assigned', by, each);
        issue.assignees = [...kept, ...added].map(actor);
      }
    },
    addComment(to, by, body, issue) {
      touch(issue);
      const id = nextId();
      const comment: StoredComment = {
        ...{ id, nodeId: `C_${id}`, author: by, minimized: false },
        bodies: [{ text: body, actor: by, at: issue.updatedAt }],
      };
      to.comments.push(comment);
      return comment;
    },
    revise(texts, text, by, issue) {
      touch(issue);
      if (latest(texts).text !== text) texts.push({ text, actor: by, at: issue.updatedAt });
    },
    addEvent,
    touch,
  };
}
