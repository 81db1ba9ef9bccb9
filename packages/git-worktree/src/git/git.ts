import { statfs } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { createSentSecrets } from '@baton/adapter-kit';
import type { AdapterHost, CallOptions, GitRemote, Runtime } from '@baton/core';
import { BatonError } from '@baton/core';
import type { GitEnvironment } from './environment.js';
import type { GitHelper } from './git-helper.js';
import { markerVariable } from './kill-marked.js';
import { lookBounded } from './look-bounded.js';
import { diskFull, type GitFailure, isLocked, mapGitError, staleLockOf } from './map-error.js';
import { removeStaleLock } from './stale-lock.js';

/** One git command. No field of it is ever read as a shell string. */
export interface GitCommand {
  /** The verb and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** The repository. Always named: git never searches for one. Absent only for `init`. */
  readonly gitDir?: string;
  /** The checkout that it reads or writes, within bounds. Absent: none, and then no `.gitattributes` counts. */
  readonly workTree?: string;
  /** The index file. Absent: none is to be touched. */
  readonly index?: string;
  /** Patterns of what else is ignored in `workTree`. */
  readonly excludes?: string;
  readonly input?: string;
  /**
   * How `input` and the output are read. In `latin1` each byte is one character: for what may hold names of files,
   * which need not be UTF-8. Default: `utf8`.
   */
  readonly encoding?: 'utf8' | 'latin1';
  /**
   * Git is ended once it has printed more bytes than this, and the answer says `isCut`. Absent: 128 MiB, and more
   * rejects with `TOO_LARGE`.
   */
  readonly maxBytes?: number;
  /** On top of the pinned environment, for identity and dates. */
  readonly env?: Readonly<Record<string, string>>;
  /** Configuration of this one command, on top of what is pinned. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The remote that this command talks to: its credentials are in the environment of this one process. */
  readonly remote?: GitRemote;
  /** Exit codes that are answers, beside 0. */
  readonly accept?: readonly number[];
}

/** What git answered. */
export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  /** Its first 64 KiB. */
  readonly stderr: string;
  /** Whether there was more than `maxBytes`: `stdout` is then its beginning, and `exitCode` tells nothing. */
  readonly isCut: boolean;
}

/** Runs git. Rejects with a `BatonError` where it fails. */
export type Git = (command: GitCommand, options?: CallOptions) => Promise<GitAnswer>;

/** What `createGit` needs. */
export interface GitOptions {
  readonly helper: GitHelper;
  readonly environment: GitEnvironment;
  readonly runtime: Runtime;
  /** An existing directory in which git is started: no checkout, so that nothing is found by searching upwards. */
  readonly directory: string;
  /** False for what is done in the background. */
  readonly isUrgent: boolean;
  /** Threads of one checkout. */
  readonly workers: number;
  /** Given by `mapGitError` to errors. */
  readonly adapter: string;
  /** Takes secrets out of what git and whoever it talked to said, before errors quote a part of it. */
  readonly mask: AdapterHost['mask'];
}

/**
 * The only place that starts git for the daemon; in a person's own repository (`person/`) that person's runs. The agent may have written anything into its checkout, and the daemon's git
 * must not read any of it as configuration; so each command names its repository, its checkout and its index
 * and pins everything that could start a program. The vault's own configuration is Baton's, and what stands
 * here outranks even that.
 */
export function createGit(options: GitOptions): Git {
  const attempt = async (command: GitCommand, call?: CallOptions): Promise<GitAnswer> => {
    const marker = options.runtime.id('git');
    const argv = [...globalArguments(command), ...command.argv];
    const env = environmentOf(command, options, marker);
    const { directory, helper, isUrgent } = options;
    const { input = null, encoding = 'utf8', maxBytes = defaultMaxBytes, workTree } = command;
    const run = (bounded?: CallOptions): Promise<GitAnswer> =>
      helper.run({ argv, env, directory, input, encoding, maxBytes, marker, isUrgent }, bounded);
    try {
      if (workTree === undefined) return await run(call);
      const bounds = { clock: options.runtime.clock, environment: options.environment.tools };
      return await lookBounded(workTree, bounds, run, call);
    } catch (error) {
      call?.signal?.throwIfAborted();
      if (BatonError.is(error)) throw error;
      throw new BatonError('INTERNAL', `git ${command.argv[0]} was not run: ${String(error)}`, {
        details: {},
        adapter: options.adapter,
        cause: error,
      });
    }
  };

  return async (command, call) => {
    for (let round = 0; ; round += 1) {
      const answer = await attempt(command, call);
      if (answer.isCut) {
        if (command.maxBytes !== undefined) return answer;
        throw tooMuch(command, options.adapter);
      }
      if (answer.exitCode === 0 || command.accept?.includes(answer.exitCode)) return answer;
      const failure: GitFailure = { ...answer, verb: command.argv[0], url: command.remote?.url ?? null };
      if (!isLocked(failure) || round >= lockPausesMs.length) {
        const { stdout, stderr } = failure;
        const mask = maskFor(command.remote, options.mask);
        const told = { ...failure, stdout: mask(stdout), stderr: mask(stderr) };
        const error = mapGitError(told, options.adapter);
        // Git doesn't always say why it could not write.
        const isFull = error.code === 'COMMAND_FAILED' && (await freeBytes(options.directory)) < fullBelowBytes;
        throw isFull ? diskFull(options.directory, error) : error;
      }
      const lock = staleLockOf(failure);
      if (lock !== null) await removeStaleLock(lock, options.directory, options.runtime.clock.now());
      const pause = lockPausesMs[round] ?? 0;
      await options.runtime.clock.sleep(pause * (0.5 + options.runtime.random()), call);
    }
  };
}

const defaultMaxBytes = 128 * 1024 ** 2;

function tooMuch({ argv: [verb] }: GitCommand, adapter: string): BatonError<'TOO_LARGE'> {
  const message = `git ${verb} printed more than ${defaultMaxBytes} bytes, so its answer was not read.`;
  const details = { resource: `git ${verb}`, limit: 'bytes', allowed: defaultMaxBytes };
  return new BatonError('TOO_LARGE', message, { details, adapter });
}

const fullBelowBytes = 1024 ** 2;

async function freeBytes(path: string): Promise<number> {
  const found = await statfs(path).catch(() => null);
  return found === null ? Number.POSITIVE_INFINITY : found.bavail * found.bsize;
}

const lockPausesMs = [10, 30, 100, 300, 1_000] as const;

/** Outranks every configuration file. What could start a program is off; what differs between machines is fixed. */
const pinned: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.askPass': '',
  'credential.helper': '',
  'core.attributesFile': '/dev/null',
  'core.sparseCheckout': 'false',
  'core.splitIndex': 'false',
  'core.untrackedCache': 'false',
  'core.autocrlf': 'false',
  'core.logAllRefUpdates': 'false',
  'submodule.recurse': 'false',
  'fetch.recurseSubmodules': 'false',
  'push.recurseSubmodules': 'no',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'transfer.credentialsInUrl': 'die',
  // A redirect would carry the credentials to another host.
  'http.followRedirects': 'false',
  'http.lowSpeedLimit': '1000',
  'http.lowSpeedTime': '60',
};

function environmentOf(command: GitCommand, options: GitOptions, marker: string): Record<string, string> {
  const { remote } = command;
  const settings: (readonly [string, string])[] = [
    ...Object.entries(pinned),
    ['core.excludesFile', command.excludes ?? '/dev/null'],
    ['checkout.workers', String(options.workers)],
    ...Object.entries(command.settings ?? {}),
    ...(remote === undefined ? [] : credentialsOf(remote)),
  ];
  return {
    ...options.environment.local,
    ...(remote === undefined ? {} : options.environment.remote),
    [markerVariable]: marker,
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'file:http:https:ssh',
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_DEFAULT_REF_FORMAT: 'files',
    ...(command.index === undefined ? {} : { GIT_INDEX_FILE: command.index }),
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
    ...command.env,
  };
}

function globalArguments(command: GitCommand): readonly string[] {
  return [
    ...(command.gitDir === undefined ? [] : [`--git-dir=${command.gitDir}`]),
    ...(command.workTree === undefined ? [] : [`--work-tree=${command.workTree}`]),
    '--no-pager',
  ];
}

/** Takes out secrets, and what the other side was let in by: a password may have been made for the hour, and some print it. */
function maskFor(remote: GitRemote | undefined, mask: AdapterHost['mask']): AdapterHost['mask'] {
  const sent = createSentSecrets(remote?.password === undefined ? {} : { password: remote.password });
  // First of all what would go later, and put together again what stood around it.
  return (text) => mask(sent.mask(stripVTControlCharacters(text)));
}

function credentialsOf(remote: GitRemote): (readonly [string, string])[] {
  if (remote.password === undefined || !/^https?:/i.test(remote.url)) return [];
  const pair = Buffer.from(`${remote.username ?? 'git'}:${remote.password}`, 'utf8').toString('base64');
  return [['http.extraHeader', `Authorization: Basic ${pair}`]];
}
