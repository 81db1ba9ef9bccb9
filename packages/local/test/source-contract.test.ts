import { type IssueSourceRig, issueSourceContract } from '@baton/conformance';
import type { IssueQuery } from '@baton/core';
import { it } from 'vitest';
import { createLocalWorld } from './local-world.js';

const query: IssueQuery = { labels: ['baton'], excludeLabels: [], assignee: null };

async function createSourceRig(): Promise<IssueSourceRig> {
  const world = await createLocalWorld();
  const people: Record<string, unknown> = {};
  const files = new Map<string, string>();
  let triggersHidden = false;
  await world.write('people.yaml', '{}\n');
  // The folder has no history: the text counts as it stood when the daemon first polled.
  const daemon = world.createLocal().source;
  const look = (): Promise<unknown> => daemon.poll(query, null);
  const fileOf = (issueId: string): string => files.get(issueId) ?? '';
  const commentPath = (issueId: string, commentId: string): string => `issues/${issueId}/comments/${commentId}.md`;
  return {
    createSource: () => world.createLocal().source,
    self: 'baton',
    missingId: '9999',
    async openIssue({ title, body, author, labels }) {
      const id = String(files.size + 1).padStart(4, '0');
      const file = `issues/${id}-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.md`;
      files.set(id, file);
      await world.writeParts(file, { title, ...(triggersHidden ? {} : { author }), labels: labels ?? [] }, body);
      return id;
    },
    async changeIssue(issueId, { title, body, state, labels, assignees }, by) {
      await look();
      const { fields, body: before } = await world.readParts(fileOf(issueId));
      const given = { title, state, labels, assignees, labeledBy: labels || assignees ? by : undefined };
      const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      await world.writeParts(fileOf(issueId), { ...fields, ...defined }, body ?? before);
    },
    async comment(issueId, by, body) {
      await look();
      const count = (await world.list(`issues/${issueId}/comments`)).length;
      const id = String(count + 1).padStart(4, '0');
      await world.writeParts(commentPath(issueId, id), { author: by, at: new Date(world.now()).toISOString() }, body);
      return id;
    },
    async editComment(issueId, commentId, body) {
      await look();
      const { fields } = await world.readParts(commentPath(issueId, commentId));
      await world.writeParts(commentPath(issueId, commentId), fields, body);
    },
    async comments(issueId) {
      const names = await world.list(`issues/${issueId}/comments`);
      const read = names.map(async (name) => {
        const { fields, body } = await world.readParts(`issues/${issueId}/comments/${name}`);
        return { id: name.replace(/\.md$/, ''), author: String(fields['author']), body };
      });
      return Promise.all(read);
    },
    async allow(login, permission) {
      people[login] = permission;
      await world.write('people.yaml', JSON.stringify(people));
    },
    async references(issueId) {
      const plain = String(Number(issueId));
      const file = fileOf(issueId);
      const paths = [`${world.folder}/${file}`, file, `tracker/${file}`, file.slice('issues/'.length)];
      return [issueId, plain, `#${plain}`, `local:${issueId}`, `local:${plain}`, `local#${plain}`, ...paths];
    },
    footprint: world.footprint,
    breakIssue: (issueId) => world.write(fileOf(issueId), '---\nlabels: [baton\n---\n\nNo list ends like this.\n'),
    async hideTriggers() {
      triggersHidden = true;
    },
    async addBot(name) {
      people[name] = { permission: 'none', kind: 'bot' };
      await world.write('people.yaml', JSON.stringify(people));
      return name;
    },
    breakPermissions: () => world.write('people.yaml', '{{{ no YAML'),
    dispose: world.dispose,
  };
}

issueSourceContract(it, createSourceRig);
