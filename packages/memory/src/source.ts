import type { Actor, HostQuota, Issue, Permission } from '@baton/core';
import { BatonError, topicMarker, topicOf } from '@baton/core';
import { beginCall, type CallFaults, createActorOf, findActorIn, notFound } from './call.js';
import type { MemorySource, MemorySourceOptions } from './source-controls.js';
import {
  briefOf,
  keyOf,
  latest,
  matches,
  type Revision,
  type StoredComment,
  type StoredIssue,
  setMembers,
} from './stored-issue.js';

const source = 'memory';

/** An empty source. Everything in it settles in microtasks. */
export function createMemorySource(options: MemorySourceOptions): MemorySource {
  const { clock } = options.runtime;
  const pageSize = options.pageSize ?? 100;
  const issues = new Map<string, StoredIssue>();
  const people = new Map<string, Permission>();
  const accounts = new Map<string, Actor>();
  const hostQuotas = new Map<string, Omit<HostQuota, 'name'>>();
  const toActor = createActorOf(accounts);
  const faults: CallFaults = { calls: new Map(), failures: new Map() };
  let sequence = 0;
  let commentCount = 0;
  let issueCount = 0;

  const touch = (issue: StoredIssue): void => {
    sequence += 1;
    issue.sequence = sequence;
    issue.updatedAt = clock.now();
  };
  const revise = <Text>(text: Text, actor: Actor | null): Revision<Text> => ({
    text,
    actor,
    at: clock.now(),
    sequence: sequence + 1,
  });
  const required = (issueId: string): StoredIssue => {
    const issue = issues.get(issueId);
    if (!issue) throw notFound(`issue ${issueId}`);
    return issue;
  };
  const view = (issue: StoredIssue): Issue => ({
    id: String(issue.number),
    key: keyOf(issue.number),
    title: latest(issue.titles).text,
    body: latest(issue.bodies).text,
    author: issue.author,
    url: `https://memory.example/issues/${issue.number}`,
    state: issue.open ? { unified: 'open', raw: 'open' } : { unified: 'closed', raw: 'closed' },
    visibility: issue.visibility,
    labels: [...issue.labels.keys()],
    assignees: [...issue.assignees.values()].map((each) => each.text),
    priority: issue.priority,
    blockedBy: issue.blockedBy.map((key) => ({
      key,
      open: [...issues.values()].every((each) => keyOf(each.number) !== key || each.open),
    })),
    revision: String(issue.sequence),
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
  });
  const readable = (issue: StoredIssue): Issue => {
    if (!issue.broken) return view(issue);
    const message = `Issue ${keyOf(issue.number)} can't be read.`;
    throw new BatonError('PROTOCOL_VIOLATION', message, { details: { received: 'broken' }, adapter: source });
  };
  const relabel = (issue: StoredIssue, labels: readonly string[], by: Actor | null): boolean => {
    const wanted = new Map(labels.map((label) => [label.toLowerCase(), label.toLowerCase()]));
    return setMembers(issue.labels, wanted, (label) => revise(label, by));
  };
  const reassign = (issue: StoredIssue, assignees: readonly (string | Actor)[], by: Actor | null): boolean => {
    const wanted = new Map(assignees.map(toActor).map((actor) => [actor.login, actor]));
    return setMembers(issue.assignees, wanted, (actor) => revise(actor, by));
  };
  const byOrAuthor = (issue: StoredIssue, by: string | Actor | null | undefined): Actor | null =>
    by === undefined ? issue.author : by === null ? null : toActor(by);
  const commentById = (commentId: string): [StoredIssue, StoredComment] => {
    for (const issue of issues.values()) {
      const comment = issue.comments.find((each) => each.id === commentId);
      if (comment) return [issue, comment];
    }
    throw new Error(`no comment ${commentId}`);
  };
  const addComment = (issue: StoredIssue, author: Actor, body: string): string => {
    commentCount += 1;
    const id = `c${commentCount}`;
    issue.comments.push({ id, author, revisions: [revise(body, author)] });
    touch(issue);
    return id;
  };

  return {
    spec: 'issue-source/1',
    id: source,
    tracker: options.tracker ?? source,
    ...faults,
    people,
    accounts,
    hostQuotas,
    get changes() {
      return sequence;
    },

    async poll(query, cursor, options) {
      beginCall(faults, 'poll', options);
      const since = cursor === null ? 0 : Number(cursor);
      if (cursor !== null && since === sequence) return { kind: 'unchanged', cursor };
      const changed = [...issues.values()]
        .filter((issue) => issue.sequence > since && !issue.broken && matches(issue, query))
        .sort((left, right) => left.sequence - right.sequence);
      const page = changed.slice(0, pageSize);
      const more = changed.length > page.length;
      const upTo = more ? (page.at(-1)?.sequence ?? sequence) : sequence;
      return { kind: 'changed', issues: page.map(view), cursor: String(upTo), more };
    },
    async find(reference, options) {
      beginCall(faults, 'find', options);
      const number = /^(?:https:\/\/memory\.example\/issues\/|mem#|#)?(\d+)$/.exec(reference.trim())?.[1];
      const issue = number === undefined ? undefined : issues.get(String(Number(number)));
      return issue ? readable(issue) : null;
    },
    async get(id, options) {
      beginCall(faults, 'get', options);
      const issue = issues.get(id);
      return issue ? readable(issue) : null;
    },
    async brief(issueId, query, options) {
      beginCall(faults, 'brief', options);
      const issue = issues.get(issueId);
      return issue ? briefOf(issue, query) : null;
    },
    async permission(actor, options) {
      beginCall(faults, 'permission', options);
      return people.get(actor.id) ?? 'none';
    },
    quotas: () =>
      [...hostQuotas].map(([name, quota]) => ({ name, ...quota })).filter(({ resetAt }) => resetAt > clock.now()),
    async findActor(reference, options) {
      beginCall(faults, 'findActor', options);
      return findActorIn(accounts, people, reference);
    },
    async ensureComment({ issueId, topic, body }, options) {
      beginCall(faults, 'ensureComment', options);
      const issue = required(issueId);
      const whole = `${topicMarker(topic)}\n${body}`;
      const ours = issue.comments.filter(
        (each) => each.author.kind === 'self' && topicOf(latest(each.revisions).text) === topic,
      );
      const [first, ...others] = ours;
      if (!first) return { id: addComment(issue, toActor('baton'), whole) };
      for (const other of others) {
        issue.comments.splice(issue.comments.indexOf(other), 1);
        touch(issue);
      }
      if (latest(first.revisions).text !== whole) {
        first.revisions.push(revise(whole, first.author));
        touch(issue);
      }
      return { id: first.id };
    },
    async ensureLabels({ issueId, add, remove }, options) {
      beginCall(faults, 'ensureLabels', options);
      const issue = required(issueId);
      const gone = new Set(remove.map((label) => label.toLowerCase()));
      const wanted = [...[...issue.labels.keys()].filter((label) => !gone.has(label)), ...add];
      if (relabel(issue, wanted, toActor('baton'))) touch(issue);
    },
    async ensureAssigned(issueId, assigned, options) {
      beginCall(faults, 'ensureAssigned', options);
      const issue = required(issueId);
      const baton = toActor('baton');
      const others = [...issue.assignees.values()].map((each) => each.text).filter((each) => each.kind !== 'self');
      if (reassign(issue, assigned ? [...others, baton] : others, baton)) touch(issue);
    },

    read(issueId) {
      const issue = issues.get(issueId);
      return issue ? view(issue) : null;
    },
    seed(seed) {
      const author = seed.author === null ? null : toActor(seed.author ?? 'alice');
      if (author && (seed.permission !== undefined || !people.has(author.id))) {
        people.set(author.id, seed.permission ?? 'write');
      }
      issueCount += 1;
      const issue: StoredIssue = {
        number: issueCount,
        author,
        visibility: seed.visibility ?? 'public',
        priority: seed.priority ?? null,
        blockedBy: seed.blockedBy ?? [],
        broken: false,
        createdAt: clock.now(),
        comments: [],
        titles: [revise(seed.title ?? `Issue ${issueCount}`, author)],
        bodies: [revise(seed.body ?? '', author)],
        labels: new Map(),
        assignees: new Map(),
        open: true,
        updatedAt: clock.now(),
        sequence: 0,
      };
      relabel(issue, seed.labels ?? [], byOrAuthor(issue, seed.labeledBy));
      reassign(issue, seed.assignees ?? [], byOrAuthor(issue, seed.labeledBy));
      touch(issue);
      issues.set(String(issue.number), issue);
      return view(issue);
    },
    edit(issueId, change, by) {
      const issue = required(issueId);
      const actor = byOrAuthor(issue, by);
      if (change.title !== undefined) issue.titles.push(revise(change.title, actor));
      if (change.body !== undefined) issue.bodies.push(revise(change.body, actor));
      touch(issue);
    },
    closeIssue(issueId) {
      const issue = required(issueId);
      issue.open = false;
      touch(issue);
    },
    reopenIssue(issueId) {
      const issue = required(issueId);
      issue.open = true;
      touch(issue);
    },
    breakIssue(issueId) {
      const issue = required(issueId);
      issue.broken = true;
      touch(issue);
    },
    removeIssue(issueId) {
      issues.delete(issueId);
      sequence += 1;
    },
    setLabels(issueId, labels, by) {
      const issue = required(issueId);
      if (relabel(issue, labels, byOrAuthor(issue, by))) touch(issue);
    },
    setAssignees(issueId, assignees, by) {
      const issue = required(issueId);
      if (reassign(issue, assignees, byOrAuthor(issue, by))) touch(issue);
    },
    comment: (issueId, author, body) => addComment(required(issueId), toActor(author), body),
    editComment(commentId, body, by) {
      const [issue, comment] = commentById(commentId);
      comment.revisions.push(revise(body, by === undefined ? comment.author : toActor(by)));
      touch(issue);
    },
    comments: (issueId) =>
      required(issueId).comments.map(({ id, author, revisions }) => ({
        id,
        author,
        body: latest(revisions).text,
        at: revisions[0].at,
      })),
  };
}
