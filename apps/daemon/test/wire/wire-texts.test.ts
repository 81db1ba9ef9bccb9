import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.js';
import { makeScratch } from '../support/scratch.js';
import { messageOf, wire } from '../support/wire-scene.js';

const source = '    source: { use: local }\n';
const agents = '    agents: [{ use: command, run: cat }]\n';
const byDefault = ['AGENTS.md', 'CLAUDE.md', '.github/copilot-instructions.md', 'CONTRIBUTING.md'];

describe('what a configuration has agents told', () => {
  it('is nothing of the operator’s, and what repositories commonly say to agents, by default', async () => {
    await using scratch = await makeScratch();
    const [project] = await wire(`${source}${agents}`, scratch.path);
    expect(project?.instructions).toEqual({ operator: '', repositoryFiles: byDefault });
    expect(project?.prompt).toBeUndefined();
  });

  it('is the operator’s words and file, for all agents and for one, and the template', async () => {
    await using scratch = await makeScratch();
    await writeFile(join(scratch.path, 'team.md'), 'Of the team.\n');
    await writeFile(join(scratch.path, 'task.liquid'), 'Mind you. {{ task }}\n');
    const text = [
      `${source}    agents: [{ use: command, run: cat, instructions: { text: "To this one." } }]\n`,
      '    instructions: { text: "First.", file: team.md, repository: [docs/agents.md] }\n',
      '    prompt: ./task.liquid\n',
      '    pullRequest: { title: "[{{ key }}] {{ title }}", append: "For {{ key }}", signOff: true, template: docs/pull.md }\n',
    ].join('');
    const [project] = await wire(text, scratch.path);
    expect(project?.instructions).toEqual({
      operator: 'First.\n\nOf the team.',
      repositoryFiles: ['docs/agents.md'],
    });
    expect(project?.agents.map(({ instructions }) => instructions)).toEqual(['To this one.']);
    expect(project?.prompt).toBeDefined();
    expect(project?.pullRequest.append?.render({ title: 'Sum up', key: 'SHOP-7' })).toBe('For SHOP-7');
    expect(project?.pullRequest).toMatchObject({
      draft: true,
      signOff: true,
      labels: ['baton'],
      template: 'docs/pull.md',
    });
    expect(project?.pullRequest.title?.render({ title: 'Sum up', key: 'SHOP-7' })).toBe('[SHOP-7] Sum up');
  });

  it('counts among what only people may change', async () => {
    await using scratch = await makeScratch();
    const file = join(scratch.path, 'baton.config.yaml');
    const told = '    instructions: { file: team.md }\n    prompt: task.liquid\n';
    const own = '    agents: [{ use: command, run: cat, instructions: { file: ~/own.md } }]\n';
    await writeFile(file, `version: 1\nprojects:\n  - name: web\n${source}${own}${told}`);
    const { controls } = await loadConfig({ file, environment: { HOME: '/home/op' }, cwd: scratch.path });
    const named = [join(scratch.path, 'team.md'), join(scratch.path, 'task.liquid'), '/home/op/own.md'];
    expect(controls).toEqual([file, ...named]);
  });

  it.each([
    ['instructions: { file: none.md }', /:7:27: projects\[0\]\.instructions\.file: there is no file .*none\.md$/m],
    ['instructions: { file: folder }', /instructions\.file: .*folder can't be read \(EISDIR\)$/m],
    ['instructions: { file: empty.md }', /instructions\.file: .*empty\.md is empty$/m],
    [
      'instructions: { file: long.md }',
      /instructions: has 20000 characters, and every turn would be told all of them$/m,
    ],
    ['instructions: { repository: [/etc/passwd] }', /instructions\.repository\[0\]: expected the path of a file from/],
    ['instructions: { repository: [docs/../../a] }', /instructions\.repository\[0\]: expected the path of a file from/],
    ['instructions: { tekst: a }', /instructions\.tekst: unknown key$/m],
    ['prompt: task.liquid', /prompt: .*task\.liquid:2: there is no variable titel$/m],
    ['pullRequest: { title: "{{ tilte }}" }', /pullRequest\.title: .*there is no variable tilte$/m],
    ['pullRequest: { title: "Same" }', /pullRequest\.title: Every title would be the same$/m],
    ['pullRequest: { template: ../a.md }', /pullRequest\.template: expected the path of a file from/],
    ['prompt: none.liquid', /prompt: there is no file .*none\.liquid$/m],
  ])('is refused where it can’t be meant: %s', async (line, said) => {
    await using scratch = await makeScratch();
    await mkdir(join(scratch.path, 'folder'));
    await writeFile(join(scratch.path, 'empty.md'), '\n');
    await writeFile(join(scratch.path, 'long.md'), 'x'.repeat(20_000));
    await writeFile(join(scratch.path, 'task.liquid'), 'Mind you.\n{{ titel }}\n');
    expect(await messageOf(`${source}${agents}    ${line}\n`, scratch.path)).toMatch(said);
  });
});
