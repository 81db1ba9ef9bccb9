import { constants } from 'node:os';
import { join, relative } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { readProcess, type StartedProcess, startProcess } from '@baton/adapter-kit';
import {
  BatonError,
  type CallOptions,
  type Command,
  type Overlay,
  type RunningCommand,
  type SandboxPolicy,
} from '@baton/core';
import type { NetworkProxy } from '../network/network-proxy.js';
import { bubblewrapArguments, chooseFree, insideId } from './bubblewrap-arguments.js';
import { commandDirectory } from './command-directory.js';
import { commandLimits } from './command-limits.js';
import { type ControlGroup, createControlGroup } from './control-groups.js';
import { findSocat, proxyEnvironment, writeEntryScript } from './entry-script.js';
import { findSockets } from './find-sockets.js';
import { minimalEnvironment } from './minimal-environment.js';
import { holderOf, planMounts } from './mount-plan.js';
import { overlayCommand } from './overlay-command.js';
import { createSeccompFilter } from './seccomp-filter.js';

/** Settings of one confined command. */
export interface ConfinedOptions extends CallOptions {
  /** Absolute path of bubblewrap. */
  readonly bubblewrap: string;
  /** `PATH` inside. */
  readonly path: string;
  /** Descriptors that every child of this process gets, to be closed before the command begins. */
  readonly inherited: readonly number[];
}

/** Starts a command in namespaces of its own, in which only what the policy lists is there. */
export async function spawnConfined(
  command: Command,
  policy: SandboxPolicy,
  options: ConfinedOptions,
): Promise<RunningCommand> {
  options.signal?.throwIfAborted();
  const cleanups: (() => Promise<void>)[] = [];
  const cleanUp = async (): Promise<void> => {
    for (const each of cleanups.splice(0).reverse()) await each();
  };
  try {
    const plan = planMounts(policy);
    const directory = commandDirectory(command, plan.root);
    const sockets = await findSockets(plan, options);
    const proxy = await openProxy(policy);
    if (proxy) cleanups.push(async () => proxy[Symbol.asyncDispose]());
    const limits = commandLimits(policy);
    const group = createControlGroup(limits);
    if (group) cleanups.push(() => group.remove());
    const home = chooseFree(plan, ['/home/baton', '/tmp/home', '/run/baton/home']);
    const socket = chooseFree(plan, ['/run/baton/proxy.sock', '/tmp/.baton/proxy.sock']);
    const filter = createSeccompFilter(process.arch);
    const ownContents = ownFiles(home).filter(([path]) => holderOf(plan.mounts, path) === null);
    // bubblewrap reads each to its end and closes it: one that it weren't told of would be open inside.
    const contents = [...(filter === null ? [] : [filter]), ...ownContents.map(([, text]) => text)];
    const [firstContent, pipeCount] = [7, 4 + contents.length];
    const entry = writeEntryScript({
      proxy: proxy === null ? null : { socat: proxy.socat, socket },
      // The pipes take the place of what was inherited under their numbers.
      leaked: options.inherited.filter((descriptor) => descriptor >= 3 + pipeCount),
    });
    options.signal?.throwIfAborted();
    // Its environment is empty: it would show inside as that of process 1.
    const confined = overlayCommand(placeOverlays(policy, plan.root), [
      ...([options.bubblewrap, '--args', '4', '--'] as const),
      ...[entry.shell, '-c', entry.script, 'sh', ...command.argv],
    ]);
    if (confined === null) throw withoutOverlays(command);
    const running = await startProcess(confined, {
      cwd: '/',
      env: {},
      descendants: 'group',
      extraPipes: pipeCount,
    });
    const [status, args, info, block, ...content] = running.pipes;
    if (!status || !args || !info || !block) throw new TypeError('A pipe of bubblewrap is missing.');
    // Listened to from the first moment: Node throws away what nobody has read once a child has ended.
    const init = readUntil(info, '}').then(readInit);
    const said = readUntil(status, /[yn]/);
    cleanups.push(() => waitForEnd(init));
    cleanups.push(async () => running[Symbol.asyncDispose]());
    const list = bubblewrapArguments({
      plan,
      home,
      directory,
      env: {
        ...minimalEnvironment({ path: options.path, home, temporary: '/tmp' }),
        ...(proxy === null ? {} : proxyEnvironment),
        ...command.env,
      },
      sockets,
      temporaryBytes: limits.temporaryBytes,
      proxySocket: proxy === null ? null : { source: proxy.socketPath, target: socket },
      files: ownContents.map(([path], index) => ({
        path,
        descriptor: firstContent + (filter === null ? 0 : 1) + index,
      })),
      descriptors: { info: 5, block: 6, seccomp: filter === null ? null : firstContent },
    });
    refuseNul(list, command);
    args.end(list.map((each) => `${each}\0`).join(''));
    for (const [index, bytes] of contents.entries()) content[index]?.end(bytes);
    await untilAborted(letBegin({ running, init, said, group, block, command }), options.signal);
    let disposal: Promise<void> | null = null;
    return {
      stdin: running.stdin,
      stdout: running.stdout,
      stderr: running.stderr,
      exit: running.exit.then(mapExit),
      [Symbol.asyncDispose]: () => (disposal ??= cleanUp()),
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

/** Each below the root as it really is: what leads there by another name is the operator's, what leads on from there isn't. */
function placeOverlays({ root, overlays = [] }: SandboxPolicy, realRoot: string): readonly Overlay[] {
  return overlays.map((each) => ({ ...each, path: join(realRoot, relative(root, each.path)) }));
}

function withoutOverlays({ argv }: Command): BatonError<'CAPABILITY_UNSUPPORTED'> {
  return new BatonError('CAPABILITY_UNSUPPORTED', `${argv[0]} was to see overlays, which can't be made here.`, {
    details: { capability: 'overlays' },
  });
}

/** Of the host's, these would tell its users and names. */
function ownFiles(home: string): [path: string, text: string][] {
  const [user, group] = [insideId(process.getuid?.() ?? 0), insideId(process.getgid?.() ?? 0)];
  const passwd = [
    'root:x:0:0::/:/bin/sh',
    `baton:x:${user}:${group}::${home}:/bin/sh`,
    'nobody:x:65534:65534::/:/bin/sh',
  ];
  return [
    ['/etc/passwd', `${passwd.join('\n')}\n`],
    ['/etc/group', `root:x:0:\nbaton:x:${group}:\nnogroup:x:65534:\n`],
    ['/etc/hosts', '127.0.0.1 localhost baton\n::1 localhost\n'],
    ['/etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'],
  ];
}

async function openProxy(policy: SandboxPolicy): Promise<(NetworkProxy & { readonly socat: string }) | null> {
  if (policy.network.length === 0) return null;
  const socat = findSocat();
  if (socat !== null) {
    // Loaded here: Node's HTTP takes tens of milliseconds, and most commands reach no network.
    const { startNetworkProxy } = await import('../network/network-proxy.js');
    return Object.assign(await startNetworkProxy(policy), { socat });
  }
  throw new BatonError(
    'CAPABILITY_UNSUPPORTED',
    'Hosts can be reached from the sandbox through socat only, and it is missing.',
    {
      details: { capability: 'network' },
      fix: 'Install socat, or leave the list of hosts empty.',
    },
  );
}

interface Init {
  readonly pid: number;
  readonly startTime: string;
}

/** Puts the tree under its limits before the command can act, then waits until it stands behind its walls. */
async function letBegin(start: {
  readonly running: StartedProcess;
  readonly init: Promise<Init | null>;
  readonly said: Promise<string>;
  readonly group: ControlGroup | null;
  readonly block: Duplex;
  readonly command: Command;
}): Promise<void> {
  const { running, command } = start;
  if (start.group !== null) {
    const init = await start.init;
    if (init !== null) start.group.add(init.pid);
  }
  start.block.end('x');
  const said = await start.said;
  if (said === 'y') return;
  const why = said === 'n' ? 'it was not found among what the sandbox holds' : await complaint(running);
  throw new BatonError('COMMAND_FAILED', `${command.argv[0]} could not be started in the sandbox: ${why}.`, {
    details: { command: command.argv[0] },
  });
}

/** Nothing may be taken for a further argument of bubblewrap, which are told apart by NUL. */
function refuseNul(list: readonly string[], command: Command): void {
  if (!list.some((each) => each.includes('\0'))) return;
  throw new BatonError('COMMAND_FAILED', `The environment or directory of ${command.argv[0]} holds a NUL character.`, {
    details: { command: command.argv[0] },
  });
}

/** What bubblewrap said before it gave up. */
async function complaint(running: StartedProcess): Promise<string> {
  let text = '';
  for await (const chunk of running.stderr) {
    text += new TextDecoder().decode(chunk);
    if (text.length > 1000) break;
  }
  return text.trim().slice(0, 500).toWellFormed() || 'bubblewrap ended without a word';
}

/** What came through a pipe up to and with a mark, or to its end. */
function readUntil(pipe: Duplex, mark: string | RegExp): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    pipe.on('data', (data: Buffer) => {
      text += data.toString();
      if (text.search(mark) !== -1) resolve(text);
    });
    pipe.once('close', () => resolve(text));
  });
}

function readInit(info: string): Init | null {
  const pid = Number(/"child-pid":\s*(\d+)/.exec(info)?.[1] ?? 0);
  const startTime = pid === 0 ? undefined : readProcess(pid)?.startTime;
  return startTime === undefined ? null : { pid, startTime };
}

/** The kernel ends the first process of a PID namespace only after every other in it is gone. */
async function waitForEnd(started: Promise<Init | null>): Promise<void> {
  const init = await started;
  if (init === null) return;
  const isAlive = (): boolean => readProcess(init.pid)?.startTime === init.startTime;
  if (isAlive()) process.kill(init.pid, 'SIGKILL');
  for (let pause = 1; isAlive(); pause = Math.min(pause * 2, 50)) await delay(pause);
}

/** bubblewrap tells the end by a signal as shells do: 128 and its number. */
function mapExit(exit: Awaited<RunningCommand['exit']>): Awaited<RunningCommand['exit']> {
  const signal = Object.entries(constants.signals).find(([, number]) => exit.exitCode === 128 + number)?.[0];
  return signal === undefined ? exit : { exitCode: null, signal };
}

function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
