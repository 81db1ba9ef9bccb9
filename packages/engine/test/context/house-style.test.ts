import { describe, expect, it } from 'vitest';
import { createRequestTemplate, type Project } from '../../src/index.js';
import { pushToBase } from '../policy/policy-world.js';
import { createRelay } from '../relay.js';

const history = ['fix(cart): round', 'feat: add a cart', 'docs: say how', 'fix: sum', 'chore: bump'];

/** What a job in a repository of this history is told, and titles its work. */
async function work(summary: string, change: Partial<Project['pullRequest']> = {}, subjects = history) {
  const told: string[] = [];
  const relay = createRelay(async ({ workspace, instructions }) => {
    told.push(instructions);
    await workspace.writeFile('app.txt', 'mended\n');
    return { summary };
  });
  Object.assign(relay.project, { pullRequest: { ...relay.project.pullRequest, ...change } });
  for (const [index, message] of subjects.entries()) pushToBase(relay, { 'log.txt': `${index}\n` }, message);
  relay.source.seed({ title: 'The cart sums wrongly', labels: ['baton', 'bug'] });
  await relay.runOnce();
  const [pull] = relay.forge.pulls();
  const { message = '' } = relay.remote.commits.get(pull?.pullRequest.headCommit ?? '') ?? {};
  return { instructions: told[0] ?? '', title: pull?.title, body: pull?.body ?? '', message };
}

describe('a commit', () => {
  it('is signed off by its author where the operator says so, and else by nobody', async () => {
    expect((await work('fix: sum up', { signOff: true })).message).toMatch(
      /\n\nBaton-Job: \S+\nAssisted-by: memory\nSigned-off-by: Baton <baton@localhost>\n$/,
    );
    expect((await work('fix: sum up')).message).not.toContain('Signed-off-by');
  });
});

describe('the title of a pull request', () => {
  it('follows the rule of the base, and the agent is told it', async () => {
    const { instructions, title, body, message } = await work('fix(cart): Sum what was bought\n\nIt left one out.');
    expect(instructions).toContain('such as `chore: what was changed`. Types in use: fix, chore, docs, feat.');
    expect(title).toBe('fix(cart): sum what was bought');
    expect(message).toMatch(/^fix\(cart\): sum what was bought\n/);
    expect(body).toContain('> It left one out.');
    expect(body).not.toContain('Sum what was bought');
  });

  it('is of the issue where the agent proposes none', async () => {
    expect((await work('It left one out.')).title).toBe('fix: the cart sums wrongly');
  });

  it('follows no rule where the base has none', async () => {
    const { instructions, title, body } = await work('Summed.', {}, ['Add a cart', 'Round']);
    expect(instructions).not.toContain('Types in use');
    expect(title).toBe('The cart sums wrongly');
    expect(body).toContain('> Summed.');
  });

  it('has the form that the operator gives it', async () => {
    const title = createRequestTemplate('title', '{{ title }} ({{ key }})');
    expect((await work('It left one out.', { title })).title).toBe('fix: the cart sums wrongly (mem#1)');
  });

  it('stands in what the operator has written below the text, where it does nothing but be read', async () => {
    const append = createRequestTemplate('append', 'Changelog ({{ key }}): {{ title }}');
    const { body } = await work('fix: sum `a` | <b>', { append });
    expect(body).toMatch(/<\/details>\n\nChangelog \(mem#1\): fix: sum \\`a\\` \\\| &lt;b&gt;\n\n<sub>/);
    expect((await work('fix: sum up')).body).not.toContain('Changelog');
  });

  it('does nothing but be read, whatever an agent proposes', async () => {
    const { title, message } = await work('fix: closes #9 @everyone [skip ci]');
    expect(`${title}${message}`).not.toMatch(/#9|@everyone|\[skip ci\]/);
  });
});
