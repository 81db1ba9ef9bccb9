import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load-config.js';
import { wireProjects, wireStore } from '../src/wire/wire-config.js';
import { severities, verdictOn } from './support/policy-scene.js';
import { createQuietWorld } from './support/quiet-world.js';
import { makeScratch } from './support/scratch.js';

const adapter = `export default {
  id: 'acme',
  settingsSchema: { type: 'object', properties: { team: { type: 'string' } }, additionalProperties: false },
  connect(settings, host) {
    if (settings.team === 'nobody') {
      throw Object.defineProperty(
        Object.assign(new Error('There is no such team.'), { code: 'CONFIG_INVALID', details: { setting: 'team' }, fix: 'name a team' }),
        Symbol.for('baton.error'), { value: true });
    }
    return { agent: () => ({ spec: 'coding-agent/1', id: 'acme-' + settings.team, start: () => { throw new Error(); } }) };
  },
};
`;

async function wire(project: string, path: string) {
  const package_ = join(path, 'node_modules', '@acme', 'baton-agent');
  await mkdir(package_, { recursive: true });
  // Its only condition is `import`, which `require.resolve` doesn't see.
  const manifest = { name: '@acme/baton-agent', type: 'module', exports: { '.': { import: './entry.js' } } };
  await writeFile(join(package_, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(package_, 'entry.js'), adapter);
  const file = join(path, 'baton.config.yaml');
  await writeFile(file, `version: 1\nstate: ./state\nprojects:\n  - name: web\n${project}`);
  const environment = { HOME: path, PATH: '/usr/bin:/bin' };
  const config = await loadConfig({ file, environment, cwd: path });
  const world = createQuietWorld(environment);
  await wireStore(config, world, path);
  return wireProjects(config, world, path);
}

const messageOf = (project: string, path: string): Promise<string> =>
  wire(project, path).then(
    () => 'nothing was wrong',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe('what a configuration is wired to', () => {
  it('builds projects of built-in adapters and of a package installed beside the file', async () => {
    await using scratch = await makeScratch();
    const agents =
      'agents: [{ use: "@acme/baton-agent", team: red, model: m-1 }, { use: command, run: cat, model: m-2 }]';
    const verify = 'verify: { commands: [{ name: test, run: npm test, report: tap }] }';
    const [project] = await wire(`    source: { use: local }\n    ${agents}\n    ${verify}\n`, scratch.path);
    expect(project?.agents.map(({ agent, model }) => [agent.id, model])).toEqual([
      ['acme-red', 'm-1'],
      ['command', 'm-2'],
    ]);
    expect(project).toMatchObject({
      source: { id: 'local' },
      forge: { id: 'local' },
      workspaces: { id: 'git-worktree' },
    });
    expect(project?.gates.map(({ id }) => id)).toEqual(['change-policy', 'checks']);
    expect(project?.sandbox.readable).toEqual(expect.arrayContaining(['/usr/bin', join(process.execPath, '..')]));
  });

  it.each([
    [
      'an adapter that nobody has',
      '    source: { use: locla }\n    agents: [{ use: scripted, file: s }]\n',
      'baton.config.yaml:5:20: projects[0].source.use: no adapter is called "locla"; did you mean local?',
    ],
    [
      'a setting that a built-in one lacks',
      '    source: { use: local, pth: x }\n    agents: [{ use: scripted, file: s }]\n',
      'baton.config.yaml:5:27: projects[0].source.pth: local has no such setting; did you mean path?',
    ],
    [
      'a nested setting that the adapter itself refuses',
      '    source: { use: local }\n    workspace: { use: git-worktree, setup: { run: "" } }\n    agents: [{ use: scripted, file: s }]\n',
      'baton.config.yaml:6:46: projects[0].workspace.setup.run',
    ],
    [
      'a setting that an installed one refuses',
      '    source: { use: local }\n    agents: [{ use: "@acme/baton-agent", team: nobody }]\n',
      'baton.config.yaml:6:42: projects[0].agents[0].team: There is no such team.',
    ],
    [
      'an adapter in a role that it has not',
      '    source: { use: local }\n    agents: [{ use: local }]\n',
      "baton.config.yaml:6:21: projects[0].agents[0].use: local can't be an agent, only: a source of issues, a forge",
    ],
    [
      'everything at once',
      '    source: { use: nope }\n    agents: [{ use: neither }]\n',
      'baton.config.yaml has 2 problems:\n  baton.config.yaml:5:20: projects[0].source.use',
    ],
  ])('tells of %s at its place', async (_what, project, message) => {
    await using scratch = await makeScratch();
    expect(await messageOf(project, scratch.path)).toContain(message);
  });
});

const changed = (path: string): readonly Change[] => [
  {
    ...{ path, oldPath: null, kind: 'added', oldMode: null, mode: '100644', added: 1, deleted: 0 },
    ...{ binary: false, bytes: 1, oldBytes: 0, filter: null },
  },
];

/** What becomes of a change of these paths, where everything that may be allowed is. */
async function verdictsOn(
  settings: string,
  paths: readonly string[],
  place: string,
): Promise<Readonly<Record<string, string>>> {
  const [project] = await wire(
    `    source: { use: local, ${settings} }\n    agents: [{ use: command, run: cat }]\n    change: { onProtected: allow }\n`,
    place,
  );
  if (project === undefined) throw new Error('no project');
  const verdicts = await Promise.all(
    paths.map(async (path) => [path, severities[await verdictOn(project, changed(path))] ?? 'unknown'] as const),
  );
  return Object.fromEntries(verdicts);
}

describe('a folder of issues in a checkout', () => {
  it('is changed by people only, as a whole and wherever it lies', async () => {
    await using scratch = await makeScratch();
    await mkdir(join(scratch.path, '.git'));
    const paths = [
      'ops/tracker/people.yaml',
      'ops/tracker/issues/0001-a.md',
      'ops/tracker/own/x',
      'ops/x.md',
      'issues/a',
    ];
    expect(await verdictsOn('path: ops/tracker', paths, scratch.path)).toEqual({
      ...{ 'ops/tracker/people.yaml': 'stop', 'ops/tracker/issues/0001-a.md': 'stop', 'ops/tracker/own/x': 'stop' },
      ...{ 'ops/x.md': 'pass', 'issues/a': 'pass' },
    });
  });

  it('that is the checkout itself keeps what Baton reads there from changes, and nothing else', async () => {
    await using scratch = await makeScratch();
    await mkdir(join(scratch.path, '.git'));
    const paths = ['people.yaml', 'issues/0001-a.md', 'pulls/0001.md', 'src/a.md'];
    expect(await verdictsOn('path: .', paths, scratch.path)).toEqual({
      ...{ 'people.yaml': 'stop', 'issues/0001-a.md': 'stop', 'pulls/0001.md': 'stop', 'src/a.md': 'pass' },
    });
  });

  it('is known by the checkout that it lies in, whatever holds the configuration', async () => {
    await using scratch = await makeScratch();
    await mkdir(join(scratch.path, 'clone', '.git'), { recursive: true });
    expect(await verdictsOn('path: clone/tracker', ['tracker/people.yaml', 'clone/a.md'], scratch.path)).toEqual({
      'tracker/people.yaml': 'stop',
      'clone/a.md': 'pass',
    });
  });
});
