import { resolve } from 'node:path';
import type { Secrets } from '@baton/adapter-kit';
import { CommanderError } from 'commander';
import { closest } from '../config/closest.js';
import type { Environment } from '../environment/load-environment.js';
import { escapeLine } from '../text/escape-control.js';
import { CommandError } from '../verb/command-error.js';
import { exitCodes } from '../verb/exit-codes.js';
import { watchInterrupts } from '../verb/interrupts.js';
import { createOutput, type LogLevel, logLevels, type Output } from '../verb/output.js';
import { type Command, type CommandContext, reportFailure, runCommand } from '../verb/run-command.js';
import { readVersion } from '../version.js';
import { createProgram } from './create-program.js';
import { jsonFields } from './json-fields.js';
import { verbs } from './verbs.js';

/** Fields of `--json=a,b`; empty: all of them. Null where it wasn't asked for. */
function parseFields(json: unknown): readonly string[] | null {
  if (json === undefined) return null;
  return typeof json === 'string'
    ? json
        .split(',')
        .map((field) => field.trim())
        .filter((field) => field !== '')
    : [];
}

const endDaemon =
  'end the daemon by SIGTERM or SIGINT, as its service manager does; baton pause begins no new work, baton cancel <job> ends one job';

/** What other programs have a verb for, and this one does otherwise. */
const verbsElsewhere: Readonly<Record<string, string>> = {
  stop: endDaemon,
  kill: endDaemon,
  shutdown: endDaemon,
  restart: `${endDaemon}; a changed configuration is read by itself`,
  ps: 'write status or list',
  remove: 'write cancel to end a job, or gc to take away what ended jobs left',
};

function mapUsageError(error: CommanderError, argv: readonly string[]): CommandError {
  const text = error.message.replace(/^error: /, '');
  const [first, hint] = text.split('\n');
  const said = (first ?? text).replace(/^./, (letter) => letter.toUpperCase());
  const meant = /Did you mean (.+)\?/.exec(hint ?? '')?.[1];
  const unknown = /^Unknown command '(.+)'/.exec(said)?.[1] ?? '';
  const elsewhere = Object.hasOwn(verbsElsewhere, unknown) ? verbsElsewhere[unknown] : undefined;
  const verb = argv.find((word) => verbs.some(({ name }) => name.split(' ')[0] === word)) ?? '';
  const guessed =
    meant === undefined
      ? `run baton ${/command/i.test(said) ? '' : `${verb} `}--help to see what there is`
      : `write ${meant}`;
  return new CommandError(said.endsWith('.') ? said : `${said}.`, {
    code: 'USAGE',
    exit: 'usage',
    fix: elsewhere ?? guessed.replaceAll('  ', ' '),
  });
}

function readDirectory(running: NodeJS.Process): string {
  try {
    return resolve(running.cwd());
  } catch {
    throw new CommandError('The current directory was removed.', {
      code: 'USAGE',
      exit: 'usage',
      fix: 'change to one that is there, and try again',
    });
  }
}

/** Runs one command line to its exit code. */
export async function runCli(running: NodeJS.Process, environment: Environment, secrets: Secrets): Promise<number> {
  const { mask } = secrets;
  const { stdout, stderr } = running;
  // `--json list` means the verb `list`, not a field of that name.
  const argv = running.argv.slice(2).map((word) => (word === '--json' ? '--json=' : word));
  const asked = argv.findLast((word) => word.startsWith('--json='))?.slice('--json='.length);
  let output: Output = createOutput({ environment, json: parseFields(asked), logLevel: 'info', mask, stdout, stderr });
  let exitCode: number = exitCodes.ok;

  const checkFields = (verb: string): void => {
    const known = jsonFields[verb] ?? [];
    const unknown = output.json?.find((field) => !known.includes(field));
    if (unknown === undefined) return;
    const meant = closest(unknown, known);
    const what = meant === null ? '' : `; did you mean ${meant}?`;
    throw new CommandError(`baton ${verb} answers with no field ${escapeLine(unknown)}${what}`, {
      code: 'USAGE',
      exit: 'usage',
      fix:
        meant === null
          ? `use ${known.length === 0 ? '--json alone' : `some of ${known.join(', ')}`}`
          : `write ${meant}`,
    });
  };

  const program = createProgram(readVersion(), async (verb, input) => {
    const globals: Readonly<Record<string, unknown>> = program.opts();
    const logLevel: LogLevel = logLevels.find((level) => level === globals['logLevel']) ?? 'info';
    output = createOutput({ environment, json: parseFields(globals['json']), logLevel, mask, stdout, stderr });
    const interrupts = watchInterrupts(running);
    const { config } = globals;
    const context: CommandContext = {
      environment,
      secrets,
      cwd: readDirectory(running),
      output,
      stderr,
      nodeFile: running.execPath,
      config: typeof config === 'string' ? config : undefined,
      mayAsk: globals['input'] !== false && running.stdin.isTTY === true && stderr.isTTY === true,
      signal: interrupts.signal,
      interrupts,
    };
    const command: Command = async (...given) => {
      checkFields(verb.name);
      return (await verb.load())(...given);
    };
    exitCode = await runCommand(command, context, input);
  });

  try {
    if (argv.length === 0) {
      program.outputHelp();
      return exitCodes.usage;
    }
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommandError) return reportFailure(error, output);
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.ok;
    // A group without its verb: commander wants to print its help as an error.
    if (error.code === 'commander.help') {
      return reportFailure(
        new CommandError('A verb is missing.', {
          code: 'USAGE',
          exit: 'usage',
          fix: `run baton ${argv.join(' ')} --help to see what there is`,
        }),
        output,
      );
    }
    return reportFailure(mapUsageError(error, argv), output);
  }
}
