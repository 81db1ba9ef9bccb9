import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { configJsonSchema } from '../../src/config/json-schema.js';
import { listConfigSources, maskedConfig } from '../../src/config/list-sources.js';
import { loadConfig } from '../../src/config/load-config.js';
import { narrowConfig } from '../../src/running/narrow-config.js';
import { makeScratch } from '../support/scratch.js';

async function load(text: string, environment: Readonly<Record<string, string>> = {}): Promise<Config> {
  await using scratch = await makeScratch();
  const file = join(scratch.path, 'baton.config.yaml');
  await writeFile(file, text);
  const config = await loadConfig({ file, environment: { HOME: '/home/op', ...environment }, cwd: scratch.path });
  return { ...config, directory: '/etc/baton' };
}

const small = `version: 1
projects:
  - name: web
    source: { use: local }
    agents: [{ use: scripted, file: steps.yaml }]
`;

describe('what a configuration holds', () => {
  it('takes no blank around a label for a part of it', async () => {
    const text = small.replace('use: local', 'use: local, labels: ["baton ", " ready"], excludeLabels: [" hold"]');
    const [project] = (await load(text)).projects;
    expect(project?.query).toMatchObject({ labels: ['baton', 'ready'], excludeLabels: ['hold'] });
  });

  it('fills in the documented defaults', async () => {
    const config = await load(small);
    const [project] = config.projects;
    expect(config).toMatchObject({ state: '/home/op/.local/state/baton', concurrency: 3, pollIntervalMs: 30_000 });
    expect(config.store).toMatchObject({ use: 'sqlite', settings: {} });
    expect(project).toMatchObject({
      query: { labels: ['baton'], excludeLabels: ['baton:hold'], assignee: null },
      forge: { use: 'local' },
      workspace: { use: 'git-worktree' },
      verify: { commands: [], baseline: true, flakeRetries: 1, knownFailures: [] },
      change: { maxFiles: 50, maxLines: 2000, onProtected: 'hold' },
      limits: {
        attempts: 5,
        rounds: 3,
        steps: 60,
        wallClockMs: 2_700_000,
        stallMs: 300_000,
        tokens: 2_000_000,
        microUsd: 5_000_000,
      },
      budget: { microUsdPerDay: 50_000_000, openPullRequests: 5 },
      trust: { permission: 'write', bots: [], perActorPerHour: 10 },
      pullRequest: { draft: true, labels: ['baton'] },
      sandbox: { mode: 'required', network: [], readable: [] },
    });
  });

  it('takes for the forge what the source uses, unless it names another', async () => {
    const [inherited] = (await load(`${small}    forge: { ci: ask, path: b }\n`)).projects;
    expect(inherited).toMatchObject({ ci: 'ask', forge: { use: 'local', settings: { path: 'b' } } });
    const [named] = (await load(`${small}    forge: { use: github, repository: acme/web }\n`)).projects;
    expect(named).toMatchObject({ ci: 'run', forge: { use: 'github', settings: { repository: 'acme/web' } } });
  });

  it('keeps query keys from the adapter, hands it the rest, and asks for no label beside an assignee', async () => {
    const [project] = (await load(small.replace('{ use: local }', '{ use: local, path: a, assignee: robo }'))).projects;
    expect(project.source.settings).toEqual({ path: 'a' });
    expect(project.query).toEqual({ labels: [], excludeLabels: ['baton:hold'], assignee: 'robo' });
  });

  it('keeps from an agent what it is for and may use, and reads prices', async () => {
    const agents = `agents:
      - { use: scripted, file: a.yaml, when: { labels: [docs], maxCharacters: 900 }, limits: { steps: 5, usd: 0.5 } }
      - { use: scripted, file: b.yaml }`;
    const priced = 'prices: { fast-1: { input: 2, output: 10, cached: 0.1 }, free-1: { input: 0, output: 0 } }\n';
    const config = await load(`${small.replace(/agents: .*/, agents)}${priced}`);
    expect(config.projects[0].agents[0]).toMatchObject({
      settings: { file: 'a.yaml' },
      when: { labels: ['docs'], maxCharacters: 900 },
      limits: { steps: 5, microUsd: 500_000 },
    });
    expect(config.prices).toEqual({
      'fast-1': { input: 2, output: 10, cachedInput: 0.1 },
      'free-1': { input: 0, output: 0, cachedInput: null },
    });
  });

  it('takes ~, $XDG_STATE_HOME, x- keys, plain numbers from the environment and a literal ${', async () => {
    expect((await load(`state: ~/there\n${small}`)).state).toBe('/home/op/there');
    expect((await load(small, { XDG_STATE_HOME: '/var/state' })).state).toBe('/var/state/baton');
    const text = `x-shared: &agent { use: command, run: "echo $\${HOME}" }\nconcurrency: \${SLOTS}\n${small.replace(/agents: .*/, 'agents: [*agent]')}`;
    const config = await load(text, { SLOTS: '7' });
    expect(config.concurrency).toBe(7);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a literal comes to.
    expect(config.projects[0].agents[0].settings).toEqual({ run: 'echo ${HOME}' });
  });

  it('tells where each value comes from and prints no secret (G28)', async () => {
    const secret = 'ghp-0123456789abcdef';
    const text = small.replace(
      'file: steps.yaml',
      `file: steps.yaml, apiKey: "\${MODEL_TOKEN}", url: "https://me:${secret}@host/"`,
    );
    const config = await load(text, { MODEL_TOKEN: secret });
    const cwd = join(config.file, '..');
    const sources = new Map(listConfigSources(config, cwd, []).map((each) => [each.path, each]));
    expect(sources.get('pollInterval')).toMatchObject({ value: '30s', source: 'default' });
    expect(sources.get('projects[0].name')).toMatchObject({ value: 'web', source: 'baton.config.yaml:3:11' });
    expect(sources.get('projects[0].agents[0].apiKey')).toEqual({
      path: 'projects[0].agents[0].apiKey',
      value: '***',
      source: 'baton.config.yaml:5:57 from MODEL_TOKEN',
    });
    expect(JSON.stringify([...sources.values(), maskedConfig(config)])).not.toContain(secret);
  });

  it('lets a command line spend less, never more, and choose among the configured agents', async () => {
    const config = await load(small.replace('agents: [', 'agents: [{ use: command, run: a }, '));
    const limit = (microUsd: number) =>
      narrowConfig(config, { agent: null, maxMicroUsd: microUsd }).projects[0].limits.microUsd;
    expect([limit(1_000_000), limit(9_000_000)]).toEqual([1_000_000, 5_000_000]);
    expect(narrowConfig(config, { agent: 'scripted', maxMicroUsd: null }).projects[0].agents).toMatchObject([
      { use: 'scripted' },
    ]);
    expect(() => narrowConfig(config, { agent: 'codex', maxMicroUsd: null })).toThrow('No project has an agent codex.');
  });

  it('describes itself as a JSON Schema that closes its objects and leaves x- keys alone', () => {
    expect(configJsonSchema()).toMatchObject({
      type: 'object',
      additionalProperties: false,
      patternProperties: { '^x-': {} },
      required: ['version', 'projects'],
      properties: {
        projects: { items: { additionalProperties: false, properties: { source: { additionalProperties: {} } } } },
      },
    });
  });
});
