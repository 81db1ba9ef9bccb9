import { type ForgeRig, forgeContract } from '@baton/conformance';
import { expect, it } from 'vitest';
import { createGithubWorld } from '../github-world.js';

const conclusions = {
  running: null,
  passed: 'success',
  failed: 'failure',
  cancelled: 'cancelled',
  skipped: 'skipped',
  waiting: 'action_required',
} as const;

async function createForgeRig(): Promise<ForgeRig> {
  const world = await createGithubWorld();
  const { fake, repository } = world;
  return {
    createForge: world.forge,
    self: fake.self.login,
    defaultBranch: 'main',
    missingId: '9999',
    push: repository.push,
    openPullRequest: async (request) => String(repository.openPull(request)),
    changePullRequest: (id, change) => repository.changePull(Number(id), change),
    async comment(id, by, { body, verdict, path, line }) {
      if (verdict === undefined && path === undefined) return String(repository.comment(Number(id), by, body));
      const review = { body, verdict: verdict ?? 'comment', path: path ?? null, line: line ?? null } as const;
      return String(repository.review(Number(id), by, review));
    },
    async commentInPrivate(id, by, body) {
      repository.minimize(repository.comment(Number(id), by, body));
    },
    outdate: async (id) => repository.outdateThreads(Number(id)),
    editComment: async (_id, commentId, body) => repository.editComment(Number(commentId), body),
    comments: async (id) => repository.comments(Number(id)),
    pullRequests: async () => repository.pulls().map((each) => ({ ...each, id: String(each.number) })),
    allow: async (login, permission) => repository.allow(login, permission),
    addBot: async (name) => fake.addBot(`${name}[bot]`).login,
    breakPermissions: async () => repository.breakPermissions(),
    emptyRepository: repository.emptyRepository,
    footprint: async () => String(fake.changes),
    loseNextAnswer: async () =>
      fake.failNext({ kind: 'answer-after', status: 502 }, { method: 'POST', path: /\/pulls$/ }),
    async setChecks(id, checks) {
      const run = { kind: 'run', summary: 'See the log.', log: null } as const;
      repository.setChecks(
        Number(id),
        checks.map(({ name, result }, index) => ({ ...run, id: index + 1, name, conclusion: conclusions[result] })),
      );
    },
    async dispose() {
      await fake.close();
      expect(fake.unexpected).toEqual([]);
    },
  };
}

forgeContract(it, createForgeRig);
