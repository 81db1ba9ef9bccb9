import { beforeAll, describe, expect, it } from 'vitest';
import { makeForgeScene } from '../support/forge-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

const head =
  "import { test } from 'node:test'; import assert from 'node:assert'; import { total } from './total.js';\n";
const sums = "test('sums', () => assert.equal(total([1, 2]), 3));\n";

const files = {
  'package.json': '{ "type": "module" }\n',
  'total.js': 'export const total = (prices) => prices.reduce((sum, each) => sum + each, 0);\n',
  'total.test.js': `${head}${sums}`,
};

/** An agent that takes coupons off, and appends a test. */
const agentWith = (test: string): string =>
  [
    'cat > /dev/null',
    "echo 'export const total = (prices, off = 0) => prices.reduce((sum, each) => sum + each, -off);' > total.js",
    `cat >> total.test.js <<'EOF'\n${test}\nEOF`,
    'echo Coupons are taken off.',
  ].join('\n');

const projectWith =
  (test: string, more: Readonly<Record<string, unknown>> = {}) =>
  () => ({
    agents: [{ use: 'command', run: agentWith(test) }],
    verify: {
      commands: [{ name: 'unit', run: `'${process.execPath}' --test --test-reporter=tap`, report: 'tap' }],
      ...more,
    },
  });

beforeAll(ensureBuilt);

describe.concurrent('a pull request', () => {
  it.each(['github', 'gitlab'] as const)('%s: names the test that fails without the change, and why', async (kind) => {
    const asked = "test('takes coupons off', () => assert.equal(total([5], 2), 3));";
    await using scene = await makeForgeScene(kind, { files, project: projectWith(asked) });
    await scene.once();
    expect(scene.host.requests()[0]?.body).toMatch(
      /\n\*\*Proof of fix:\*\* 1 test of this change fails on the base and passes with it\.\n\n\| test \| on the base \|\n\|---\|---\|\n\| `takes coupons off` \| `5 (?:!==|==) 3 .*` \|\n\n/,
    );
    const shown = await scene.baton('show', '#1');
    expect(shown.stdout).toMatch(/proof of fix\n\s+1 test of this change fails on the base and passes with it\.\n/);
    expect(JSON.parse((await scene.baton('show', '#1', '--json')).stdout)).toMatchObject({
      proof: { verdict: 'shown', shown: { count: 1, tests: [{ check: 'unit', name: 'takes coupons off' }] } },
    });
  });

  it('that has to be proved waits for a person where its test passes on the base too', async () => {
    const idle = "test('takes coupons off', () => { total([5], 2); });";
    const project = projectWith(idle, { proof: 'required' });
    await using scene = await makeForgeScene('github', { files, project });
    await scene.once();
    expect(scene.host.requests()).toEqual([]);
    expect(await scene.job()).toMatchObject({
      wait: 'needs-person',
      reason: expect.stringMatching(
        /which this project requires\. 1 test passes on the base too, so it proves nothing: /,
      ),
    });
  });
});
