import { Command as CommanderCommand, InvalidArgumentError, Option } from 'commander';
import { logLevels } from '../verb/output.js';
import type { CommandInput } from '../verb/run-command.js';
import { type Verb, type VerbOption, verbs } from './verbs.js';

/** What was typed: a verb and its input. */
export type OnVerb = (verb: Verb, input: CommandInput) => Promise<void>;

function toOption({ flags, description, reader, choices, required }: VerbOption): Option {
  const option = new Option(flags, description);
  if (choices !== undefined) option.choices([...choices]);
  if (required === true) option.makeOptionMandatory();
  if (reader !== undefined) {
    option.argParser((typed: string) => {
      const value = reader.parse(typed);
      if (value === null) throw new InvalidArgumentError(`It takes ${reader.takes}.`);
      return value;
    });
  }
  return option;
}

const groups: Readonly<Record<string, string>> = {
  rescue: 'work that never reached a pull request',
  config: 'the configuration file',
};

function addVerb(program: CommanderCommand, verb: Verb, onVerb: OnVerb): void {
  const [first = verb.name, second] = verb.name.split(' ');
  const group = program.commands.find((command) => command.name() === first);
  const parent = second === undefined ? program : (group ?? program.command(first).description(groups[first] ?? ''));
  const command = parent.command(second ?? first).description(verb.summary);
  if (verb.argument !== undefined) command.argument(verb.argument);
  for (const option of verb.options ?? []) command.addOption(toOption(option));
  command.action(async () => {
    const typed = command.processedArgs.flatMap((argument: unknown) =>
      typeof argument === 'string' ? [argument] : [],
    );
    await onVerb(verb, { arguments: typed, options: command.opts() });
  });
}

/** The command line. Parsing throws commander's errors; nothing is written or ended by itself. */
export function createProgram(version: string, onVerb: OnVerb): CommanderCommand {
  const program = new CommanderCommand('baton')
    .description('Takes issues in and hands verified pull requests out.')
    .version(version)
    .option('-c, --config <file>', 'configuration file (default: baton.config.* from here upwards)')
    .option('--json [fields]', 'answer in JSON; with =a,b only these fields')
    .addOption(new Option('--log-level <level>', 'what is told on stderr at least').choices(logLevels).default('info'))
    .option('--no-input', 'never ask')
    .showHelpAfterError(false);
  // Subcommands take these over only when they are made after.
  program.exitOverride().configureOutput({ writeErr: () => {} });
  for (const verb of verbs) addVerb(program, verb, onVerb);
  return program;
}
