import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listConfigSources } from '../../src/config/list-sources.js';
import { loadConfig } from '../../src/config/load-config.js';
import { configSchemaWithAdapters } from '../../src/wire/adapters-schema.js';
import { listBuiltIns } from '../../src/wire/built-ins.js';
import { listAdapterSettings } from '../../src/wire/list-adapter-settings.js';
import { makeScratch } from '../support/scratch.js';

/** Uses every adapter that is built in. */
const all = `version: 1
state: ./state
store: { use: sqlite, path: jobs.db }
projects:
  - name: web
    source: { use: github, repository: acme/web, app: { id: 1, installation: 2 } }
    forge: { ci: ask }
    workspace: { use: git-worktree, setup: { run: npm ci } }
    agents:
      - { use: claude, model: m-1 }
      - { use: claude-code, keyEnv: OUR_KEY }
      - { use: openai, model: m-2 }
      - { use: codex, baseUrl: "https://models.example/v1" }
      - { use: acp, preset: opencode, model: m-3 }
      - { use: command, run: cat, model: told }
      - { use: scripted, file: steps.yaml }
  - name: shop
    source: { use: gitlab, repository: acme/shop, labels: [baton] }
    agents: [{ use: command, run: cat }]
  - name: notes
    source: { use: local, path: tracker }
    forge: { use: local, remote: ./remote.git }
    agents: [{ use: command, run: cat }]
`;

describe('settings of the adapters that are built in', () => {
  it('are told with where each comes from: the file, a default, a variable of the environment', async () => {
    await using scratch = await makeScratch();
    const file = join(scratch.path, 'baton.config.yaml');
    await writeFile(file, all);
    const environment = { HOME: scratch.path, ANTHROPIC_BASE_URL: 'https://me:hidden@proxy.example' };
    const config = await loadConfig({ file, environment, cwd: scratch.path });
    const listed = listConfigSources(config, scratch.path, await listAdapterSettings(config, environment));
    const told = new Map(listed.map(({ path, value, source }) => [path, [value, source]]));
    const expected = {
      'store.path': ['jobs.db', 'baton.config.yaml:3:29'],
      'projects[0].source.repository': ['acme/web', 'baton.config.yaml:6:40'],
      'projects[0].source.baseUrl': ['https://api.github.com', 'default'],
      'projects[0].source.app.privateKeyEnv': ['GITHUB_APP_PRIVATE_KEY', 'default'],
      'projects[0].workspace.spares': [2, 'default'],
      'projects[0].workspace.setup.timeout': ['10m', 'default'],
      'projects[0].agents[0].baseUrl': ['https://***@proxy.example', 'environment variable ANTHROPIC_BASE_URL'],
      'projects[0].agents[0].keyEnv': ['ANTHROPIC_API_KEY', 'default'],
      'projects[0].agents[1].keyEnv': ['OUR_KEY', 'baton.config.yaml:11:37'],
      'projects[0].agents[3].baseUrl': ['https://models.example/v1', 'baton.config.yaml:13:32'],
      'projects[1].source.tokenEnv': ['GITLAB_TOKEN', 'default'],
      'projects[2].source.remote': ['.', 'default'],
      'projects[2].forge.remote': ['./remote.git', 'baton.config.yaml:22:34'],
    };
    expect(Object.fromEntries(Object.keys(expected).map((path) => [path, told.get(path)]))).toEqual(expected);
    expect(listed.map(({ path }) => path)).toEqual([...new Set(listed.map(({ path }) => path))]);
    // Beside what the file says of the same adapter.
    const paths = listed.map(({ path }) => path);
    expect(paths.indexOf('projects[0].source.baseUrl')).toBeLessThan(paths.indexOf('projects[0].workspace.use'));
  });
});

describe('the schema for editors', () => {
  let validate: (text: string) => readonly string[];
  beforeAll(async () => {
    const check = new Ajv2020({ allErrors: true, strict: false, formats: { uri: true } }).compile(
      Object(await configSchemaWithAdapters()),
    );
    validate = (text) =>
      check(parse(text)) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  });

  it('takes every adapter that is built in, and none is missing from what was tried', () => {
    expect(validate(all)).toEqual([]);
    expect(listBuiltIns(null).filter((name) => !all.includes(name))).toEqual([]);
  });

  it('completes the settings of the adapter that `use` names, with what they mean', async () => {
    const schema: unknown = await configSchemaWithAdapters();
    const at = (...path: readonly (string | number)[]): unknown =>
      path.reduce<unknown>((inner, key) => (inner instanceof Object ? Reflect.get(inner, key) : undefined), schema);
    const source = ['properties', 'projects', 'items', 'properties', 'source'] as const;
    expect(at(...source, 'properties', 'use', 'examples')).toEqual(['github', 'gitlab', 'local']);
    const choices = at(...source, 'allOf');
    const github = Array.isArray(choices)
      ? choices.find((each) => each.if.properties.use.const === 'github')
      : expect.fail('there are no choices');
    expect(github.then.properties.repository).toMatchObject({ type: 'string', description: 'owner/name' });
    expect(github.then.required).toEqual(['repository']);
  });

  it.each([
    ['a misspelt setting', 'repository: acme/web', 'repositry: acme/web', '/projects/0/source'],
    ['one below another', 'installation: 2', 'instalation: 2', '/projects/0/source/app'],
    ['one of a wrong type', 'path: jobs.db', 'path: 7', '/store/path'],
    ['one that is missing', 'model: m-2', 'maxOutputTokens: 4096', '/projects/0/agents/2'],
    ['one of another adapter', 'preset: opencode', 'preset: opencode, file: a', '/projects/0/agents/4'],
  ])('refuses %s', (_what, was, becomes, place) => {
    expect(validate(all.replace(was, becomes)).join('\n')).toContain(`${place} `);
  });

  it('leaves alone what stands beside an adapter that is not built in, and x- keys', () => {
    const text = all.replace('{ use: scripted, file: steps.yaml }', '{ use: "@acme/agent", team: red }');
    expect(validate(text.replace('file: steps.yaml', 'file: steps.yaml, x-note: 1'))).toEqual([]);
  });
});
