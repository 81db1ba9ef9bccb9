import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContractCase } from '../contract.js';
import { rootOnly, type SandboxRig } from './rig.js';
import { run, untilReady } from './run.js';

/** What holds in every sandbox, whether it confines or not. */
export const commandCases: readonly ContractCase<SandboxRig>[] = [
  {
    id: 'says-which-contract-it-speaks-and-who-it-is',
    async run({ sandbox }) {
      assert.equal(sandbox.spec, 'sandbox/1');
      assert.match(sandbox.id, /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
    },
  },
  {
    id: 'measures-once-and-tells-the-same-again',
    async run({ sandbox, report }) {
      for (const told of await Promise.all([sandbox.measure(), sandbox.measure()])) assert.deepEqual(told, report);
      for (const kind of ['files', 'network', 'processes', 'memory'] as const) {
        assert.match(report[kind], /^(enforced|open)$/);
      }
      assert.notEqual(report.detail.trim(), '');
    },
  },
  {
    id: 'exit-codes-are-values',
    async run(rig) {
      for (const code of [0, 1, 42]) {
        const { exitCode } = await run(rig, { argv: rig.program('exit', String(code)) });
        assert.equal(exitCode, code);
      }
    },
  },
  {
    id: 'input-comes-in-and-both-outputs-come-out-apart',
    async run(rig) {
      const echoed = await run(rig, { argv: rig.program('echo'), stdin: 'grüße\nzwei' });
      assert.deepEqual(echoed, { exitCode: 0, stdout: 'grüße\nzwei', stderr: '' });
      const said = await run(rig, { argv: rig.program('say', 'this', 'that') });
      assert.deepEqual(said, { exitCode: 0, stdout: 'this', stderr: 'that' });
    },
  },
  {
    id: 'arguments-arrive-as-they-are',
    async run(rig) {
      const text = `-x "two words" $HOME \`id\` * '; exit 9`;
      assert.equal((await run(rig, { argv: rig.program('say', text, '') })).stdout, text);
    },
  },
  {
    id: 'starts-in-the-root-or-below-it',
    async run(rig) {
      await mkdir(join(rig.root, 'sub'));
      const at = async (cwd?: string): Promise<string> =>
        (await run(rig, { argv: rig.program('directory'), ...(cwd === undefined ? {} : { cwd }) })).stdout.trim();
      assert.equal(await at(), rig.root);
      assert.equal(await at('sub'), join(rig.root, 'sub'));
    },
  },
  {
    id: 'refuses-a-directory-outside-the-root',
    async run(rig) {
      for (const cwd of ['..', '/', 'sub/../..', rig.outside]) {
        const started = rig.sandbox.spawn({ argv: rig.program('directory'), cwd }, rootOnly(rig));
        await assert.rejects(started, { code: 'COMMAND_FAILED' }, `started in ${cwd}`);
      }
    },
  },
  {
    id: 'a-program-that-is-not-there-could-not-start',
    async run(rig) {
      const started = rig.sandbox.spawn({ argv: ['no-such-program-anywhere'] }, rootOnly(rig));
      await assert.rejects(started, { code: 'COMMAND_FAILED' });
    },
  },
  {
    id: 'environment-is-built-from-empty',
    async run(rig) {
      const { stdout } = await run(rig, {
        argv: rig.program('environment'),
        env: { GIVEN: 'with = signs', LANG: 'C' },
      });
      const lines = stdout.split('\n');
      assert.ok(!stdout.includes(rig.canary.value), `${rig.canary.name} of the daemon shows`);
      for (const line of ['GIVEN=with = signs', 'LANG=C']) assert.ok(lines.includes(line), `${line} is missing`);
      for (const name of ['PATH', 'HOME', 'TMPDIR']) {
        assert.ok(
          lines.some((line) => line.startsWith(`${name}=/`)),
          `${name} is missing`,
        );
      }
    },
  },
  {
    id: 'a-flood-of-output-arrives-whole',
    async run(rig) {
      const { stdout, exitCode } = await run(rig, { argv: rig.program('flood', '3000000') });
      assert.equal(exitCode, 0);
      assert.equal(stdout.length, 3_000_000);
    },
  },
  {
    id: 'disposal-ends-a-command-that-would-never-end',
    async run(rig) {
      const running = await rig.sandbox.spawn({ argv: rig.program('block') }, rootOnly(rig));
      await untilReady(running);
      await Promise.all([running[Symbol.asyncDispose](), running[Symbol.asyncDispose]()]);
      await running[Symbol.asyncDispose]();
      assert.equal((await running.exit).exitCode, null);
    },
  },
  {
    id: 'an-abort-before-the-start-rejects-with-its-reason',
    async run(rig) {
      const reason = new Error('called off');
      const started = rig.sandbox.spawn({ argv: rig.program('exit', '0') }, rootOnly(rig), {
        signal: AbortSignal.abort(reason),
      });
      await assert.rejects(started, (error) => error === reason);
    },
  },
];
