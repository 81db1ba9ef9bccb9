import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { writeWhole } from '@baton/adapter-kit';
import { configNames } from '../config/find-config.js';
import type { Environment } from '../environment/load-environment.js';
import { type Detected, detectRepository, parseForge } from '../init/detect-repository.js';
import { writeInitialConfig } from '../init/write-config.js';
import { renderSandbox } from '../render/render-job.js';
import { escapeLine } from '../text/escape-control.js';
import { renderTable } from '../text/render-table.js';
import { CommandError } from '../verb/command-error.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command, CommandContext, CommandInput } from '../verb/run-command.js';
import { readVersion } from '../version.js';
import { listBuiltIns } from '../wire/built-ins.js';
import { createProcessServices } from '../wire/process-services.js';

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

/** Adapters for what is installed, or for a key that is set, the best known first. Only those that there are. */
const knownAdapters: readonly { readonly use: string; readonly program?: string; readonly variable?: string }[] = [
  { use: 'claude-code', program: 'claude' },
  { use: 'codex', program: 'codex' },
  { use: 'claude', variable: 'ANTHROPIC_API_KEY' },
  { use: 'openai', variable: 'OPENAI_API_KEY' },
];

/** Programs without an adapter that read a prompt on stdin and ask nothing. They need what the sandbox gives them. */
const knownRuns: Readonly<Record<string, string>> = {
  claude: 'claude -p',
  codex: 'codex exec -',
  gemini: 'gemini -p ""',
};

function offeredAgent({ agents }: Detected, environment: Environment): Agent | null {
  const adapter = knownAdapters.find(
    ({ use, program, variable }) =>
      listBuiltIns(null).includes(use) &&
      (program === undefined || agents.includes(program)) &&
      (variable === undefined || (environment[variable] ?? '') !== ''),
  );
  if (adapter !== undefined) return { use: adapter.use };
  const known = agents.find((name) => Object.hasOwn(knownRuns, name));
  const run = known === undefined ? undefined : knownRuns[known];
  return run === undefined ? null : { use: 'command', run };
}

/** What was typed: the name of an adapter, or a program. */
function typedAgent(typed: string): Agent {
  return listBuiltIns(null).includes(typed) && !['command', 'scripted'].includes(typed)
    ? { use: typed }
    : { use: 'command', run: typed };
}

function describeCheck(check: Detected['check']): string {
  if (check === null) return 'none found';
  const told = check.report === null ? 'by exit code: no report is known of it' : 'test by test';
  return `${check.run} (from ${check.from}; ${told})`;
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

  const sandbox = await createProcessServices({ ...context, state: null })
    .sandbox('best-effort')
    .measure({ signal });
  // Where a thing was found stands right behind it: a column of its own would begin behind the longest line.
  const facts: readonly (readonly [string, string])[] = [
    [
      'repository',
      detected.remote === null ? `${detected.root} (no remote origin)` : `${detected.remote} (from git remote origin)`,
    ],
    ['checks', describeCheck(detected.check)],
    ['agents', detected.agents.join(', ') || 'none found in PATH'],
    ['sandbox', renderSandbox(sandbox)],
  ];
  output.tell(`  ${output.colours.bold('Baton')} ${readVersion()}`);
  output.tell(renderTable(facts.map(([name, found]) => [`  ${name}`, escapeLine(found)])));

  const offered = offeredAgent(detected, environment);
  const asking = mayAsk && !yes;
  const shown = offered === null ? null : (offered['run'] ?? offered['use'] ?? null);
  const typed = given === null && asking ? await ask(context, 'Agent: an adapter or a program', shown) : null;
  const agent = given ?? (typed === null || typed === shown ? offered : typedAgent(typed));
  if (agent === null) {
    throw usage(
      'No agent was found: no program in PATH, no key in the environment.',
      'pass --agent-run "<program>"; it reads the prompt on stdin',
    );
  }
  const label =
    text(options['label']) ??
    (asking ? await ask(context, 'Label that hands an issue over', 'baton') : null) ??
    'baton';
  const run =
    text(options['check']) ??
    (asking ? await ask(context, 'Command that must stay green', detected.check?.run ?? null) : null) ??
    detected.check?.run ??
    null;
  // Of a command that was typed it isn't known where it leaves its tests.
  const report = run === detected.check?.run ? detected.check.report : null;
  const check = run === null ? null : { run, report };
  const remote = text(options['remote']) ?? detected.remote;
  const forge = remote === null ? null : parseForge(remote);
  const hosted = forge !== null && listBuiltIns(null).includes(forge.use) ? forge : null;
  const written = writeInitialConfig({ directory, label, agent, check, remote, hosted });
  output.tell(`  Will write  + ${file}  ${written.trimEnd().split('\n').length} lines`);
  if (asking && (await ask(context, 'Proceed? (y/N)', 'n'))?.toLowerCase().startsWith('y') !== true) {
    throw new CommandError('Nothing was written.', {
      code: 'REFUSED',
      exit: 'failure',
      fix: 'answer y, or pass --yes',
    });
  }
  if (hosted === null) await mkdir(join(directory, '.baton', 'local', 'issues'), { recursive: true });
  await writeWhole(file, written, 0o666);
  if (output.json !== null) output.printJson({ schema: 'baton.init/v1', file });
  else output.print(`✓ wrote ${file}\n  next: baton doctor --baseline      then: baton start`);
  return exitCodes.ok;
};
