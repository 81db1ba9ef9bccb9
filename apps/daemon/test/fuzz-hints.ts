import { fuzzed, mutatedJson, mutatedText } from '@baton/conformance/fuzz';
import { BatonError, type JsonValue } from '@baton/core';
import { createAllowedHosts } from '@baton/sandbox';
import fc from 'fast-check';
import { expect } from 'vitest';
import { checkHosts, setupHosts } from '../src/config/checks/check-hosts.js';
import { closest } from '../src/config/closest.js';
import { type ConfigDocument, documentOfValue, readConfigDocument } from '../src/config/config-document.js';
import { type ConfigProblem, configInvalid, formatPlace, type KeyPath } from '../src/config/config-problem.js';
import { describeIssues } from '../src/config/describe-issues.js';
import { configJsonSchema } from '../src/config/json-schema.js';
import { knownKeys, schemaAt } from '../src/config/known-keys.js';
import { problemAt } from '../src/config/problem-at.js';
import { policyJsonSchema } from '../src/policy/policy-schema.js';

const hostile = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '-', '\ud800'];
const keys = [
  ...['projects', 'pollInterval', 'version', 'concurrency', 'source', 'agents', 'onProtected', 'maxFiles'],
  ...['protectedPaths', 'checks', 'limits', 'wallClock', 'prices', 'use', 'labels', 'when', 'agent-instructions'],
];
const key = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...keys) }, fc.constantFrom(...hostile), fc.string());

/** As somebody types who means a key: nearly right. */
const misspelt = mutatedText(keys, ['_', '-', 'e', 's', 'I', '.', ' '], 2);

export const misspellings = fuzzed(
  'a misspelt key leads to a known one, or to none',
  fc.record({ word: fc.oneof(misspelt, key), known: fc.subarray(keys), slip: fc.nat() }),
  ({ word, known, slip }) => {
    const meant = closest(word, known);
    if (meant !== null) expect(known).toContain(meant);
    const each = known[slip % known.length];
    if (each === undefined) return;
    expect(closest(each.toUpperCase().replaceAll('-', '_'), known)).toBe(each);
    const at = slip % each.length;
    const swapped = `${each.slice(0, at)}${[...each.slice(at, at + 2)].toReversed().join('')}${each.slice(at + 2)}`;
    for (const slipped of [each.slice(0, at) + each.slice(at + 1), `${each.slice(0, at)}x${each.slice(at)}`, swapped]) {
      expect(closest(slipped, known)).not.toBe(null);
    }
  },
  [{ word: 'projects', known: [], slip: 0 }],
);

/** Schemas as adapters may have them for their settings, odd ones too. */
const schema = mutatedJson(
  [
    configJsonSchema(),
    policyJsonSchema(),
    {
      type: 'object',
      properties: {
        list: { type: 'array', items: { anyOf: [{ type: 'null' }, { properties: { use: { description: 'x' } } }] } },
      },
      additionalProperties: { properties: { a: {} } },
    },
  ],
  2,
);
const path: fc.Arbitrary<KeyPath> = fc.oneof(
  fc.array(fc.oneof(key, fc.integer({ min: -1, max: 3 })), { maxLength: 4 }),
  fc
    .record({ beside: key, at: fc.nat({ max: 2 }), last: key })
    .map(({ beside, at, last }): KeyPath => ['projects', at, beside, at, last]),
);

export const schemas = fuzzed(
  'only what a schema says itself is a key of it',
  fc.record({ schema, path }),
  ({ schema: written, path: asked }) => {
    const root: JsonValue = JSON.parse(written);
    const found = schemaAt(root, asked);
    expect(found).not.toBe(Object.prototype);
    for (const each of knownKeys(root, asked)) expect(written).toContain(JSON.stringify(each));
    if (found === null) expect(knownKeys(root, asked)).toEqual([]);
  },
  [
    { schema: 'null', path: [] },
    { schema: '[]', path: ['a'] },
    { schema: '{"properties":{"a":{}}}', path: ['b', 'c'] },
    { schema: '{"properties":{"a":{}}}', path: ['a', 0] },
    { schema: '{"items":{"properties":{"a":{}}}}', path: [0] },
    { schema: '{"items":7}', path: [0] },
    { schema: '{"properties":{}}', path: ['__proto__'] },
    { schema: '{"anyOf":[7,{"properties":{"a":{}}}]}', path: [] },
    { schema: '{"additionalProperties":{"properties":{"a":{}}}}', path: ['b'] },
  ],
);

const problem: fc.Arbitrary<ConfigProblem> = fc.record({
  file: fc.constantFrom('/configured/baton.config.yaml', '/elsewhere/baton.config.ts'),
  line: fc.option(fc.integer({ min: 1, max: 9_999 })),
  column: fc.option(fc.integer({ min: 1, max: 999 })),
  path: fc.constantFrom('', 'projects[0].name'),
  message: fc.string({ minLength: 1 }),
  fix: fc.string({ minLength: 1 }),
});

export const problems = fuzzed(
  'what is wrong is told with its place, ten at most',
  fc.record({
    found: fc.array(problem, { minLength: 1, maxLength: 13 }),
    cwd: fc.constantFrom('/', '/configured', '/configured/baton.config.yaml'),
  }),
  ({ found, cwd }) => {
    const error = configInvalid(found, cwd);
    for (const each of found.slice(0, 10)) {
      expect(error.message).toContain(`${formatPlace(each, cwd)}: `);
      expect(error.message).toContain(each.message);
      expect(formatPlace(each, cwd)).toMatch(each.line === null ? /\.(?:yaml|ts)$/ : /:\d+:\d+$/);
    }
    const rest = found.length - 10;
    expect(error.message.includes(`\n  and ${rest} more`)).toBe(rest > 0);
    expect(error.fix).toBe(found.length === 1 ? found[0]?.fix : error.fix);
    expect(error.message).not.toMatch(/\bundefined\b/);
  },
  (['/', '/configured/baton.config.yaml'] as const).flatMap((cwd) =>
    [1, 2, 11].map((count) => ({
      found: Array.from({ length: count }, (_, at) => ({
        ...{ file: '/configured/baton.config.yaml', line: at === 0 ? 3 : null, column: null },
        ...{ path: at === 0 ? '' : 'version', message: 'expected 1', fix: 'write 1' },
      })),
      cwd,
    })),
  ),
);

const variable = '${' + 'HOST}';
const hosts = mutatedText(
  [
    'example.com\n*.example.org:443\n192.0.2.1:8080\n[2001:db8::1]:443\nb\u00fccher.example\n',
    `https://example.com/a\n*\n*.192.0.2.1\na b\n:80\nexample.com:99999\n${variable}\n`,
  ],
  ['*.', ':', '[', ']', '.', '/', '\n', '443', '*', '\u00df', '\ufeff', '%', '@', variable],
);
const placeless = (network: JsonValue): ConfigDocument => documentOfValue('/a.ts', { network });

export const wrongHosts = fuzzed(
  'a host is told as wrong exactly where the proxy would refuse it, and by no value of the environment',
  fc.record({ lines: hosts, network: mutatedJson([['example.com', '*'], ['a b'], []], 1) }),
  ({ lines, network }) => {
    const listed = lines.split('\n');
    const text = JSON.stringify({ network: listed });
    const { document } = readConfigDocument('/configured/a.yaml', text, { HOST: 'not-a-host!secret' });
    const filled = setupHosts({ setup: document === null ? null : document.value });
    for (const each of [document ?? placeless(listed), placeless(listed)]) {
      const wrong = checkHosts(filled, ['network'], each);
      expect(wrong.map(({ path: at }) => at)).toEqual(
        filled.flatMap((host, at) => (isTaken(host) ? [] : [`network[${at}]`])),
      );
      for (const { message, fix, line } of wrong) {
        expect(message).toMatch(/ names no host that could be reached$/);
        expect(fix).toMatch(/^\w/);
        if (each === document) expect(`${message} ${line}`).not.toMatch(/not-a-host!secret|null/);
      }
    }
    const setup: JsonValue = JSON.parse(network);
    for (const odd of [setup, { network: setup }]) {
      expect(setupHosts({ setup: odd }).every((each) => typeof each === 'string')).toBe(true);
    }
  },
  [
    { lines: variable, network: '["a"]' },
    { lines: '*', network: '[7]' },
    { lines: 'a b', network: 'null' },
    { lines: '', network: '7' },
  ],
);

function isTaken(host: string): boolean {
  try {
    createAllowedHosts([host]);
    return true;
  } catch (error) {
    if (BatonError.is(error, 'CONFIG_INVALID')) return false;
    throw error;
  }
}

export const places = fuzzed(
  'a problem stands in its file, at the nearest place that there is',
  fc.record({ path, known: fc.boolean() }),
  ({ path: asked, known }) => {
    const { document } = readConfigDocument('/configured/a.yaml', 'projects:\n  - { name: a, source: [1] }\n', {});
    const each = known && document !== null ? document : placeless([]);
    const { line, column, path: told } = problemAt(each, asked, { message: 'x', fix: 'y' });
    expect([line === null, column === null]).toEqual([!known, !known]);
    if (line !== null) expect(line).toBeGreaterThan(0);
    expect(told).not.toMatch(/[\p{Cc}\u2028]/u);
  },
);

const settings = { apiKey: 'hidden-1', tokenEnv: 'hidden-2', url: 'https://me:hidden-3@host/', team: 'red', list: [1] };
const step = fc.oneof(fc.constantFrom(...Object.keys(settings)), key, fc.nat({ max: 2 }));

export const foreignIssues = fuzzed(
  'what a schema of any library finds is told at its place, and repeats no secret',
  fc.record({
    path: fc.option(
      fc.array(
        fc.oneof(
          step,
          step.map((part) => ({ key: part })),
        ),
        { maxLength: 3 },
      ),
      { nil: undefined },
    ),
    message: fc.string({ minLength: 1 }),
    code: fc.constantFrom(undefined, 'custom', 'invalid_format', 'of-another'),
  }),
  ({ path: at, message, code }) => {
    const text = JSON.stringify({ projects: [{ agents: [{ use: 'a', ...settings }] }] });
    const { document } = readConfigDocument('/configured/a.yaml', text, {});
    if (document === null) throw new Error('the document could not be read');
    const issue = { message, ...(at === undefined ? {} : { path: at }), ...(code === undefined ? {} : { code }) };
    // As zod has it, a code comes with a path that holds no objects.
    const given = code === undefined || code === 'of-another' ? issue : { ...issue, path: (at ?? []).map(keyIn) };
    const place = { document, schema: { type: 'object', properties: {} }, root: ['projects', 0, 'agents', 0] };
    const [told, ...more] = describeIssues([given], place);
    expect(more).toEqual([]);
    expect(told?.path).toMatch(/^projects\[0\]\.agents\[0\]/);
    expect(`${told?.message} ${told?.fix}`).not.toContain('hidden');
    expect(told?.fix).toMatch(/^\w/);
  },
  [
    { path: undefined, message: 'is wrong', code: undefined },
    { path: ['apiKey'], message: 'is wrong', code: 'custom' },
    { path: [{ key: 'tokenEnv' }], message: 'is wrong', code: undefined },
    { path: ['url'], message: 'expected an address', code: 'invalid_format' },
    { path: ['list', 0], message: 'is wrong', code: 'of-another' },
  ],
);

function keyIn(part: string | number | { readonly key: string | number }): string | number {
  return typeof part === 'object' ? part.key : part;
}
