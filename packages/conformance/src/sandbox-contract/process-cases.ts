import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ContractCase } from '../contract.js';
import type { SandboxProgramName } from './programs.js';
import { rootOnly, type SandboxRig } from './rig.js';
import { run, untilReady } from './run.js';

const requires = {
  what: 'commands that are processes',
  holds: (rig: SandboxRig) => rig.countProcesses !== undefined,
};

/** How a process tries to outlive its command, and what it is called. */
const survivors: Readonly<Record<string, SandboxProgramName>> = {
  'nothing-is-left-of-a-command-that-ignores-term': 'ignore-term',
  'nothing-is-left-of-a-grandchild-that-holds-the-pipe': 'fork-twice',
  'nothing-is-left-of-a-grandchild-in-a-session-of-its-own': 'new-session',
};

/** What becomes of processes, in every sandbox that has some. */
export const processCases: readonly ContractCase<SandboxRig>[] = [
  ...Object.entries(survivors).map(
    ([id, program]): ContractCase<SandboxRig> => ({
      id,
      requires,
      async run(rig) {
        const word = newWord();
        const running = await rig.sandbox.spawn({ argv: rig.program(program, word) }, rootOnly(rig));
        try {
          await untilReady(running);
        } finally {
          await running[Symbol.asyncDispose]();
        }
        assert.equal(await rig.countProcesses?.(word), 0);
      },
    }),
  ),
  {
    id: 'an-end-by-a-signal-has-no-exit-code',
    requires,
    async run(rig) {
      await using running = await rig.sandbox.spawn({ argv: rig.program('kill') }, rootOnly(rig));
      assert.deepEqual(await running.exit, { exitCode: null, signal: 'SIGKILL' });
    },
  },
  {
    id: 'an-abort-at-any-moment-of-the-start-leaves-nothing',
    requires,
    async run(rig) {
      for (const afterMs of [0, 1, 3, 6, 10, 15, 25]) {
        const word = newWord();
        const reason = new Error('called off');
        const controller = new AbortController();
        const started = rig.sandbox.spawn({ argv: rig.program('ignore-term', word) }, rootOnly(rig), {
          signal: controller.signal,
        });
        const outcome = started.then(
          async (running) => running[Symbol.asyncDispose](),
          (error: unknown) => assert.equal(error, reason),
        );
        await delay(afterMs);
        controller.abort(reason);
        await outcome;
        assert.equal(await rig.countProcesses?.(word), 0, `after ${afterMs} ms`);
      }
    },
  },
  {
    id: 'home-and-temporary-directory-are-empty-each-time',
    requires,
    async run(rig) {
      const left = await run(rig, { argv: rig.program('leave') });
      assert.equal(left.stdout.match(/^left$/gm)?.length, 2, left.stdout + left.stderr);
      const found = await run(rig, { argv: rig.program('look') });
      assert.equal(found.exitCode, 0, found.stderr);
      assert.ok(!found.stdout.includes('left'), found.stdout);
    },
  },
];

function newWord(): string {
  return `sandboxed-${randomBytes(8).toString('hex')}`;
}
