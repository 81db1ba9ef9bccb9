import { type ForgeRig, forgeContract } from '@baton/conformance';
import { describe, expect, it } from 'vitest';
import { createGitlabWorld } from '../gitlab-world.js';

const statuses = {
  running: 'running',
  passed: 'success',
  failed: 'failed',
  cancelled: 'canceled',
  skipped: 'skipped',
  waiting: 'manual',
} as const;

async function createForgeRig({ merged = false } = {}): Promise<ForgeRig> {
  const { fake, project, createGitlab, dispose } = await createGitlabWorld();
  return {
    createForge: () => createGitlab().forge,
    self: fake.self.username,
    defaultBranch: 'main',
    missingId: '999999',
    push: (branch) => project.push(branch),
    openPullRequest: async ({ draft, title, ...request }) =>
      String(project.openMergeRequest({ ...request, title: draft ? `Draft: ${title}` : title })),
    changePullRequest: (id, change) => project.changeMergeRequest(Number(id), change, 'alice'),
    async comment(id, by, { body, verdict, path, line }) {
      const more = path ? { path, line: line ?? null } : {};
      const note = project.comment({ mergeRequest: Number(id) }, by, body, more);
      project.review(Number(id), by, verdict ?? 'comment');
      return String(note);
    },
    commentInPrivate: async (id, by, body) =>
      void project.comment({ mergeRequest: Number(id) }, by, body, { internal: true }),
    outdate: async (id) => project.outdate(Number(id)),
    editComment: async (_, commentId, body) => project.editComment(Number(commentId), body, 'bob'),
    comments: async (id) => project.comments({ mergeRequest: Number(id) }),
    pullRequests: async () =>
      project.mergeRequests().map(({ iid, head, title, description, labels, state }) => ({
        ...{ id: String(iid), head, labels, body: description },
        title: title.replace(/^Draft: /, ''),
        draft: title.startsWith('Draft: '),
        state: state === 'merged' || state === 'closed' ? state : 'open',
      })),
    allow: async (login, permission) => project.allow(login, permission),
    addBot: async (name) => fake.addBot(name).username,
    breakPermissions: async () => project.breakPermissions(),
    emptyRepository: () => project.emptyRepository(),
    footprint: async () => String(fake.changes),
    loseNextAnswer: async () => fake.failNext({ kind: 'lose-answer' }, { method: 'POST', path: '/merge_requests' }),
    setChecks: async (id, checks) =>
      project.setJobs(
        Number(id),
        checks.map(({ name, result }) => ({ name, status: statuses[result] })),
        { merged },
      ),
    async dispose() {
      await dispose();
      expect(fake.unexpected).toEqual([]);
      expect(fake.quickActions).toEqual([]);
    },
  };
}

forgeContract(it, () => createForgeRig());

describe('with pipelines for merged results', () => {
  forgeContract(it, () => createForgeRig({ merged: true }));
});
