import { createManualClock, type IssueSourceRig, issueSourceContract } from '@baton/conformance';
import { type Actor, BatonError, type Brief, type IssueSource, topicOf } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createMemorySource, type MemorySource } from '../src/index.js';
import { failedCases } from './failed-cases.js';

/** Stands between the suite and a source that is right. */
type Mutation = (source: MemorySource) => IssueSource;

function createSourceRig(mutate: Mutation = (source) => source): IssueSourceRig {
  const clock = createManualClock();
  const memory = createMemorySource({ runtime: { clock }, pageSize: 50 });
  let triggersHidden = false;
  return {
    createSource: () => mutate(memory),
    self: 'baton',
    missingId: '4711',
    async openIssue(issue) {
      clock.advance(1);
      const permission = memory.people.get(issue.author) ?? 'none';
      return memory.seed({ ...issue, permission, ...(triggersHidden ? { labeledBy: null } : {}) }).id;
    },
    async changeIssue(issueId, change, by) {
      clock.advance(1);
      if (change.title !== undefined || change.body !== undefined) memory.edit(issueId, change, by);
      if (change.labels) memory.setLabels(issueId, change.labels, by);
      if (change.assignees) memory.setAssignees(issueId, change.assignees, by);
      if (change.state === 'closed') memory.closeIssue(issueId);
      if (change.state === 'open') memory.reopenIssue(issueId);
    },
    async comment(issueId, by, body) {
      clock.advance(1);
      return memory.comment(issueId, by, body);
    },
    async editComment(_issueId, commentId, body, by) {
      clock.advance(1);
      memory.editComment(commentId, body, by);
    },
    comments: async (issueId) => memory.comments(issueId).map((each) => ({ ...each, author: each.author.login })),
    async allow(login, permission) {
      memory.people.set(login, permission);
    },
    references: async (issueId) => [
      issueId,
      `#${issueId}`,
      `mem#${issueId}`,
      `https://memory.example/issues/${issueId}`,
    ],
    footprint: async () => String(memory.changes),
    async breakIssue(issueId) {
      memory.breakIssue(issueId);
    },
    async hideTriggers() {
      triggersHidden = true;
    },
    async addBot(name) {
      memory.accounts.set(name, { id: `id of ${name}`, login: name, kind: 'bot' });
      return name;
    },
    async breakPermissions() {
      const error = new BatonError('UNAVAILABLE', 'The tracker is down.', { details: {} });
      memory.failures.set('permission', error);
    },
    async dispose() {},
  };
}

/** A source whose briefs are told otherwise. */
const retold =
  (tell: (brief: Brief, issueId: string, memory: MemorySource) => Brief): Mutation =>
  (memory) => ({
    ...memory,
    async brief(issueId, query, options) {
      const brief = await memory.brief(issueId, query, options);
      return brief && tell(brief, issueId, memory);
    },
  });

/** A brief in which everybody is told as somebody else. */
const seenAs =
  (see: <Some extends Actor | null>(actor: Some) => Some) =>
  ({ trigger, comments, ...brief }: Brief): Brief => ({
    ...brief,
    trigger: { ...trigger, actor: see(trigger.actor) },
    comments: comments.map((each) => ({ ...each, author: see(each.author) })),
  });

const asPerson = <Some extends Actor | null>(actor: Some): Some => actor && { ...actor, kind: 'person' };
const bySpelling = <Some extends Actor | null>(actor: Some): Some =>
  actor && { ...actor, kind: /bot|renovate/.test(actor.login) ? 'bot' : actor.kind };

/** Faults of a source, each by the case that tells. */
const mutants: readonly (readonly [fault: string, tells: string, Mutation])[] = [
  ['tells bots as people', 'hands-a-bot-is-told-by-the-tracker-and-by-no-spelling', retold(seenAs(asPerson))],
  ['tells bots by their names', 'hands-a-bot-is-told-by-the-tracker-and-by-no-spelling', retold(seenAs(bySpelling))],
  ['tells its own hand as a person’s', 'hands-batons-own-is-told-as-its-own', retold(seenAs(asPerson))],
  [
    'leaves out only those of its own comments that are marked',
    'hands-batons-own-comments-are-in-no-brief-marked-or-not',
    retold((brief, issueId, memory) => ({
      ...brief,
      comments: memory.comments(issueId).filter(({ body }) => topicOf(body) === null),
    })),
  ],
  [
    'takes whatever is marked for its own',
    'hands-a-marker-makes-nobody-elses-comment-batons-own',
    retold((brief) => ({ ...brief, comments: brief.comments.filter(({ body }) => topicOf(body) === null) })),
  ],
  [
    'overwrites whatever is marked',
    'a-marker-in-somebody-elses-comment-counts-for-nothing',
    (memory) => ({
      ...memory,
      async ensureComment(comment, options) {
        const marked = memory.comments(comment.issueId).find(({ body }) => topicOf(body) === comment.topic);
        if (!marked) return memory.ensureComment(comment, options);
        memory.editComment(marked.id, comment.body);
        return { id: marked.id };
      },
    }),
  ],
  [
    'tells of more than there is',
    'quotas-are-what-can-be-left-of-a-period-that-is-not-over',
    (memory) => ({ ...memory, quotas: () => [{ name: 'core', limit: 60, remaining: 61, resetAt: 1 }] }),
  ],
  [
    'finds accounts by the beginning of a login',
    'an-account-that-nobody-has-is-null',
    (memory) => ({
      ...memory,
      async findActor(reference, options) {
        const login = [...memory.people.keys()].find((each) => each.startsWith(reference)) ?? reference;
        return (await memory.findActor?.(login, options)) ?? null;
      },
    }),
  ],
];

describe('the suite of sources bites where one', () => {
  it.each(mutants)('%s', async (_, tells, mutate) => {
    expect(await failedCases(issueSourceContract, () => createSourceRig(mutate), [tells])).toEqual([tells]);
    expect(await failedCases(issueSourceContract, () => createSourceRig(), [tells])).toEqual([]);
  });
});

describe('the memory source', () => {
  issueSourceContract(it, async () => createSourceRig());

  it('counts its calls and fails those that are told to', async () => {
    const memory = createMemorySource({ runtime: { clock: createManualClock() } });
    const { id } = memory.seed({ labels: ['baton'] });
    memory.failures.set('get', new Error('down'));
    await expect(memory.get(id)).rejects.toThrow('down');
    memory.failures.clear();
    await expect(memory.get(id)).resolves.toMatchObject({ key: 'mem#1' });
    expect(memory.calls).toEqual(new Map([['get', 2]]));
  });

  it('says whether a blocker is open, and takes one that is not there for open', async () => {
    const memory = createMemorySource({ runtime: { clock: createManualClock() } });
    const blocker = memory.seed({});
    const { id } = memory.seed({ blockedBy: [blocker.key, 'mem#99'] });
    memory.closeIssue(blocker.id);
    expect((await memory.get(id))?.blockedBy).toEqual([
      { key: 'mem#1', open: false },
      { key: 'mem#99', open: true },
    ]);
  });
});
