import { createManualClock, createMemorySource, type IssueSourceRig, issueSourceContract } from '@baton/conformance';
import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';

function createSourceRig(): IssueSourceRig {
  const clock = createManualClock();
  const memory = createMemorySource({ runtime: { clock }, pageSize: 50 });
  let triggersHidden = false;
  return {
    createSource: () => memory,
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
    async breakPermissions() {
      const error = new BatonError('UNAVAILABLE', 'The tracker is down.', { details: {} });
      memory.failures.set('permission', error);
    },
    async dispose() {},
  };
}

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
