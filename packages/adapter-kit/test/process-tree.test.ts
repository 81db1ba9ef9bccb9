import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BatonError, type Command } from '@baton/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectOutput, startProcess, sweepProcesses } from '../src/index.js';
import { listProcesses } from '../src/process/list-processes.js';

const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };
let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'baton-kit-'));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const shell = (script: string, ...args: string[]): Command['argv'] => ['/bin/sh', '-c', script, 'sh', ...args];
const word = (): string => `tree-${randomBytes(6).toString('hex')}`;

/** Living processes whose command line holds `text`. */
async function living(text: string): Promise<number[]> {
  const found = await listProcesses();
  return found.flatMap(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text) ? [pid] : [];
    } catch {
      return [];
    }
  });
}

async function run(command: Command, signal?: AbortSignal): ReturnType<typeof collectOutput> {
  return collectOutput(await startProcess(command.argv, { cwd, env }), command, signal ? { signal } : {});
}

/** Reads until the stream has said `text`. */
async function waitFor(stream: ReadableStream<Uint8Array>, text: string): Promise<void> {
  let seen = '';
  const reader = stream.getReader();
  while (!seen.includes(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`ended before it said ${text}: ${seen}`);
    seen += new TextDecoder().decode(value);
  }
  reader.releaseLock();
}

/** For a minute: should the tests themselves be killed, these go on. */
const stubborn = `trap '' TERM HUP INT; for each in $(seq -s ' ' 600); do /bin/sleep 0.1; done`;
/** What a process tree can do to be overlooked; each says `ready` once the survivor stands. */
const evasions = {
  'forks twice': `(/bin/sh -c "echo ready; ${stubborn}" "$1" &) ; exit 0`,
  'begins its own session': `setsid /bin/sh -c "echo ready; ${stubborn}" "$1" & wait`,
  'forks twice, in a session of its own, with every pipe closed': `(setsid /bin/sh -c "echo ready; exec </dev/null >/dev/null 2>&1; ${stubborn}" "$1" &) ; exit 0`,
  'clears its environment in a session of its own': `setsid env -i PATH=/usr/bin:/bin /bin/sh -c "echo ready; ${stubborn}" "$1" & wait`,
  'forks children into sessions of their own without end': `echo ready; i=0; while [ $i -lt 300 ]; do setsid env -i PATH=/usr/bin:/bin /bin/sh -c ": $1; ${stubborn}" & i=$((i + 1)); done; wait`,
  'ignores TERM and never ends': `echo ready; ${stubborn}`,
  'forks without end': `echo ready; while :; do (setsid /bin/sleep 20 "$1" >/dev/null 2>&1 &) ; done 2>/dev/null`,
};

describe('process trees', () => {
  for (const [name, script] of Object.entries(evasions)) {
    it(`leaves none alive that ${name} (G11)`, async () => {
      const token = word();
      const running = await startProcess(shell(script, token), { cwd, env });
      await waitFor(running.stdout, 'ready');
      expect((await living(token)).length).toBeGreaterThan(0);
      await running[Symbol.asyncDispose]();
      expect(await living(token)).toEqual([]);
    });
  }

  it('has exactly the environment that it was given', async () => {
    const result = await run({ argv: ['/usr/bin/env'] });
    const names = result.stdout.split('\n').filter((line) => !line.startsWith('BATON_TREE='));
    expect(names).toEqual([`PATH=${env.PATH}`, '']);
  });

  it('tells a program that is missing from a directory that is', async () => {
    const missing = startProcess(['no-such-program'], { cwd, env });
    await expect(missing).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringContaining('not found'),
    });
    const nowhere = startProcess(['/bin/sh'], { cwd: join(cwd, 'nowhere'), env });
    await expect(nowhere).rejects.toSatisfy(
      (error) => BatonError.is(error, 'COMMAND_FAILED') && error.message.includes('nowhere'),
    );
  });

  it('sweeps what a daemon that was killed left behind, and nothing of one that lives (G11, G17)', async () => {
    const [orphan, own] = [word(), word()];
    const kept = await startProcess(shell(`echo ready; ${stubborn}`, own), { cwd, env });
    await waitFor(kept.stdout, 'ready');
    const source = fileURLToPath(new URL('../src/index.ts', import.meta.url));
    // Node runs TypeScript as it is, but doesn't look for `x.ts` where `x.js` is imported.
    const script = `
      import { registerHooks } from 'node:module';
      registerHooks({ resolve: (name, context, next) => {
        try { return next(name, context); } catch { return next(name.replace(/\\.js$/, '.ts'), context); }
      } });
      const { startProcess } = await import(${JSON.stringify(source)});
      const argv = ['/bin/sh', '-c', ${JSON.stringify(evasions['forks twice'])}, 'sh', '${orphan}'];
      const running = await startProcess(argv, { cwd: '/', env: { PATH: '/usr/bin:/bin' } });
      for await (const chunk of running.stdout) process.stdout.write(chunk);
    `;
    const daemon = spawn(process.execPath, ['--conditions=@baton/source', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(daemon.stdout, 'data');
    expect((await living(orphan)).length).toBeGreaterThan(0);
    daemon.kill('SIGKILL');
    await once(daemon, 'exit');
    await sweepProcesses();
    expect(await living(orphan)).toEqual([]);
    expect((await living(own)).length).toBeGreaterThan(0);
    await kept[Symbol.asyncDispose]();
  });
});

describe('collecting output', () => {
  it('hands over input, both streams and the exit code', async () => {
    const result = await run({ argv: shell('cat; echo problem >&2; exit 3'), stdin: 'grüße' });
    expect(result).toMatchObject({
      exitCode: 3,
      stdout: 'grüße',
      stderr: 'problem\n',
      truncated: false,
      timedOut: false,
    });
    expect(result.durationMs).toBeGreaterThan(0);
  });

  it('tells a signal from an exit code', async () => {
    expect((await run({ argv: shell('kill -9 $$') })).exitCode).toBeNull();
  });

  it('survives a program that reads none of a large input', async () => {
    expect((await run({ argv: ['/bin/true'], stdin: 'x'.repeat(4_000_000) })).exitCode).toBe(0);
  });

  it('holds no more than the bound of a flood without a line end', async () => {
    const before = process.memoryUsage.rss();
    const script = 'head -c 400000000 /dev/zero | tr "\\0" x; printf END';
    const result = await run({ argv: shell(script), maxOutputBytes: 1000 });
    expect(result.stdout).toMatch(/^x{500}\n\[\d+ bytes dropped\]\nx{497}END$/);
    expect(result.truncated).toBe(true);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
  });

  it('loses nothing of what was written before the end', async () => {
    const result = await run({ argv: shell('head -c 700000 /dev/zero | tr "\\0" y') });
    expect(result.stdout.length).toBe(700_000);
  });

  it('does not wait for a grandchild that holds the pipe (G11)', async () => {
    const token = word();
    const result = await run({ argv: shell(`(/bin/sh -c "${stubborn}" ${token} &) ; echo said`) });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'said\n' });
    expect(await living(token)).toEqual([]);
  });

  it('ends the tree at its time limit, and says so', async () => {
    const token = word();
    const result = await run({ argv: shell(`echo begun; ${stubborn}`, token), timeoutMs: 150 });
    expect(result).toMatchObject({ exitCode: null, stdout: 'begun\n', timedOut: true });
    expect(await living(token)).toEqual([]);
  });

  it('rejects with the very reason of an abort, and leaves nothing', async () => {
    const token = word();
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const running = await startProcess(shell(`echo ready; ${stubborn}`, token), { cwd, env });
    const [watched, collected] = running.stdout.tee();
    const result = collectOutput(
      { ...running, stdout: collected, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() },
      { argv: ['x'] },
      { signal: controller.signal },
    );
    await waitFor(watched, 'ready');
    // Resolves only once the other half is cancelled as well.
    void watched.cancel();
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
    expect(await living(token)).toEqual([]);
  });
});
