import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { collectOutput, startProcess } from '@baton/adapter-kit';
import {
  type CallOptions,
  type Command,
  type CommandResult,
  type Enforcement,
  messageOf,
  type RunningCommand,
  type SandboxPolicy,
  type SandboxReport,
} from '@baton/core';
import { isInside } from '../confine/mount-plan.js';
import { createOwnedDirectory } from '../files/owned-directory.js';
import { probeLimits } from './probe-limits.js';
import { type ProbeAnswers, type ProbeTargets, probeScript } from './probe-script.js';

/** Starts a command, confined or not. */
export type Spawn = (command: Command, policy: SandboxPolicy, options: CallOptions) => Promise<RunningCommand>;

/** The probes of each kind of confinement, by the names under which the script answers. */
const kinds = {
  files: [
    'read a file outside',
    'write a file outside',
    'write to /usr',
    'list directories of the host',
    'read the environment of another process',
    'write to the kernel under /proc',
    'write to the program of process 1',
    'remount /usr',
    'inherit an open file',
  ],
  network: [
    'reach a port of the host',
    'reach a socket of the host',
    'reach a socket in a listed directory',
    'reach an abstract socket of the host',
  ],
  processes: ['see a process of the host', 'signal a process of the host', 'outlive the command'],
} as const;
/** What must get through where nothing is confined: else it proves nothing that it is held inside. */
const controlled = [
  'read a file outside',
  'see a process of the host',
  'reach a port of the host',
  'reach a socket of the host',
  'reach a socket in a listed directory',
  'reach an abstract socket of the host',
];
const probeMs = 60_000;

/** What the probes found, and whether a command runs inside at all. */
export interface Measurement {
  readonly report: SandboxReport;
  /** False where a probe could not be made: something else may have been in the way. */
  readonly complete: boolean;
  readonly usable: boolean;
}

/** Tries to get out. A probe that could not be made counts as open, and the detail says so. */
export async function measure(confined: Spawn, plain: Spawn, signal: AbortSignal): Promise<Measurement> {
  const directory = await createOwnedDirectory();
  const cleanups: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  try {
    const [root, outside, listed] = [join(directory, 'root'), join(directory, 'outside'), join(directory, 'listed')];
    await Promise.all([mkdir(root), mkdir(outside), mkdir(listed)]);
    const word = (): string => `baton-${randomBytes(8).toString('hex')}`;
    const [canary, abstractName, survivor, bystander] = [word(), word(), word(), word()];
    // Where nothing ends what outlives its command, the probe does.
    cleanups.push(async () => {
      for (const pid of listRunning(survivor)) end(pid);
    });
    const canaryFile = join(outside, 'canary');
    await writeFile(canaryFile, canary);
    const listen = async (where: string | null): Promise<Server> => {
      const server = createServer((socket) => socket.on('error', () => undefined).end());
      cleanups.push(() => new Promise((done) => server.close(done)));
      await new Promise<void>((done, fail) => {
        server.once('error', fail);
        if (where === null) server.listen(0, '127.0.0.1', done);
        else server.listen({ path: where }, done);
      });
      return server;
    };
    const socketPath = join(outside, 'host.sock');
    const listedSocketPath = join(listed, 'host.sock');
    const paths = [socketPath, listedSocketPath, `\0${abstractName}`];
    const [port] = await Promise.all([listen(null), ...paths.map(listen)]);
    const address = port.address();
    const host = await startProcess(['/bin/sh', '-c', 'echo begun; sleep 600; :', bystander], {
      cwd: '/',
      env: {},
      signal,
    });
    cleanups.push(async () => host[Symbol.asyncDispose]());
    // Until then /proc may show no command line of it: a program is still being put in the place of another.
    await host.stdout.getReader().read();
    let hostEnded = false;
    void host.exit.then(() => {
      hostEnded = true;
    });

    const policy: SandboxPolicy = {
      root,
      readable: [listed],
      writable: [root],
      network: [],
      maxMemoryBytes: null,
      maxProcesses: null,
    };
    const targets: ProbeTargets = {
      canaryFile,
      canary,
      outsideFile: join(outside, 'written'),
      hidden: hiddenDirectories(),
      port: typeof address === 'object' && address !== null ? address.port : 0,
      socketPath,
      listedSocketPath,
      abstractName,
      pid: host.pid,
      word: bystander,
      survivor,
      control: false,
    };
    const [inside, control] = await Promise.all([
      ask(confined, policy, targets, signal),
      ask(plain, policy, { ...targets, control: true }, signal),
    ]);
    if ('failure' in inside) return { usable: false, complete: false, report: openReport(inside.failure) };
    const outlived = listRunning(survivor).length > 0;
    const answers: ProbeAnswers = {
      ...inside.answers,
      'write a file outside': existsSync(targets.outsideFile) || inside.answers['write a file outside'],
      'signal a process of the host': hostEnded,
      'outlive the command': inside.answers['begin what might outlive it'] === true ? outlived : undefined,
    };
    const unproven = 'failure' in control ? controlled : controlled.filter((name) => control.answers[name] !== true);
    const limits = await probeLimits((command, more) => run(confined, command, { ...policy, ...more }, signal), signal);
    return { usable: true, ...judge(answers, unproven, limits) };
  } finally {
    for (const each of cleanups.reverse()) await each();
  }
}

/** Processes that bear a word in their arguments. */
function listRunning(word: string): readonly number[] {
  const pids = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && readCommandLine(pid).includes(word));
  return pids.map(Number);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in between.
  }
}

/** A report for where nothing holds. */
export function openReport(detail: string): SandboxReport {
  return { files: 'open', network: 'open', processes: 'open', memory: 'open', detail };
}

async function ask(
  spawn: Spawn,
  policy: SandboxPolicy,
  targets: ProbeTargets,
  signal: AbortSignal,
): Promise<{ readonly answers: ProbeAnswers } | { readonly failure: string }> {
  const command: Command = {
    argv: [process.execPath, '-e', probeScript],
    stdin: JSON.stringify(targets),
    timeoutMs: probeMs,
  };
  try {
    const result = await run(spawn, command, policy, signal);
    const answers: unknown = JSON.parse(result.stdout);
    return { answers: answers as ProbeAnswers };
  } catch (error) {
    signal.throwIfAborted();
    return {
      failure: error instanceof SyntaxError ? 'The probes gave no answer.' : messageOf(error),
    };
  }
}

async function run(spawn: Spawn, command: Command, policy: SandboxPolicy, signal: AbortSignal): Promise<CommandResult> {
  return collectOutput(await spawn(command, policy, { signal }), command, { signal });
}

function judge(
  answers: ProbeAnswers,
  unproven: readonly string[],
  limits: readonly string[],
): Pick<Measurement, 'report' | 'complete'> {
  const names: readonly string[] = Object.values(kinds).flat();
  const through = names.filter((name) => answers[name] === true);
  const notRun = names.filter((name) => answers[name] === undefined || unproven.includes(name));
  const held = (kind: readonly string[]): Enforcement =>
    kind.some((name) => through.includes(name) || notRun.includes(name)) ? 'open' : 'enforced';
  const sentences = [
    through.length === 0
      ? 'bubblewrap held every probe that was run'
      : `bubblewrap let a command ${through.join(', ')}`,
    ...(notRun.length === 0 ? [] : [`not tried, so taken as open: ${notRun.join(', ')}`]),
    limits.length === 0 ? 'memory, processes and temporary space are limited' : `memory is open: ${limits.join(', ')}`,
  ];
  return {
    complete: notRun.length === 0,
    report: {
      files: held(kinds.files),
      network: held(kinds.network),
      processes: held(kinds.processes),
      memory: limits.length === 0 ? 'enforced' : 'open',
      detail: `${sentences.join('; ')}.`,
    },
  };
}

/** Where daemons, users and services keep what is nobody else's business. */
function hiddenDirectories(): string[] {
  return [homedir(), process.cwd(), '/root', '/run', '/var', '/srv', '/boot', '/sys'].filter(
    (path) => path !== '/' && !isInside(path, '/usr') && existsSync(path),
  );
}

function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}
