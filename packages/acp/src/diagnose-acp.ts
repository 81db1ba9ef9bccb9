import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { collectOutput } from '@baton/adapter-kit';
import { BatonError, type CallOptions, type CommandResult, type Diagnosis, type Sandbox } from '@baton/core';
import type { AcpProgram } from './agent-launch.js';
import { presets } from './presets.js';

const versionMs = 20_000;

/** What is looked at. */
export interface AcpPlace {
  readonly program: AcpProgram;
  /** Null: no key is asked for. */
  readonly keyEnv: string | null;
  /** The variable that should hold the key and doesn't. */
  readonly missingKey: string | null;
  readonly sandbox: Sandbox | null;
}

/** Whether a preset's program is there, in a sandbox that shows its directory; and the key. */
export async function* diagnoseAcp(place: AcpPlace, call: CallOptions | undefined): AsyncGenerator<Diagnosis> {
  const { program, sandbox, keyEnv, missingKey } = place;
  if ('preset' in program && sandbox !== null) {
    const name = program.program ?? presets[program.preset].program;
    const answer = await askVersion(name, sandbox, call);
    const isGood = answer?.exitCode === 0;
    const words = (isGood ? answer.stdout : (answer?.stderr ?? '')).trim().slice(-200).toWellFormed();
    yield {
      check: program.preset,
      ok: isGood,
      detail: isGood ? `Version ${words}.` : `${name} can't be run in the sandbox. ${words}`.trim(),
      fix: isGood
        ? null
        : `Install ${presets[program.preset].package}, set program to where it is, and list the directory that it really stands in under sandbox.readable.`,
    };
  }
  if (keyEnv === null) return;
  yield {
    check: 'key',
    ok: missingKey === null,
    detail: missingKey === null ? `${keyEnv} is set; whether it is valid only a turn tells.` : `${keyEnv} is not set.`,
    fix: missingKey === null ? null : `Set ${keyEnv} in the environment of the daemon.`,
  };
}

/** Null where it can't be started at all. */
async function askVersion(
  name: string,
  sandbox: Sandbox,
  call: CallOptions | undefined,
): Promise<CommandResult | null> {
  const run = async (argv: readonly [string, ...string[]], readable: readonly string[]): Promise<CommandResult> => {
    const command = { argv, timeoutMs: versionMs };
    const policy = { root: '/usr', readable, writable: [], network: [], maxMemoryBytes: null, maxProcesses: null };
    return collectOutput(await sandbox.spawn(command, policy, call), command, call);
  };
  try {
    const path = isAbsolute(name) ? [] : (await run(['printenv', 'PATH'], [])).stdout.trim().split(':');
    const names = isAbsolute(name) ? [name] : path.filter(isAbsolute).map((directory) => join(directory, name));
    const real = await Promise.all(names.map((each) => realpath(each).catch(() => null)));
    const places = [...names, ...real.filter((each) => each !== null)].map(packageDirectory);
    return await run([name, '--version'], [...new Set(places)]);
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
