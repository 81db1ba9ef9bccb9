import { BatonError, type Change } from '@baton/core';
import { narrow } from '@baton/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadPolicyProject, policyOf, refusalOf, severities, verdictOn } from '../support/policy-scene.js';

describe('.baton.yaml', () => {
  it('asks for checks, protected paths, limits, and has a word for agents', async () => {
    const { config } = await loadPolicyProject();
    const policy = await policyOf(config, {
      checks: [
        { name: 'build', run: 'make', timeout: '5m' },
        { name: 'lint', run: 'make lint', timeout: '9h', after: 'build', report: 'out/lint.xml' },
      ],
      protectedPaths: ['docs/', '*.sql'],
      limits: { rounds: 2, wallClock: '10m', stall: '30s', usd: 0.5 },
      instructions: 'Write British English.',
      'x-note': 'left alone',
    });
    expect(policy).toMatchObject({
      limits: { rounds: 2, wallClockMs: 600_000, stallMs: 30_000, microUsd: 500_000 },
      instructions: 'Write British English.',
      summary: [
        'checks build, lint',
        'protected docs/, *.sql',
        'at most rounds 2, usd 0.5, wallClock 10m, stall 30s',
        'instructions for agents',
      ],
    });
    expect(policy.rules.map(({ id }) => id)).toEqual(['repository-paths', 'repository-scripts']);
    expect(policy.checks.map(({ id }) => id)).toEqual(['repository-checks']);
  });

  it.each(['', '# nothing yet\n', '{}', 'checks: []\n'])('may ask nothing: %j', async (text) => {
    const { config } = await loadPolicyProject();
    expect(await policyOf(config, text)).toEqual({
      limits: {},
      rules: [],
      checks: [],
      instructions: null,
      summary: [],
    });
  });

  it.each([
    ['an unknown key', 'limits:\n  round: 2\n', '.baton.yaml:2:3: limits.round: unknown key; did you mean rounds?'],
    ['a key of the operator', 'verify: {}\n', '.baton.yaml:1:1: verify: unknown key'],
    ['a wrong type', 'protectedPaths: docs\n', '.baton.yaml:1:17: protectedPaths: expected a list, found "docs"'],
    ['no limit', 'limits: { usd: null }\n', '.baton.yaml:1:16: limits.usd: expected a number, found nothing'],
    ['a limit of nothing', 'limits: { rounds: 0 }\n', '.baton.yaml:1:19: limits.rounds: expected a number above 0'],
    [
      'the name of an operator’s check',
      'checks: [{ name: test, run: "true" }]',
      '.baton.yaml:1:18: checks[0].name: the operator runs a check "test" already',
    ],
    [
      'one name twice',
      'checks: [{ name: a, run: b }, { name: a, run: c }]',
      'checks[1].name: "a" is the name of an earlier check',
    ],
    [
      'a check after an operator’s',
      'checks: [{ name: a, run: b, after: test }]',
      'checks[0].after: no check above it in this file',
    ],
    [
      'a report by a pattern',
      'checks: [{ name: a, run: b, report: "*(a|aa)b" }]',
      'checks[0].report: expected one path',
    ],
    ['a name of two lines', 'checks: [{ name: "a\\nb", run: c }]', 'checks[0].name: expected one line'],
    ['a pattern of another kind', 'protectedPaths: ["+(a|aa)"]', 'protectedPaths[0]: expected a path'],
    ['no YAML', 'checks: [\n', '.baton.yaml:'],
    ['two documents', 'limits: {}\n---\nlimits: {}\n', 'a second document begins here'],
    ['a key twice', 'limits: { rounds: 1 }\nlimits: {}\n', '.baton.yaml:2:1: the key limits stands here a second time'],
    ['a list', '- checks\n', 'expected keys and values, found a list'],
    ['words', 'please be nice\n', 'expected keys and values, found "please be nice"'],
    ['an alias of nothing', 'checks: *a\n', '.baton.yaml:1:9: checks: expected a list, found nothing'],
    ['an alias that holds itself', 'checks: &a [*a]\n', 'more values than its text has characters'],
    ['aliases of aliases', bomb(), 'more values than its text has characters'],
    ['many aliases', `checks: &a []\nx-a: [${'*a,'.repeat(200)}]\n`, 'too many aliases'],
    ['many keys', Array.from({ length: 8_000 }, (_, index) => `k${index}: 1`).join('\n'), 'too many values'],
    ['brackets', '['.repeat(9_000), 'nested too deeply'],
    [
      'a check too many',
      stringify({ checks: Array.from({ length: 21 }, (_, index) => ({ name: `${index}`, run: 'a' })) }),
      'expected at most 20',
    ],
  ])('is told by line where it holds %s', async (_, text, says) => {
    const { config } = await loadPolicyProject();
    const error = await refusalOf(config, text);
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain(says);
    expect(error.message).not.toContain('\n');
    expect(error.fix).toBeTruthy();
  });

  it('is told every error at once, each with its own way to mend it', async () => {
    const { config } = await loadPolicyProject();
    const error = await refusalOf(config, 'sandbox: {}\nchecks: [{ name: test, run: "true" }]\n');
    expect(error.message).toMatch(
      /^\.baton\.yaml:1:1: sandbox: unknown key \(remove it, .*\); \.baton\.yaml:2:18: checks\[0\]\.name: the operator .* \(give this one another name\)$/,
    );
    expect(error.fix).toBe('mend each of these 2 in the file');
  });

  it('that asks for more than the operator allows is told as what counts', async () => {
    const limits = { attempts: 5, rounds: 4, wallClock: '20m', usd: 2 };
    const { config } = await loadPolicyProject({
      ...{ onProtected: 'hold', protectedPaths: [], commands: ['test'], report: false },
      limits,
    });
    const asked = { attempts: 50, rounds: 3, wallClock: '2h', usd: 9, tokens: 7 };
    expect((await policyOf(config, { limits: asked })).summary).toEqual([
      'at most attempts (asks 50; 5 counts), rounds 3, tokens 7, usd (asks 9; 2 counts), wallClock (asks 2h; 20m counts)',
    ]);
  });

  it('reads nothing of the environment', async () => {
    const variable = ['$', '{HOME}'].join('');
    const { config } = await loadPolicyProject();
    expect((await policyOf(config, `instructions: "${variable} $${variable}"\n`)).instructions).toBe(
      `${variable} $${variable}`,
    );
  });
});

function bomb(): string {
  const names = [...'abcdefghij'];
  const lines = names.map((name, index) => {
    const held = index === 0 ? 'x' : `*${names[index - 1]}`;
    return `x-${name}: &${name} [${Array(9).fill(held).join(', ')}]`;
  });
  return `${lines.join('\n')}\nchecks: *j\n`;
}

const settings = fc.record({
  onProtected: fc.constantFrom('hold', 'block', 'allow', { configured: 'allow' }, { configured: 'block' }),
  protectedPaths: fc.subarray(['docs/**', 'src/**']),
  limits: fc.record({
    attempts: fc.integer({ min: 1, max: 9 }),
    rounds: fc.integer({ min: 1, max: 9 }),
    steps: fc.option(fc.integer({ min: 1, max: 99 })),
    wallClock: fc.integer({ min: 0, max: 10_000_000 }),
    stall: fc.integer({ min: 0, max: 10_000_000 }),
    tokens: fc.option(fc.integer({ min: 1, max: 9_999 })),
    usd: fc.option(fc.double({ min: 0.01, max: 99, noNaN: true })),
  }),
  commands: fc.uniqueArray(fc.constantFrom('test', 'lint', 'build')),
  report: fc.boolean(),
});

const number = fc.oneof(fc.integer({ min: -5, max: 20_000 }), fc.double(), fc.constant(null), fc.string());
const name = fc.constantFrom('test', 'lint', 'own', 'checks', '__proto__', 'constructor');
const written = fc.record(
  {
    checks: fc.array(
      fc.record(
        { name, run: fc.string(), timeout: fc.oneof(number, fc.constant('90m')), after: name, report: fc.string() },
        { requiredKeys: ['name', 'run'] },
      ),
      { maxLength: 3 },
    ),
    protectedPaths: fc.array(fc.oneof(fc.string(), fc.constantFrom('docs', '**', 'src/*')), { maxLength: 3 }),
    limits: fc.dictionary(
      fc.constantFrom('attempts', 'rounds', 'steps', 'wallClock', 'stall', 'tokens', 'usd', 'usdPerDay'),
      fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 20_000 }) }, { weight: 1, arbitrary: number }),
    ),
    instructions: fc.oneof(fc.string(), fc.constant('Spend what you like.')),
    change: fc.constant({ onProtected: 'allow' }),
    sandbox: fc.constant({ network: ['evil.example'], mode: 'off' }),
    verify: fc.constant({ commands: [] }),
  },
  { requiredKeys: [] },
);

/** Asks for as much as it can in words that hold. */
const wellFormed = fc.record(
  {
    checks: fc.uniqueArray(
      fc.record(
        {
          name: fc.constantFrom('own', 'checks', 'repository', 'all'),
          run: fc.constant('true'),
          timeout: fc.constant('90h'),
        },
        { requiredKeys: ['name', 'run'] },
      ),
      { selector: ({ name: each }) => each, maxLength: 3 },
    ),
    protectedPaths: fc.subarray(['docs', '**', 'src/*', '**/*.md']),
    limits: fc.record(
      {
        attempts: fc.integer({ min: 1, max: 20 }),
        rounds: fc.integer({ min: 1, max: 20 }),
        steps: fc.integer({ min: 1, max: 200 }),
        wallClock: fc.oneof(fc.constant('9d'), fc.integer({ min: 0, max: 20_000_000 })),
        stall: fc.oneof(fc.constant('9d'), fc.integer({ min: 0, max: 20_000_000 })),
        tokens: fc.integer({ min: 1, max: 20_000 }),
        usd: fc.double({ min: 0.01, max: 200, noNaN: true }),
      },
      { requiredKeys: [] },
    ),
    instructions: fc.string(),
  },
  { requiredKeys: [] },
);

const touched = async (path: string): Promise<readonly Change[]> => [
  {
    ...{ path, oldPath: null, kind: 'added', oldMode: null, mode: '100644', added: 1, deleted: 0 },
    ...{ binary: false, bytes: 1, oldBytes: 0, filter: null },
  },
];

describe('what a repository protects', () => {
  it.each([
    ['allow', 'hold'],
    [{ configured: 'allow' }, 'hold'],
    ['hold', 'hold'],
    [{ ci: 'block' }, 'hold'],
    ['block', 'stop'],
    [{ configured: 'block' }, 'stop'],
  ] as const)('is held at least, and as the operator has it where that is graver: %j', async (onProtected, verdict) => {
    const operator = { onProtected, protectedPaths: [], limits: {}, commands: [], report: false };
    const { project, config } = await loadPolicyProject(operator);
    const after = narrow(project, await policyOf(config, { protectedPaths: ['docs'] }));
    expect(await verdictOn(after, await touched('docs/a.md'))).toBe(severities.indexOf(verdict));
    expect(await verdictOn(after, await touched('src/a.ts'))).toBe(severities.indexOf('pass'));
  });
});

describe('whatever a repository asks', () => {
  it('narrows what the operator says, or is refused in words', async () => {
    let followed = 0;
    await fc.assert(
      fc.asyncProperty(
        settings,
        fc.oneof({ weight: 3, arbitrary: wellFormed }, written, fc.anything()),
        async (operator, asked) => {
          const { project, config } = await loadPolicyProject(operator);
          let text: string;
          try {
            text = String(stringify(asked));
          } catch {
            return;
          }
          const policy = await policyOf(config, text).catch((error: unknown) => {
            if (BatonError.is(error, 'CONFIG_INVALID')) return null;
            throw error;
          });
          if (policy === null) return;
          followed += 1;
          const after = narrow(project, policy);
          for (const [limit, value] of Object.entries(project.limits)) {
            const narrowed = Reflect.get(after.limits, limit) as number | null;
            expect(narrowed ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(value ?? Number.POSITIVE_INFINITY);
          }
          expect(after.gates.filter((gate) => project.gates.includes(gate))).toEqual(project.gates);
          expect(new Set(after.gates.map(({ id }) => id)).size).toBe(after.gates.length);
          expect({ ...after, limits: null, gates: null }).toEqual({ ...project, limits: null, gates: null });
          for (const path of ['docs/a.md', 'src/a.ts', 'README.md']) {
            const changes = await touched(path);
            expect(await verdictOn(after, changes)).toBeGreaterThanOrEqual(await verdictOn(project, changes));
          }
        },
      ),
      { seed: 2026, numRuns: 120 },
    );
    expect(followed).toBeGreaterThan(50);
  });

  it('is refused in words where it is any text', async () => {
    const { config } = await loadPolicyProject();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: fc.constantFrom(...'-*&:{}[]?|>!% \n#"\'a<') })),
        async (text) => {
          await policyOf(config, text).catch((error: unknown) => {
            if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
          });
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });
});
