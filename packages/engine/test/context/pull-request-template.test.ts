import { describe, expect, it } from 'vitest';
import type { Project } from '../../src/index.js';
import { pushToBase } from '../policy/policy-world.js';
import { createRelay } from '../relay.js';

/** The body of the pull request that comes of a repository with these files. */
async function bodyOf(
  files: Readonly<Record<string, string>>,
  change: (project: Project) => Partial<Project>,
  summary = 'It is mended.',
) {
  const relay = createRelay(async ({ workspace }) => {
    await workspace.writeFile('app.txt', 'mended\n');
    // What an agent makes of it is not what people are shown.
    await workspace.writeFile('template.md', '# Made by the agent');
    return { summary };
  });
  Object.assign(relay.project, change(relay.project));
  pushToBase(relay, files);
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  return relay.forge.pulls()[0]?.body;
}

const lookingAt =
  (...pullRequestTemplates: readonly string[]) =>
  ({ forge }: Project) => ({ forge: { ...forge, pullRequestTemplates } });

describe('the template of a pull request', () => {
  it('is the first of those at which the host looks, as the base has it', async () => {
    const body = await bodyOf(
      { 'template.md': '# Overview\n', 'other.md': '# What\n' },
      lookingAt('none.md', 'template.md', 'other.md'),
    );
    expect(body).toMatch(/^Closes \S+\n\n# Overview\n\n> It is mended\.\n\n### Evidence/);
  });

  it('goes before what was measured does where there is too little room, and so do the words of the agent', async () => {
    const within =
      (bodyLength: number) =>
      ({ forge }: Project) => ({
        forge: { ...forge, pullRequestTemplates: ['template.md'], limits: { ...forge.limits, bodyLength } },
      });
    const long = { 'template.md': `# ${'<'.repeat(300)}\n`.repeat(50) };
    const words = '&'.repeat(7_000);
    const measured = /^Closes \S+\n\n### Evidence\n.*<!-- baton:job=\w+ -->$/s;
    expect(await bodyOf(long, within(100_000), words)).toMatch(/^Closes .*&lt;.*> (?:&amp;)+\n\n### Evidence/s);
    expect(await bodyOf(long, within(50_000), words)).toMatch(/^Closes \S+\n\n> (?:&amp;)+\n\n### Evidence/);
    expect(await bodyOf(long, within(10_000), words)).toMatch(measured);
  });

  it('is another one, or none, where the operator says so', async () => {
    const files = { 'template.md': '# Overview\n', 'other.md': '# What\n' };
    const named = (template: string | null) => (project: Project) => ({
      ...lookingAt('template.md')(project),
      pullRequest: { ...project.pullRequest, template },
    });
    expect(await bodyOf(files, named('other.md'))).toContain('# What\n');
    expect(await bodyOf(files, named(null))).toMatch(/^Closes \S+\n\n> It is mended\.\n\n### Evidence/);
  });

  it.each([
    ['none is there', {}],
    ['it is no file', { 'template.md/readme': 'x\n' }],
    ['it is too long', { 'template.md': '# What\n'.repeat(200_000) }],
  ])('is passed over where %s', async (_, files) => {
    expect(await bodyOf(files, lookingAt('template.md'))).toMatch(/^Closes \S+\n\n> It is mended\.\n\n### Evidence/);
  });
});
