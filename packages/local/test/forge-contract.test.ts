import { type ForgeRig, forgeContract, type HostedPullRequest } from '@baton/conformance';
import { it } from 'vitest';
import { createLocalWorld } from './local-world.js';

async function createForgeRig(): Promise<ForgeRig> {
  const world = await createLocalWorld();
  const people: Record<string, unknown> = {};
  await world.write('people.yaml', '{}\n');
  const pullPath = (id: string): string => `pulls/${id}.md`;
  const feedback = (id: string): string => `pulls/${id}/feedback`;
  const pulls = async (): Promise<readonly string[]> =>
    (await world.list('pulls')).filter((name) => name.endsWith('.md')).map((name) => name.replace(/\.md$/, ''));
  return {
    createForge: () => world.createLocal().forge,
    self: 'baton',
    defaultBranch: 'main',
    missingId: '9999',
    push: world.push,
    async openPullRequest({ by, body, ...fields }) {
      const id = String((await pulls()).length + 1).padStart(4, '0');
      await world.writeParts(pullPath(id), { ...fields, base: 'main', state: 'open', author: by }, body);
      return id;
    },
    async changePullRequest(id, change) {
      const { fields, body } = await world.readParts(pullPath(id));
      await world.writeParts(pullPath(id), { ...fields, ...change }, body);
    },
    async comment(id, by, { body, ...fields }) {
      const commentId = String((await world.list(feedback(id))).length + 1).padStart(4, '0');
      const front = { author: by, at: new Date(world.now()).toISOString(), ...fields };
      await world.writeParts(`${feedback(id)}/${commentId}.md`, front, body);
      return commentId;
    },
    async editComment(id, commentId, body) {
      const { fields } = await world.readParts(`${feedback(id)}/${commentId}.md`);
      await world.writeParts(`${feedback(id)}/${commentId}.md`, fields, body);
    },
    async comments(id) {
      const read = (await world.list(feedback(id))).map(async (name) => {
        const { fields, body } = await world.readParts(`${feedback(id)}/${name}`);
        return { author: String(fields['author']), body };
      });
      return Promise.all(read);
    },
    async pullRequests() {
      const read = (await pulls()).map(async (id): Promise<HostedPullRequest> => {
        const { fields, body } = await world.readParts(pullPath(id));
        const state = fields['state'];
        return {
          ...{
            id,
            body,
            head: String(fields['head']),
            title: String(fields['title']),
            draft: fields['draft'] === true,
          },
          labels: Array.isArray(fields['labels']) ? fields['labels'].map(String) : [],
          state: state === 'merged' || state === 'closed' ? state : 'open',
        };
      });
      return Promise.all(read);
    },
    async allow(login, permission) {
      people[login] = permission;
      await world.write('people.yaml', JSON.stringify(people));
    },
    async addBot(name) {
      people[name] = { permission: 'none', kind: 'bot' };
      await world.write('people.yaml', JSON.stringify(people));
      return name;
    },
    breakPermissions: () => world.write('people.yaml', '{{{ no YAML'),
    async emptyRepository() {
      await world.git('update-ref', '-d', 'refs/heads/main');
    },
    footprint: world.footprint,
    dispose: world.dispose,
  };
}

forgeContract(it, createForgeRig);
