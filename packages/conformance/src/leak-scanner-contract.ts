import assert from 'node:assert/strict';
import type { Leak, LeakScanner, OutgoingText } from '@baton/core';
import { type ContractCase, type ContractSuite, defineContract, type Rig } from './contract.js';

/** The world around a leak scanner that knows one secret. */
export interface LeakScannerRig extends Rig {
  /** It holds `leakFixture` and nothing else. */
  readonly scanner: LeakScanner;
  /** Makes every later scan impossible. */
  breakDown(): void;
}

/** The secret that a rig's scanner holds. The characters are such that each encoding differs from the plain form. */
export const leakFixture = { name: 'CANARY_TOKEN', value: 'canary/7f+Q2=zX9?w~8Lm-4K' } as const;

const bytes = Buffer.from(leakFixture.value);
const half = 11;
const halves = [leakFixture.value.slice(0, half), leakFixture.value.slice(half)] as const;

/** The forms in which a secret was seen to leave, each within other text. */
const forms: Readonly<Record<string, string>> = {
  plain: `token = ${leakFixture.value};`,
  'base64-aligned': `say ${bytes.toString('base64')} twice`,
  'base64-one-byte-on': Buffer.from(`x${leakFixture.value} and more`).toString('base64'),
  'base64-two-bytes-on': Buffer.from(`xy${leakFixture.value} and more`).toString('base64'),
  base64url: `?q=${Buffer.from(`a=${leakFixture.value}&b`).toString('base64url')}`,
  'hex-lower-case': `0x${bytes.toString('hex')}`,
  'hex-upper-case': bytes.toString('hex').toUpperCase(),
  'url-encoded': `https://example.com/?q=${encodeURIComponent(leakFixture.value)}`,
  'url-encoded-wholly': [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  reversed: `<${[...leakFixture.value].reverse().join('')}>`,
  'split-over-lines': halves.join('\n'),
  'split-over-strings': `const a = '${halves[0]}' +\n  "${halves[1]}";`,
};

const clean: readonly OutgoingText[] = [
  { where: 'diff', text: 'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-one\n+two\n' },
  { where: 'file name', text: 'src/canary.ts' },
  { where: 'commit message', text: 'Let the canary sing' },
  { where: 'pull request body', text: `The token's first half is ${halves[0]}, and there is no other half.` },
];

/** What every scanner keeps to before anything leaves the machine. */
export const leakScannerContract: ContractSuite<LeakScannerRig> = defineContract<LeakScannerRig>('leak-scanner', [
  {
    id: 'clean-text-is-clean',
    async run({ scanner }) {
      assert.equal(scanner.spec, 'leak-scanner/1');
      assert.deepEqual(await scanner.scan(clean), []);
      assert.deepEqual(await scanner.scan([]), []);
    },
  },
  ...Object.entries(forms).map(([form, text]) => findsForm(form, text)),
  {
    id: 'a-finding-says-where-and-every-place-is-told',
    async run({ scanner }) {
      const leaks = await scanner.scan([
        ...clean,
        { where: 'branch', text: leakFixture.value },
        { where: 'title', text: `Add ${leakFixture.value}` },
      ]);
      assert.deepEqual(places(leaks), ['branch', 'title']);
    },
  },
  {
    id: 'the-last-of-many-texts-and-the-end-of-a-long-one-are-read-too',
    async run({ scanner }) {
      const many = Array.from({ length: 300 }, (_each, index) => ({
        where: `comment ${index}`,
        text: 'nothing here\n',
      }));
      const long = { where: 'diff', text: `${'a line of a diff\n'.repeat(60_000)}${leakFixture.value}\n` };
      assert.deepEqual(places(await scanner.scan([...many, long])), ['diff']);
    },
  },
  {
    id: 'a-removed-line-and-the-head-of-a-diff-count-too',
    async run({ scanner }) {
      const diff = `diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-${leakFixture.value}\n+two\n`;
      assert.deepEqual(places(await scanner.scan([{ where: 'diff', text: diff }])), ['diff']);
    },
  },
  {
    id: 'a-place-in-a-diff-is-where-it-stands-and-holds-nothing',
    async run({ scanner }) {
      const diffOf = (path: string): string =>
        `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -3,2 +3,3 @@\n one\n two\n+x = ${leakFixture.value}\n`;
      const told = await scanner.scan([{ where: 'diff', text: diffOf('src/a.txt') }]);
      assert.deepEqual(places(told), ['diff']);
      for (const { place } of told) {
        if (place !== undefined) assert.deepEqual(place, { path: 'src/a.txt', line: 5 });
      }
      const untold = await scanner.scan([{ where: 'diff', text: diffOf(`src/${leakFixture.value}`) }]);
      assert.deepEqual(places(untold), ['diff']);
      assert.ok(!JSON.stringify(untold).includes(leakFixture.value), 'the finding holds the secret itself');
    },
  },
  {
    id: 'a-scan-that-cannot-be-made-rejects',
    async run(rig) {
      rig.breakDown();
      await assert.rejects(rig.scanner.scan(clean));
    },
  },
  {
    id: 'an-abort-rejects-with-the-reason',
    async run({ scanner }) {
      const reason = new Error('stopped');
      await assert.rejects(scanner.scan(clean, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
    },
  },
]);

function findsForm(form: string, text: string): ContractCase<LeakScannerRig> {
  return {
    id: `finds-${form}`,
    async run({ scanner }) {
      const leaks = await scanner.scan([...clean, { where: 'title', text }]);
      assert.deepEqual(places(leaks), ['title']);
      const told = JSON.stringify(leaks);
      assert.ok(told.includes(leakFixture.name), `the finding doesn't say which secret: ${told}`);
      for (const each of [...Object.values(forms), leakFixture.value, ...halves]) {
        assert.ok(!told.includes(each), 'the finding holds the secret itself');
      }
    },
  };
}

function places(leaks: readonly Leak[]): readonly string[] {
  return [...new Set(leaks.map(({ where }) => where))].sort();
}
