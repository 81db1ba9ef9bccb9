import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { collectOutput } from '@baton/adapter-kit';
import { type AgentTrial, BatonError, type CommandResult, type Sandbox } from '@baton/core';

const versionMs = 20_000;

/** A program of an agent, which knows `--version`. */
export interface VersionRequest {
  /** Name or absolute path. */
  readonly program: string;
  readonly sandbox: Sandbox;
  /** Added to the environment of the program. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What came of asking. */
export interface VersionAnswer {
  /** Null where it could not be started at all. */
  readonly result: CommandResult | null;
  /** What the sandbox would have to show besides, and doesn't: `result` is of a sandbox that does. */
  readonly unlisted: readonly string[];
}

/**
 * Asks a program for its version in the sandbox: with what the project lists, and where it doesn't run there, with
 * the directories that it stands in besides.
 */
export async function askVersion(request: VersionRequest, trial: AgentTrial | undefined): Promise<VersionAnswer> {
  const { program } = request;
  try {
    const listed = trial?.readable;
    if (listed !== undefined) {
      const result = await run(request, [program, '--version'], listed, trial);
      if (result.exitCode === 0) return { result, unlisted: [] };
    }
    const { search, needs } = await findPlaces(request, trial);
    const result = await run(request, [program, '--version'], [...(listed ?? search), ...needs], trial);
    return { result, unlisted: listed === undefined || result.exitCode !== 0 ? [] : needs };
  } catch (error) {
    trial?.signal?.throwIfAborted();
    if (BatonError.is(error)) return { result: null, unlisted: [] };
    throw error;
  }
}

async function run(
  { sandbox, env = {} }: VersionRequest,
  argv: readonly [string, ...string[]],
  readable: readonly string[],
  trial: AgentTrial | undefined,
): Promise<CommandResult> {
  const command = { argv, timeoutMs: versionMs, env };
  const policy = { root: '/usr', readable, writable: [], network: [], maxMemoryBytes: null, maxProcesses: null };
  return collectOutput(await sandbox.spawn(command, policy, trial), command, trial);
}

interface Places {
  /** Where names are looked up, with what interpreters stand there. */
  readonly search: readonly string[];
  /** Directories of the program as it is named and as it really stands. */
  readonly needs: readonly string[];
}

async function findPlaces(request: VersionRequest, trial: AgentTrial | undefined): Promise<Places> {
  const { program } = request;
  const path = (await run(request, ['printenv', 'PATH'], [], trial)).stdout;
  const search = path.trim().split(':').filter(isAbsolute);
  const names = isAbsolute(program) ? [program] : search.map((directory) => join(directory, program));
  const found = await Promise.all(
    names.map(async (name) => {
      const real = await realpath(name).catch(() => null);
      return real === null ? [] : [name, real];
    }),
  );
  const paths = found.find((each) => each.length > 0) ?? [];
  return { search, needs: [...new Set(paths.map(packageDirectory))] };
}

/** The outermost `node_modules` that a file is in: a program of npm is made of several packages. Else its directory. */
function packageDirectory(file: string): string {
  return /^.*?\/node_modules(?=\/)/.exec(file)?.[0] ?? dirname(file);
}
