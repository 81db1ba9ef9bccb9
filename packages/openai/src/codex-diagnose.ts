import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { collectOutput } from '@baton/adapter-kit';
import { BatonError, type CallOptions, type CommandResult, type Diagnosis, type Sandbox } from '@baton/core';
import { installFix, isOlder, oldestVersion, parseVersion } from './codex-version.js';

const versionMs = 20_000;

/** What is looked at. */
export interface CodexPlace {
  readonly program: string;
  readonly sandbox: Sandbox;
  readonly key: string | null;
  /** Null: no key is asked for. */
  readonly keyEnv: string | null;
}

/** Whether the program is there, in a sandbox that shows what every sandbox shows, and new enough; and the key. */
export async function* diagnoseCodex(place: CodexPlace, call: CallOptions | undefined): AsyncGenerator<Diagnosis> {
  const { program, key, keyEnv } = place;
  const answer = await askVersion(place, call);
  const version = parseVersion(answer?.stdout ?? '');
  const isGood = version !== null && !isOlder(version);
  yield {
    check: 'codex',
    ok: isGood,
    detail:
      version === null
        ? `${program} can't be run in the sandbox${answer === null ? '' : `: ${answer.stderr.trim().slice(-300).toWellFormed()}`}.`
        : `Version ${version}${isGood ? '' : ` is older than ${oldestVersion}`}${mapNeed(answer?.needs ?? [])}.`,
    fix: isGood ? null : installFix,
  };
  if (keyEnv === null) return;
  yield {
    check: 'key',
    ok: key !== null,
    detail: key === null ? `${keyEnv} is not set.` : `${keyEnv} is set; whether it is valid only a turn tells.`,
    fix: key === null ? `Set ${keyEnv} in the environment of the daemon.` : null,
  };
}

interface Answer extends CommandResult {
  /** What sandboxes have to show, beside what they show anyway. */
  readonly needs: readonly string[];
}

/** Null where it can't be started at all. */
async function askVersion({ program, sandbox }: CodexPlace, call: CallOptions | undefined): Promise<Answer | null> {
  const run = async (argv: readonly [string, ...string[]], readable: readonly string[]): Promise<CommandResult> => {
    const command = { argv, timeoutMs: versionMs };
    const policy = { root: '/usr', readable, writable: [], network: [], maxMemoryBytes: null, maxProcesses: null };
    return collectOutput(await sandbox.spawn(command, policy, call), command, call);
  };
  try {
    const path = isAbsolute(program) ? [] : (await run(['printenv', 'PATH'], [])).stdout.trim().split(':');
    const names = isAbsolute(program)
      ? [program]
      : path.filter(isAbsolute).map((directory) => join(directory, program));
    const real = await Promise.all(names.map((name) => realpath(name).catch(() => null)));
    const needs = [...names, ...real.filter((each) => each !== null)].map(packageDirectory);
    const answer = await run([program, '--version'], [...new Set([...path.filter(isAbsolute), ...needs])]);
    const found = real.find((each) => each !== null) ?? null;
    return { ...answer, needs: found === null || found.startsWith('/usr/') ? [] : [packageDirectory(found)] };
  } catch (error) {
    call?.signal?.throwIfAborted();
    if (BatonError.is(error)) return null;
    throw error;
  }
}

/** The outermost `node_modules` that a file is in: a program of npm is made of several packages. Else its directory. */
function packageDirectory(file: string): string {
  return /^.*?\/node_modules(?=\/)/.exec(file)?.[0] ?? dirname(file);
}

function mapNeed(needs: readonly string[]): string {
  return needs.length === 0 ? '' : `; sandbox.readable has to list ${needs.join(', ')}`;
}
