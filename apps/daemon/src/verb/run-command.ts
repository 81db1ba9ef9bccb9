import { mapMachineError, type Secrets } from '@baton/adapter-kit';
import { BatonError } from '@baton/core';
import type { Environment } from '../environment/load-environment.js';
import { CommandError } from './command-error.js';
import { errorExitCode, exitCodes } from './exit-codes.js';
import type { Interrupts } from './interrupts.js';
import { formatFailure, type Output } from './output.js';

/** What every verb is given. */
export interface CommandContext {
  readonly environment: Environment;
  /** What this process holds, masked in everything that it stores and prints. */
  readonly secrets: Secrets;
  /** Absolute. */
  readonly cwd: string;
  readonly output: Output;
  readonly stderr: NodeJS.WritableStream;
  /** The Node that runs this, absolute. */
  readonly nodeFile: string;
  /** `-c`, as it was typed. */
  readonly config: string | undefined;
  /** Whether questions may be asked: a terminal is there and `--no-input` isn't. */
  readonly mayAsk: boolean;
  /** Aborted by the first SIGINT or SIGTERM, except where a verb drains by its own rules. */
  readonly signal: AbortSignal;
  readonly interrupts: Interrupts;
}

/** What one verb was called with. */
export interface CommandInput {
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** One verb. Resolves to its exit code; throws `BatonError` or `CommandError` where it can't go on. */
export type Command = (context: CommandContext, input: CommandInput) => Promise<number>;

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly problems?: unknown;
}

const defaultFixes: Readonly<Record<string, string>> = {
  RATE_LIMITED: 'try again later',
  UNAVAILABLE: 'check the network and the address, then try again',
  TIMEOUT: 'try again, or raise the time limit in the configuration',
  CONFLICT: 'look at what stands there with baton show, then try again',
  NOT_FOUND: 'check the name',
  AUTH_FAILED: 'set the token named in the configuration, then run baton doctor',
  PERMISSION_DENIED: 'give the token the permission named above, then run baton doctor',
  DISK_FULL: 'free some space; baton gc removes what is no longer needed',
};

function mapFailure(thrown: unknown): Failure {
  const error = mapMachineError(thrown, 'what was to be written') ?? thrown;
  if (error instanceof CommandError) return { code: error.code, message: error.message, fix: error.fix };
  if (BatonError.is(error)) {
    const fix = error.fix ?? defaultFixes[error.code] ?? 'run baton doctor';
    const details: object = error.details;
    const problems = 'problems' in details ? { problems: details.problems } : {};
    return { code: error.code, message: error.message, fix, ...problems };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'INTERNAL', message, fix: 'report this as a bug, with the lines above' };
}

/** Tells of an error on the stream it belongs to, and gives its exit code. */
export function reportFailure(error: unknown, output: Output): number {
  const { code, message, fix, ...rest } = mapFailure(error);
  if (output.json !== null) {
    output.printJson({ error: { code, message, fix, ...rest } });
  } else {
    const { red } = output.colours;
    output.tell(`${red('error:')} ${formatFailure(message, fix)}`);
  }
  return errorExitCode(error);
}

/** Runs a verb to its exit code; whatever it throws is told and mapped. */
export async function runCommand(command: Command, context: CommandContext, input: CommandInput): Promise<number> {
  try {
    return await command(context, input);
  } catch (error) {
    if (context.signal.aborted && (error === context.signal.reason || isAbort(error))) return exitCodes.interrupted;
    return reportFailure(error, context.output);
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
