import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { collectOutput } from '@baton/adapter-kit';
import { BatonError, type CallOptions, type CommandResult, type Diagnosis, type Sandbox } from '@baton/core';
import { isOlder, oldestVersion } from './claude-code-version.js';

const versionMs = 20_000;

/** Whether the program is there, in a sandbox that shows what every sandbox shows, and new enough. */
export async function* diagnoseClaudeCode(
  { program, key, keyEnv, sandbox }: { program: string; key: string | null; keyEnv: string; sandbox: Sandbox },
  call: CallOptions | undefined,
): AsyncGenerator<Diagnosis> {
  const install = `Install @anthropic-ai/claude-code ${oldestVersion} or newer, set program to where it is, and list the directory that it really stands in under sandbox.readable.`;
  const answer = await askVersion(sandbox, program, call);
  const version = /^(\d+\.\d+\.\d+\S*)/.exec(answer?.stdout ?? '')?.[1] ?? null;
  const isGood = version !== null && !isOlder(version);
  yield {
    check: 'claude-code',
    ok: isGood,
    detail:
      version === null
        ? `${program} can't be run in the sandbox${answer === null ? '' : `: ${answer.stderr.trim().slice(-300).toWellFormed()}`}.`
        : `Version ${version}${isGood ? '' : ` is older than ${oldestVersion}`}.`,
    fix: isGood ? null : install,
  };
  yield {
    check: 'key',
    ok: key !== null,
    detail: key === null ? `${keyEnv} is not set.` : `${keyEnv} is set; whether it is valid only a turn tells.`,
    fix: key === null ? `Set ${keyEnv} in the environment of the daemon.` : null,
  };
}

/** Null where it can't be started at all. */
async function askVersion(
  sandbox: Sandbox,
  program: string,
  call: CallOptions | undefined,
): Promise<CommandResult | null> {
  const run = async (argv: readonly [string, ...string[]], readable: readonly string[]): Promise<CommandResult> => {
    const command = { argv, timeoutMs: versionMs, env: { DISABLE_AUTOUPDATER: '1' } };
    const policy = { root: '/usr', readable, writable: [], network: [], maxMemoryBytes: null, maxProcesses: null };
    return collectOutput(await sandbox.spawn(command, policy, call), command, call);
  };
  try {
    const path = isAbsolute(program)
      ? [dirname(program)]
      : (await run(['printenv', 'PATH'], [])).stdout.trim().split(':');
    const real = await Promise.all(path.map((each) => realpath(each).catch(() => each)));
    return await run([program, '--version'], [...new Set([...path, ...real])].filter(isAbsolute));
  } catch (error) {
    call?.signal?.throwIfAborted();
    if (BatonError.is(error)) return null;
    throw error;
  }
}
