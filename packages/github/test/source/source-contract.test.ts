import { type IssueSourceRig, issueSourceContract } from '@baton/conformance';
import { expect, it } from 'vitest';
import { createGithubWorld } from '../github-world.js';

async function createSourceRig(): Promise<IssueSourceRig> {
  const world = await createGithubWorld();
  const { fake, repository } = world;
  return {
    createSource: world.source,
    self: fake.self.login,
    missingId: '9999',
    openIssue: async (issue) => String(repository.openIssue(issue)),
    changeIssue: async (id, change, by) => repository.changeIssue(Number(id), change, by),
    comment: async (id, by, body) => String(repository.comment(Number(id), by, body)),
    async commentInPrivate(id, by, body) {
      repository.minimize(repository.comment(Number(id), by, body));
    },
    editComment: async (_id, commentId, body, by) => repository.editComment(Number(commentId), body, by),
    comments: async (id) => repository.comments(Number(id)).map((each) => ({ ...each, id: String(each.id) })),
    allow: async (login, permission) => repository.allow(login, permission),
    references: async (id) => [
      ...[id, `#${id}`, `acme/shop#${id}`, `Acme/Shop#${id}`],
      `${new URL(fake.baseUrl).origin}/acme/shop/issues/${id}`,
    ],
    footprint: async () => String(fake.changes),
    breakIssue: async (id) => repository.breakIssue(Number(id)),
    hideTriggers: async () => repository.hideTriggers(),
    addBot: async (name) => fake.addBot(`${name}[bot]`).login,
    breakPermissions: async () => repository.breakPermissions(),
    async dispose() {
      await fake.close();
      expect(fake.unexpected).toEqual([]);
    },
  };
}

issueSourceContract(it, createSourceRig);
