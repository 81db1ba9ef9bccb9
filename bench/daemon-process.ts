import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { createRepository } from './fixtures.ts';
import { compare, interleave, quantile, type Side, timed } from './measure.ts';
import { runProgram } from './run-program.ts';

/** By its path: nothing imports the daemon, and it is measured as people start it. */
export const batonFile = fileURLToPath(new URL('../apps/daemon/bin/baton.js', import.meta.url));

/** The text of a configuration with one local project below the directory of the file. */
export function writeConfig(mode: 'off' | 'best-effort', state = './state'): string {
  return `version: 1
state: ${state}
projects:
  - name: bench
    source: { use: local, path: ./tracker, remote: ./origin-20.git }
    agents: [{ use: command, run: "true" }]
    verify: { commands: [{ name: check, run: "true" }] }
    sandbox: { mode: ${mode} }
`;
}

/** A process that stays until it is disposed of. */
export interface Daemon extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly readyMs: number;
}

/** Starts something that stays, and waits until it has said the word on standard error. */
export async function startStaying(
  argv: readonly string[],
  ready: RegExp,
  { disk, signal }: Pick<BenchmarkContext, 'disk' | 'signal'>,
  env: Readonly<Record<string, string>> = {},
): Promise<Daemon> {
  const begun = performance.now();
  const child = spawn(process.execPath, argv, {
    ...{ cwd: disk, signal, stdio: ['ignore', 'ignore', 'pipe'] },
    env: { ...process.env, ...env },
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  const readyMs = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`${argv.join(' ')} ended with ${code}: ${said.slice(-2_000)}`)));
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (ready.test(said)) resolve(performance.now() - begun);
    });
  });
  return {
    child,
    readyMs,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

/** Resident memory of a process, shared pages included. */
export async function residentMiB({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (found === undefined) throw new Error(`/proc/${pid}/status tells no VmRSS.`);
  return Number(found) / 1_024;
}

/** What the daemon's process costs while nothing happens, and until it is there. */
export const daemonProcess: Benchmark = {
  name: 'daemon-process',
  async run(context) {
    const { disk, quick, signal } = context;
    await createRepository(disk, 20, { signal });
    await mkdir(join(disk, 'tracker', 'issues'), { recursive: true });
    for (const mode of ['off', 'best-effort'] as const) await writeFile(join(disk, `${mode}.yaml`), writeConfig(mode));
    const baton = (mode: string, ...words: readonly string[]) => [
      batonFile,
      '-c',
      join(disk, `${mode}.yaml`),
      ...words,
    ];
    const empty = ['-e', 'process.stderr.write("ready"); setInterval(() => {}, 2 ** 30)'];
    const startDaemon = () => startStaying(baton('off', 'start'), /"msg":"ready"/, context);
    const command =
      (argv: readonly string[]): Side =>
      () =>
        timed(() => runProgram([process.execPath, ...argv], { cwd: disk, signal }));

    const starts = await interleave(
      {
        empty: command(['-e', '0']),
        start: async () => {
          await using daemon = await startDaemon();
          return daemon.readyMs;
        },
        status: command(baton('off', 'status')),
        probed: command(baton('best-effort', 'status')),
      },
      { rounds: quick ? 5 : 25, warmUps: 2 },
    );

    const memory: { readonly daemon: number[]; readonly empty: number[] } = { daemon: [], empty: [] };
    for (let round = 0; round < (quick ? 2 : 5); round += 1) {
      await using daemon = await startDaemon();
      await using node = await startStaying(empty, /ready/, context);
      await sleep(quick ? 5_000 : 20_000, undefined, { signal });
      const samples: { readonly daemon: number[]; readonly empty: number[] } = { daemon: [], empty: [] };
      for (let sample = 0; sample < 5; sample += 1) {
        samples.daemon.push(await residentMiB(daemon.child));
        samples.empty.push(await residentMiB(node.child));
        await sleep(500, undefined, { signal });
      }
      memory.daemon.push(quantile(samples.daemon, 0.5));
      memory.empty.push(quantile(samples.empty, 0.5));
    }

    const node = { name: 'node -e 0', values: starts.empty };
    return [
      compare(
        'idle memory : empty Node',
        1.9,
        { name: 'baton start', values: memory.daemon },
        { name: 'node', values: memory.empty },
        'MiB',
      ),
      compare('baton start to ready : empty Node', 4.5, { name: 'baton start', values: starts.start }, node),
      compare('baton status : empty Node', 4.5, { name: 'baton status', values: starts.status }, node),
      compare(
        'baton status, which probes the sandbox : empty Node',
        null,
        { name: 'baton status', values: starts.probed },
        node,
      ),
    ];
  },
};
