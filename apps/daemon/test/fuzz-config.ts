import { fuzzed, mutatedJson, mutatedText } from '@baton/conformance/fuzz';
import { BatonError } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { documentOfValue, readConfigDocument } from '../src/config/config-document.js';
import { createKnownSecrets, learnNamedSecrets } from '../src/config/known-secrets.js';
import { resolveConfig } from '../src/config/resolve-config.js';
import { parsePolicy } from '../src/policy/read-policy.js';

const secret = 'hunter2-hunter2-hunter2';
const environment = {
  HOME: '/home/op',
  SECRET_TOKEN: secret,
  OTHER: `${secret}-other`,
  NUMBER: '30',
  ODD: 'a: [b',
  YES: 'true',
};

const variable = (name: string): string => `\${${name}}`;

const grammar = [
  ...['- ', ': ', '{', '}', '[', ']', '&a ', '*a', '*b', '!!x ', '!x ', '? ', '<<: *a\n', '__proto__: 1\n', '"', "'"],
  ...[
    '~',
    '|\n',
    '>-\n',
    '\t',
    '\ufeff',
    '\u001b[31m',
    '\u202e',
    '\u0085',
    '%TAG ! x\n',
    '---\n',
    '...\n',
    '#',
    '\r\n',
    '0x1f',
    '.inf',
    '.nan',
    '-1',
    '1e9',
  ],
  ...['SECRET_TOKEN', 'NONE', 'NUMBER', 'ODD', 'YES'].map(variable),
  ...['$${x}', 'x-own: 1\n', '30s', '5d', 'null', 'true', '""'],
];
const written = mutatedText(
  [
    `version: 1
state: \${HOME}/state
pollInterval: 30s
concurrency: \${NUMBER}
minFreeDisk: null
projects:
  - name: web
    source: { use: github, repository: acme/web, labels: [baton], tokenEnv: OTHER }
    agents:
      - { use: claude, model: m, when: { labels: [docs], minCharacters: 5 }, limits: { usd: 1.5 } }
      - { use: ./own.ts, key: "\${SECRET_TOKEN}" }
    verify:
      commands:
        - { name: build, run: make, timeout: 5m }
        - { name: test, run: make test, after: build, report: junit.xml }
    change: { maxFiles: 5, onProtected: { ci: block, lint: allow } }
    sandbox: { mode: off, network: [example.com, "*.example.org:443"] }
    workspace: { use: git-worktree, setup: { run: npm ci, network: [example.com], timeout: 1m } }
  - name: docs
    source: { use: local, path: ., assignee: me }
    agents: [&agent { use: scripted, file: steps.yaml }]
prices: { m: { input: 2, output: 10, cached: 0.1 } }
`,
    '{"version":1,"projects":[{"name":"a","source":{"use":"local"},"agents":[{"use":"command","run":"x"}]}]}',
    'version: 1\nprojects:\n- &p\n  name: a\n  source: {use: local}\n  agents: [{use: command, run: x}]\n- {<<: *p, name: b}\n',
    `version: 1\nconcurrency: ${variable('YES')}\npollInterval: ${variable('NUMBER')}\n`,
    'a: &a [1,1,1,1]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nversion: [*c,*c,*c,*c]\n',
    'a: &a { b: *a }\nversion: *none\n',
    '',
  ],
  grammar,
);

/** A configuration with most that one can say, and what is wrong in one way or another beside it. */
const values = mutatedJson(
  [
    {
      version: 1,
      state: '~/state',
      pollInterval: 500,
      projects: [
        {
          name: 'web',
          source: { use: 'github', labels: [], assignee: null, tokenEnv: 'OTHER' },
          forge: { ci: 'ask' },
          agents: [{ use: 'command', run: 'x', when: { labels: ['a'] } }],
          verify: { commands: [{ name: 'a', run: 'x', after: 'b' }], flakeRetries: -1, knownFailures: [''] },
          change: { onProtected: 'hold', maxFiles: null, protectedPaths: ['a/**'] },
          limits: { attempts: 0, rounds: 1.5, usd: 0, stall: '5 min' },
          budget: { usdPerDay: null, openPullRequests: 'five' },
          trust: { permission: 'wrote', bots: 'renovate' },
          sandbox: {
            mode: 'offf',
            network: ['https://example.com', variable('SECRET_TOKEN'), variable('YES'), 'example.com'],
          },
          workspace: { use: 'git-worktree', setup: { network: ['*', variable('OTHER')] } },
          pullRequest: { draft: variable('NUMBER'), labels: null },
        },
      ],
      prices: { m: { input: -1, output: 10 } },
    },
    {
      version: 1,
      concurrency: variable('NUMBER'),
      projects: [
        { name: 'a b', source: { use: '' }, agents: [] },
        { name: 'a', source: { use: 'local' }, forge: { use: 'github' }, agents: [{ use: 'x', limits: { steps: 1 } }] },
        { name: 'a', source: { use: 'local' }, change: { onProtected: { ci: 'hald', cii: 'hold' } } },
      ],
      pollIntervall: '30s',
    },
    {
      version: 1,
      projects: [
        {
          name: 'a',
          source: { use: 'local', labels: [] },
          forge: {},
          agents: [{ use: 'x', when: { labels: ['a'] }, limits: { steps: 1, usd: 1 } }],
          verify: {
            commands: [
              { name: 'x', run: 'x' },
              { name: 'x', run: 'x', after: 'y' },
            ],
          },
          sandbox: { network: ['https://example.com', variable('SECRET_TOKEN'), variable('ODD'), 'a b'] },
          workspace: { use: 'git-worktree', setup: { network: ['*', 'example.com'] } },
          limits: { usd: null },
        },
        { name: 'a', source: { use: 'local', labels: [], assignee: 'me' }, agents: [{ use: 'x' }] },
      ],
      prices: { m: { input: 1, output: 1 } },
    },
    {
      version: 1,
      projects: [
        {
          name: 'a',
          source: { use: 'local' },
          forge: { path: '.', ci: 'ask' },
          agents: [
            { use: 'x', model: 'm', when: { labels: ['a'] }, limits: { steps: 1, usd: 1 } },
            { use: 'x', limits: { steps: 1 } },
          ],
          sandbox: { network: ['example.com'] },
          limits: { usd: null },
        },
        { name: 'b', source: { use: 'local' }, forge: { use: './own.ts' }, agents: [{ use: 'x' }] },
      ],
      prices: { m: { input: 1, output: 1 }, n: { input: 1, output: 1, cached: 0 } },
    },
    { version: 2, projects: {} },
    [],
  ],
  6,
);
const config = fc.oneof(written, values);

export const configs = fuzzed(
  'a configuration is taken or told why not, and no value of the environment is told',
  fc.record({ text: config, file: fc.constantFrom('/configured/baton.config.yaml', '/configured/baton.config.json') }),
  ({ text, file }) => {
    const { document, problems } = readConfigDocument(file, text, environment);
    for (const { message, fix, line } of problems) {
      expect(`${message} ${fix}`).not.toContain(secret);
      expect(line).not.toBe(0);
    }
    if (document === null) {
      expect(problems).not.toEqual([]);
      return;
    }
    expect(document.variables(['projects', 0, 'agents', 1, 'key']).join('_')).toMatch(/^\w*$/);
    expect(document.has(['nowhere', 7])).toBe(false);
    document.place(['projects', 0, 'name'], 'value');
    const imported = documentOfValue('/configured/baton.config.ts', document.value);
    expect(imported.has(['projects', 0, 'name', 'length', 'nowhere'])).toBe(false);
    judgeMeaning(() => resolveConfig(imported, [], environment, '/'));
    judgeMeaning(() => {
      const { projects, broken } = resolveConfig(document, problems, environment, '/', 'healthy');
      expect(document.value).toMatchObject({ projects: { length: projects.length + broken.length } });
      expect(broken.map(({ problem }) => `${problem.message} ${problem.fix}`).join('')).not.toContain(secret);
    });
    try {
      const taken = resolveConfig(document, problems, environment, '/configured');
      expect(taken.projects.length).toBeGreaterThan(0);
      expect(taken.state).toMatch(/^\//);
      const secrets = createKnownSecrets(environment);
      learnNamedSecrets(secrets, taken);
      expect(secrets.mask(`a ${secret} b`)).toBe('a [SECRET_TOKEN] b');
      if (text.includes('tokenEnv: OTHER') && taken.projects[0].source.settings['tokenEnv'] === 'OTHER') {
        expect(secrets.values().map(({ name }) => name)).toContain('OTHER');
      }
    } catch (error) {
      if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
      expect(`${error.message} ${error.fix}`).not.toContain(secret);
      expect(error.message).not.toMatch(/\bundefined\b/);
    }
  },
  [
    `x-own: 1\nversion: 1\nstate: $${variable('HOME')}\n`,
    `version: ${'['.repeat(150)}${']'.repeat(150)}\n`,
    `version: 1\nconcurrency: "${variable('NUMBER')}"\npollInterval: ${variable('SECRET_TOKEN')}\nstate: ${variable('NONE')}\n`,
  ].map((text) => ({ text, file: '/configured/baton.config.yaml' as const })),
);

/** Either nothing is wrong, or it is told, and without any value of the environment. */
function judgeMeaning(resolve: () => unknown): void {
  try {
    resolve();
  } catch (error) {
    if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
    expect(error.message).not.toMatch(/\bundefined\b/);
  }
}

const policy = mutatedText(
  [
    `checks:
  - { name: licences, run: node tools/licences.mjs, timeout: 5m }
  - { name: after, run: make, after: licences, report: out.xml }
protectedPaths: [docs/legal, "**/*.sql"]
limits: { rounds: 2, usd: 1, wallClock: 5m }
instructions: Write British English.
`,
    'instructions: &a x\nprotectedPaths: [*a, *a]\n',
    'checks: [{ name: test, run: x }, { name: a, run: x }, { name: a, run: x, after: b }]\n',
    'a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\n',
    `protectedPaths: [${'a,'.repeat(6_000)}]\n`,
    `instructions: &a x\nprotectedPaths: [${'*a,'.repeat(120)}]\n`,
    '# nothing\n',
  ],
  grammar,
);

export const policies = fuzzed('what a repository asks is taken or told why not', policy, (text) => {
  try {
    const asked = parsePolicy({ path: '.baton.yaml', text }, ['test']);
    expect(asked.checks.every(({ name }) => name !== 'test')).toBe(true);
    // Nothing of the daemon's environment is filled in.
    expect(JSON.stringify(asked)).not.toContain(secret);
  } catch (error) {
    if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
    expect(error.message).toMatch(/\.baton\.yaml/);
    // People read it on the issue and in a terminal: whoever wrote the file drives neither.
    expect(`${error.message} ${error.fix}`).not.toMatch(/[\p{Cc}\p{Bidi_C}]/u);
    expect(error.message).not.toMatch(/\bundefined\b/);
  }
});
