import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

const run = promisify(execFile);
const binary = fileURLToPath(new URL('../../bin/baton.js', import.meta.url));

beforeAll(ensureBuilt, 180_000);

interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** `start --once` of a process that may have so many files open. */
async function startWith(files: number, cwd: string): Promise<Ended> {
  const script = `ulimit -n ${files}; exec "$0" "$1" start --once -c baton.config.yaml`;
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd };
  return run('sh', ['-c', script, process.execPath, binary], { cwd, env, timeout: 90_000 }).then(
    (ended) => ({ code: 0, ...ended }),
    (error: Ended) => error,
  );
}

// With fewer Node itself doesn't begin.
const limits = [24, 26, 28, 30, 32, 34, 36, 38, 40, 44];

it('too few files that may be open: no life ends otherwise than by a sentence, and no job ends for it', async () => {
  await using scene = await makeLocalScene({
    agent: () => 'echo right > answer.txt',
    project: () => ({
      sandbox: { mode: 'off' },
      verify: { commands: [{ name: 'answer', run: 'grep -q right answer.txt' }] },
    }),
  });
  for (const files of limits) {
    const { code, stdout, stderr } = await startWith(files, scene.path);
    const said = `${stdout}${stderr}`;
    expect([files, said.match(/^\s+at .*|unhandled.*|INTERNAL.*/gm)]).toEqual([files, null]);
    if (code !== 0) expect([files, code, said]).toEqual([files, 1, expect.stringMatching(/^fix: \S/m)]);
  }
  expect(await scene.baton('start', '--once')).toMatchObject({ exitCode: 0 });
  expect(await scene.job()).toMatchObject({ phase: 'reviewing', attempt: 1, round: 1 });
  expect(await scene.pulls()).toHaveLength(1);
  expect(await scene.comments()).toHaveLength(1);
});
