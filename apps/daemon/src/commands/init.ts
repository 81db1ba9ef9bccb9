import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { CommandError } from '../command-error.js';
import { configNames } from '../config/find-config.js';
import { exitCodes } from '../exit-codes.js';
import { type Detected, detectRepository } from '../init/detect-repository.js';
import { writeInitialConfig } from '../init/write-config.js';
import { escapeLine } from '../render/escape-control.js';
import { renderSandbox } from '../render/render-job.js';
import { renderTable } from '../render/render-table.js';
import type { Command, CommandContext, CommandInput } from '../run-command.js';
import { readVersion } from '../version.js';
import { createWorld } from '../wire/world.js';

type Agent = Readonly<Record<string, string>>;

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const usage = (message: string, fix: string): CommandError =>
  new CommandError(message, { code: 'USAGE', exit: 'usage', fix });

async function ask(context: CommandContext, question: string, offered: string | null): Promise<string | null> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await reader.question(`? ${question.padEnd(34)} › ${offered === null ? '' : `(${offered}) `}`, {
      signal: context.signal,
    });
    return answer.trim() === '' ? offered : answer.trim();
  } finally {
    reader.close();
  }
}

function agentOf({ options }: CommandInput): Agent | null {
  const use = text(options['agent']);
  const run = text(options['agentRun']);
  const file = text(options['agentFile']);
  if (use === null && run === null) return null;
  if ((use ?? 'command') === 'command' && run === null) {
    throw usage(
      'The agent command needs a program to run.',
      'pass --agent-run "<program>"; it reads the prompt on stdin',
    );
  }
  if (use === 'scripted' && file === null)
    throw usage('The agent scripted needs a file of steps.', 'pass --agent-file <file>');
  return { use: use ?? 'command', ...(run === null ? {} : { run }), ...(file === null ? {} : { file }) };
}

/** Agents that read a prompt on stdin, without their own questions. They need what the sandbox gives them. */
const knownRuns: Readonly<Record<string, string>> = {
  claude: 'claude -p',
  codex: 'codex exec -',
  gemini: 'gemini -p ""',
};

function offeredAgent({ agents }: Detected): string | null {
  const known = agents.find((name) => Object.hasOwn(knownRuns, name));
  return known === undefined ? null : (knownRuns[known] ?? null);
}

/** `baton init`: looks at the repository, asks where it may, and writes the file. */
export const init: Command = async (context, input) => {
  const { output, cwd, environment, mayAsk, signal } = context;
  const { options } = input;
  const yes = options['yes'] === true;
  const given = agentOf(input);
  if (!mayAsk && !yes && given === null) {
    throw usage(
      'Not prompting: stdin is not a terminal, or --no-input was given.',
      'pass --yes, or --agent and --label',
    );
  }
  const detected = await detectRepository(cwd, environment);
  const directory = detected.root ?? cwd;
  const file = context.config ?? join(directory, 'baton.config.yaml');
  const standing = [file, ...configNames.map((name) => join(directory, name))].find((path) => existsSync(path));
  if (standing !== undefined && options['force'] !== true) {
    throw usage(
      `${standing} is there already.`,
      'pass --force to write over it, or edit it and run baton config validate',
    );
  }
  if (detected.root === null) {
    throw usage(`${cwd} is no git repository.`, 'go to the repository that Baton should work on, or run git init');
  }

  const sandbox = await createWorld(context).sandbox('best-effort').measure({ signal });
  const facts = [
    [
      '  repository',
      detected.remote ?? detected.root,
      detected.remote === null ? 'no remote origin' : 'from git remote origin',
    ],
    ['  checks', detected.check?.run ?? 'none found', detected.check === null ? '' : `from ${detected.check.from}`],
    ['  agents', detected.agents.join(', ') || 'none found in PATH', ''],
    ['  sandbox', renderSandbox(sandbox), ''],
  ];
  output.tell(`  ${output.colours.bold('Baton')} ${readVersion()}`);
  output.tell(renderTable(facts.map((row) => row.map(escapeLine))));

  const offered = offeredAgent(detected);
  const asking = mayAsk && !yes;
  const typedRun = given === null && asking ? await ask(context, 'Program to use as agent', offered) : offered;
  const agent = given ?? (typedRun === null ? null : { use: 'command', run: typedRun });
  if (agent === null)
    throw usage('No agent was found in PATH.', 'pass --agent-run "<program>"; it reads the prompt on stdin');
  const label =
    text(options['label']) ??
    (asking ? await ask(context, 'Label that hands an issue over', 'baton') : null) ??
    'baton';
  const check =
    text(options['check']) ??
    (asking ? await ask(context, 'Command that must stay green', detected.check?.run ?? null) : null) ??
    detected.check?.run ??
    null;
  const remote = text(options['remote']) ?? detected.remote;
  const written = writeInitialConfig({ directory, label, agent, check, remote });
  output.tell(`  Will write  + ${file}  ${written.trimEnd().split('\n').length} lines`);
  if (asking && (await ask(context, 'Proceed? (y/N)', 'n'))?.toLowerCase().startsWith('y') !== true) {
    throw new CommandError('Nothing was written.', {
      code: 'REFUSED',
      exit: 'failure',
      fix: 'answer y, or pass --yes',
    });
  }
  await mkdir(join(directory, '.baton', 'local', 'issues'), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, written);
  await rename(draft, file);
  if (output.json !== null) output.printJson({ schema: 'baton.init/v1', file });
  else output.print(`✓ wrote ${file}\n  next: baton doctor --baseline      then: baton start`);
  return exitCodes.ok;
};
