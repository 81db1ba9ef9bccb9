import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.js';
import { makeScratch } from '../support/scratch.js';

describe('a configuration of which what is in order is asked for alone', () => {
  const project = (name: string, more = ''): string =>
    `  - { name: ${name}, source: { use: local }, agents: [{ use: command, run: x }]${more} }\n`;
  const load = async (text: string) => {
    await using scratch = await makeScratch();
    const file = join(scratch.path, 'baton.config.yaml');
    await writeFile(file, `version: 1\nstate: ./state\n${text}`);
    const request = { file, environment: { HOME: scratch.path }, cwd: scratch.path };
    const message = await loadConfig(request).then(() => null, String);
    const { projects, broken: left } = await loadConfig({ ...request, take: 'healthy' });
    return { message, projects: projects.map(({ name, source }) => [name, source.path]), left };
  };

  it('every project that is not in order is left out, each with all that is wrong with it', async () => {
    const { message, projects, left } = await load(
      `projects:\n${project('a', ', teapot: 1, kettle: 2')}${project('b')}${project('b')}${project('c', `, concurrency: "$${'{NOWHERE}'}"`)}` +
        `  - 7\n${project('d', ', verify: { commands: [{ name: x, run: y, after: z }] }')}${project('e')}`,
    );
    expect(message).toContain('teapot');
    expect(projects).toEqual([
      ['b', ['projects', 1, 'source']],
      ['e', ['projects', 6, 'source']],
    ]);
    expect(left.map(({ name }) => name)).toEqual(['a', 'c', 'projects[4]', 'b', 'd']);
    expect(left.map(({ problem }) => problem.message)).toEqual([
      expect.stringMatching(/has 2 problems:(?:.|\n)+teapot(?:.|\n)+kettle/),
      expect.stringMatching(/NOWHERE is not set/),
      expect.stringMatching(/:8:5: projects\[4\]: /),
      expect.stringMatching(/:6:13: projects\[2\]\.name: "b" is the name of an earlier project already/),
      expect.stringMatching(/projects\[5\]\.verify\.commands\[0\]\.after: no command above "x"/),
    ]);
  });

  it.each([
    ['anything else is not in order', `teapot: 1\nprojects:\n${project('a', ', teapot: 1')}${project('b')}`],
    ['none is in order', `projects:\n${project('a', ', teapot: 1')}${project('b', ', teapot: 1')}`],
    [
      'none is left',
      `projects:\n${project('a', ', teapot: 1')}${project('b', ', verify: { commands: [{ name: x, run: y, after: z }] }')}`,
    ],
    ['there are no projects', 'projects: 7\n'],
    ['it can not be read', `projects: [\n`],
  ])('none is left out where %s', async (_what, text) => {
    await expect(load(text)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
