import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGitHelper, type GitHelper } from '../../src/git/git-helper.js';
import type { GitRun } from '../../src/git/git-helper-messages.js';

const { clock, id } = createSystemRuntime();

let helper: GitHelper;
let marker: string;

function command(argv: readonly string[], rest: Partial<GitRun> = {}): GitRun {
  const env = { PATH: process.env['PATH'] ?? '', BATON_GIT: marker };
  const plain = { directory: '/', input: null, encoding: 'utf8', maxBytes: 2 ** 20, isUrgent: true } as const;
  return { argv, env, marker, ...plain, ...rest };
}

/** Processes that bear the marker, by pid, with their arguments. */
async function listMarked(): Promise<ReadonlyMap<number, string>> {
  const pids = (await readdir('/proc')).filter((each) => /^\d+$/.test(each));
  const read = (pid: string, name: string): Promise<string> =>
    readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '');
  const found = await Promise.all(
    pids.map(async (pid) => [Number(pid), await read(pid, 'environ'), await read(pid, 'cmdline')] as const),
  );
  return new Map(found.flatMap(([pid, environ, argv]) => (environ.includes(marker) ? [[pid, argv]] : [])));
}

/** The helpers of this process, by pid. */
async function listHelpers(): Promise<readonly number[]> {
  const tasks = await readdir('/proc/self/task');
  const children = await Promise.all(
    tasks.map((task) => readFile(`/proc/self/task/${task}/children`, 'utf8').catch(() => '')),
  );
  const pids = children
    .join(' ')
    .split(' ')
    .filter((pid) => pid !== '');
  const named = await Promise.all(
    pids.map(async (pid) => (await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')).includes('-e\0')),
  );
  return pids.filter((_, index) => named[index]).map(Number);
}

/** A host that takes connections and never answers: git waits for it in a process of its own. */
const kept = new Set<Socket>();
const silent = createServer((socket) => void kept.add(socket.on('error', () => {})));
beforeAll(() => new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  for (const socket of kept) socket.destroy();
  silent.close();
});
const address = (): string => `http://127.0.0.1:${(silent.address() as AddressInfo).port}/x`;
const hang = (): readonly string[] => ['ls-remote', address()];
const isHanging = async (): Promise<boolean> =>
  [...(await listMarked()).values()].some((argv) => argv.includes('remote-http'));

describe('the helper that runs git', () => {
  beforeEach(() => {
    marker = id('marker');
    helper = createGitHelper(clock);
  });
  afterEach(() => helper.close());

  it.runIf(process.platform === 'linux')(
    'has git in a group of its own, which an interrupt of the terminal passes by',
    async () => {
      const groupOf = async (pid: number | 'self'): Promise<string | undefined> =>
        (await readFile(`/proc/${pid}/stat`, 'latin1')).split(') ')[1]?.split(' ')[2];
      const stop = new AbortController();
      const run = helper.run(command(hang()), { signal: stop.signal }).catch(() => null);
      while (!(await isHanging())) await clock.sleep(20);
      const groups = await Promise.all([...(await listMarked()).keys(), ...(await listHelpers())].map(groupOf));
      stop.abort();
      await run;
      expect(groups.length).toBeGreaterThan(1);
      expect(groups).not.toContain(await groupOf('self'));
    },
  );

  it('hands on input, output and exit code, many commands at once', async () => {
    const texts = Array.from({ length: 20 }, (_, number) => `${number} ü\n`.repeat(number * 2_000));
    const argv = ['stripspace'];
    const answers = await Promise.all(texts.map((input) => helper.run(command(argv, { input }))));
    expect(answers.map((each) => each.stdout.length)).toEqual(texts.map((text) => text.length));
    const failed = await helper.run(command(['no-such-verb'], { isUrgent: false }));
    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no-such-verb') });
    expect(await listHelpers()).toHaveLength(1);
    await helper.close();
    expect(await listHelpers()).toEqual([]);
  });

  it('keeps every byte of what is read as bytes', async () => {
    // Blanks are what this command looks at.
    const bytes = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte > 0x20 || byte < 0x09);
    const input = `${String.fromCharCode(...bytes)}\n`;
    const { stdout } = await helper.run(command(['stripspace'], { input, encoding: 'latin1' }));
    expect(Buffer.from(stdout, 'latin1')).toEqual(Buffer.from(input, 'latin1'));
  });

  it('ends a command that prints more than is wanted, and hands on the beginning', async () => {
    const input = 'a line\n'.repeat(1_000_000);
    const cut = await helper.run(command(['stripspace'], { input, maxBytes: 100_001 }));
    expect(cut).toMatchObject({ isCut: true, stdout: input.slice(0, 100_001) });
    expect((await listMarked()).size).toBe(0);
    const whole = await helper.run(command(['stripspace'], { input: 'a line\n', maxBytes: 7 }));
    expect(whole).toMatchObject({ isCut: false, exitCode: 0, stdout: 'a line\n' });
  });

  it('gives each git a part of the memory and no more', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'baton-git-helper-'));
    try {
      await writeFile(join(directory, 'git'), '#!/bin/sh\nulimit -d\n', { mode: 0o755 });
      const env = { PATH: `${directory}:${process.env['PATH'] ?? ''}`, BATON_GIT: marker };
      const { stdout } = await helper.run(command(['version'], { env }));
      expect(Number(stdout) * 1024).toBeLessThanOrEqual(totalmem() / 2);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('says so where git is missing', async () => {
    await expect(helper.run(command(['version'], { env: { PATH: '/nonexistent' } }))).rejects.toThrow('ENOENT');
  });

  it.each(['before it begins', 'while it runs'])('leaves nothing of a command that is aborted %s', async (when) => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const running = helper.run(command(hang()), { signal: abort.signal });
    if (when === 'while it runs') await expect.poll(isHanging, { timeout: 20_000 }).toBe(true);
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect((await listMarked()).size).toBe(0);
    expect((await helper.run(command(['version']))).stdout).toContain('git version');
  });

  it('is replaced when it was killed, and leaves nothing of what it ran (G11)', async () => {
    const running = helper.run(command(hang()));
    const judged = expect(running).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect.poll(isHanging, { timeout: 20_000 }).toBe(true);
    for (const pid of await listHelpers()) process.kill(pid, 'SIGKILL');
    await judged;
    expect((await listMarked()).size).toBe(0);
    expect((await helper.run(command(['version']))).exitCode).toBe(0);
  });

  it('outlives an interrupt of the terminal, as long as the daemon does', async () => {
    await helper.run(command(['version']));
    const [pid = 0] = await listHelpers();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
    await helper.run(command(['version']));
    expect(await listHelpers()).toEqual([pid]);
  });

  it('goes with a daemon that is killed, and takes its git along (G11)', async () => {
    const resolution = new URL('../ts-resolution.mjs', import.meta.url).pathname;
    const script = new URL('../run-and-hang.ts', import.meta.url).pathname;
    const flags = ['--conditions=@baton/source', '--import', resolution];
    const daemon = spawn(process.execPath, [...flags, script, marker, address()], { stdio: 'ignore' });
    await expect.poll(isHanging, { timeout: 20_000 }).toBe(true);
    const children = await readFile(`/proc/${daemon.pid}/task/${daemon.pid}/children`, 'utf8');
    daemon.kill('SIGKILL');
    const isThere = (pid: string): Promise<boolean> =>
      readFile(`/proc/${pid}/cmdline`, 'utf8').then(Boolean, () => false);
    await expect.poll(() => isThere(children.trim()), { timeout: 20_000 }).toBe(false);
    expect([...(await listMarked()).values()].filter((argv) => argv.startsWith('git'))).toEqual([]);
    for (const pid of (await listMarked()).keys()) process.kill(pid, 'SIGKILL');
  });
});
