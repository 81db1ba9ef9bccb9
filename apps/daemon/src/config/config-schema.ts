import type { ProtectedKindName } from '@baton/gates';
import { z } from 'zod';
import { configDefaultLimits as defaults } from './default-limits.js';
import { amount, count, described, duration, limitOfTime, pollInterval } from './schema-parts.js';

const words = z.array(z.string().trim().min(1));
/** `use`, and the settings of the adapter that it names, which that adapter checks. */
const adapter = z.looseObject({
  use: described(z.string().min(1), 'A built-in adapter, an installed package, or a file'),
});

const source = z.looseObject({
  use: described(z.string().min(1), 'A built-in adapter, an installed package, or a file'),
  labels: described(words.optional(), 'Every one must be on an issue. Default: [baton], or none beside an assignee'),
  excludeLabels: described(words.prefault(['baton:hold']), 'None may be on an issue'),
  assignee: described(z.string().min(1).nullable().default(null), 'Login that an issue must be assigned to'),
});

const forge = z.looseObject({
  use: described(
    z.string().min(1).optional(),
    "A built-in adapter, an installed package, or a file. Default: the source's, and of that one each setting that isn't given here",
  ),
  ci: described(
    z.enum(['run', 'ask']).default('run'),
    "ask: a push, which starts the host's CI with the repository's secrets, waits for a person in each round",
  ),
});

const agentRule = z.strictObject({
  labels: described(words.exactOptional(), 'Every one must be on the issue'),
  minCharacters: described(count.exactOptional(), 'Of title, body and comments together'),
  maxCharacters: described(count.exactOptional(), 'Of title, body and comments together'),
});

const agentLimits = z.strictObject({
  steps: described(count.exactOptional(), 'Model calls of one turn'),
  tokens: described(count.exactOptional(), 'Of one turn'),
  usd: described(amount.exactOptional(), 'Of one turn'),
});

const operatorInstructions = {
  text: described(z.string().trim().min(1).optional(), "Your own words, which hold as Baton's own rules do"),
  file: described(z.string().min(1).optional(), 'A text file with more of them'),
};

const repositoryFile = z.string().regex(/^(?!.*(?:^|\/)\.{0,2}(?:\/|$))/, {
  error: 'expected the path of a file from the root of the repository, such as docs/agents.md',
});

const instructions = z.strictObject({
  ...operatorInstructions,
  repository: described(
    z.array(repositoryFile).prefault(['AGENTS.md', 'CLAUDE.md', '.github/copilot-instructions.md', 'CONTRIBUTING.md']),
    'Files of its base branch that agents are told, in this order; with AGENTS.md also those of folders that the issue names',
  ),
});

const agent = z.looseObject({
  use: described(z.string().min(1), 'A built-in adapter, an installed package, or a file'),
  model: described(z.string().min(1).nullable().default(null), 'Model, where the agent has a choice'),
  when: described(agentRule.exactOptional(), 'Which issues it is for. Default: all'),
  limits: described(agentLimits.exactOptional(), "Of one of its turns, where that is less than the job's"),
  instructions: described(
    z.strictObject(operatorInstructions).prefault({}),
    'Told to this agent after those of the project',
  ),
});

const checkCommand = z.strictObject({
  name: described(z.string().min(1), 'As people are told of it; differs from the others'),
  run: described(z.string().min(1), 'Run by sh -c in the sandbox, on the base and on the result'),
  timeout: described(limitOfTime.prefault('15m'), 'After which the command counts as failed'),
  after: described(
    z.string().min(1).optional(),
    'A command above that builds what it needs: run first, anew, beside it',
  ),
  report: described(
    z.string().min(1).optional(),
    'JUnit or TAP files that the command leaves (path or glob), or tap, which it prints: test by test',
  ),
});

const verify = z.strictObject({
  commands: described(z.array(checkCommand).prefault([]), 'What has to be green, in order'),
  baseline: described(z.boolean().default(true), 'Whether the commands are run on the untouched base too'),
  flakeRetries: described(z.int().nonnegative().default(1), 'How often a red command is run again'),
  knownFailures: described(words.prefault([]), 'Names of tests that may stay red'),
  tests: described(
    words.exactOptional(),
    'Globs of files that are tests or what tests are made of. Default: by the conventions of each language',
  ),
  proof: described(
    z.union([z.enum(['report', 'required', 'off']), z.strictObject({ requiredFor: words })]).default('report'),
    "Whether a test of the change has to fail without it: report tells, required asks a person where none does, off doesn't look; requiredFor: [labels]",
  ),
});

const onProtected = z.enum(['hold', 'block', 'allow']);
const ofKind = onProtected.exactOptional();

/** Named here, because the gates are large and most verbs need none. */
const onProtectedByKind = {
  git: ofKind,
  ci: ofKind,
  owners: ofKind,
  hooks: ofKind,
  'agent-instructions': ofKind,
  editor: ofKind,
  container: ofKind,
  environment: ofKind,
  'package-manager': ofKind,
  lockfiles: ofKind,
  dependencies: ofKind,
  toolchain: ofKind,
  'test-runner': ofKind,
  lint: ofKind,
  compiler: ofKind,
  tasks: ofKind,
  build: ofKind,
  tools: ofKind,
  'check-scripts': described(ofKind, 'What a command of verify names'),
  'setup-scripts': described(ofKind, "What the workspace's setup names"),
  configured: described(ofKind, 'What protectedPaths names'),
} satisfies Readonly<Record<ProtectedKindName | 'configured', z.ZodType>>;

const change = z.strictObject({
  maxFiles: described(count.nullable().default(50), 'null: no limit'),
  maxLines: described(count.nullable().default(2000), 'null: no limit'),
  protectedPaths: described(words.prefault([]), 'Globs; added to those protected by default'),
  onProtected: described(
    z.union([onProtected, z.strictObject(onProtectedByKind)]).default('hold'),
    "What a change of one leads to: hold, block or allow, for all or by kind; a kind that isn't named holds",
  ),
});

const limits = z.strictObject({
  attempts: described(count.default(defaults.attempts), 'Fresh starts, and tries of one step in a row'),
  rounds: described(count.default(defaults.rounds), 'Passes of work and verify'),
  steps: described(count.nullable().default(defaults.steps), 'Model calls of one turn; null: no limit'),
  wallClock: described(duration.prefault(defaults.wallClock), 'Time in which the job is worked'),
  stall: described(duration.prefault(defaults.stall), 'Silence of the agent after which its turn ends'),
  tokens: described(count.nullable().default(defaults.tokens), 'null: no limit'),
  usd: described(amount.nullable().default(defaults.usd), 'null: no limit'),
});

const budget = z.strictObject({
  usdPerDay: described(amount.nullable().default(50), 'Per project and UTC day; null: no limit'),
  openPullRequests: described(count.nullable().default(5), 'Past it no job is begun; null: no limit'),
});

const trust = z.strictObject({
  permission: described(z.enum(['read', 'write', 'admin']).default('write'), 'Of whoever sets work going'),
  bots: described(
    words.prefault([]),
    'Bots that may set work going, by login or id; a login is pinned to the id that it has at the first start',
  ),
  perActorPerHour: described(
    count.nullable().default(10),
    "Of this project's jobs, how many are begun on one actor's word within an hour; null: no limit",
  ),
});

const sandbox = z.strictObject({
  mode: described(z.enum(['required', 'best-effort', 'off']).default('required'), 'required refuses to run unconfined'),
  network: described(words.prefault([]), 'Hosts that commands may reach'),
  readable: described(words.prefault([]), 'Further paths that commands may read'),
  maxMemory: described(
    count.nullable().default(null),
    "Bytes over a process tree, temporary files included; null: half of the machine's",
  ),
  maxProcesses: described(count.nullable().default(null), 'Processes and threads at once; null: 2048'),
});

const project = z.strictObject({
  name: described(
    z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, { error: 'expected letters, digits, dots, dashes and underscores' }),
    'Stored jobs are found by it',
  ),
  source: described(source, 'Where issues come from'),
  forge: described(forge.optional(), "Where work is handed in. Default: the source's"),
  workspace: described(adapter.prefault({ use: 'git-worktree' }), 'Where agents work'),
  agents: described(z.array(agent).min(1), 'The first is tried first; the next on failure or usage limit'),
  instructions: described(instructions.prefault({}), 'What agents are told beside the issue'),
  prompt: described(
    z.string().min(1).nullable().default(null),
    "A Liquid file in the place of Baton's own prompt of each turn",
  ),
  gates: described(z.array(adapter).prefault([]), "Gates of adapter packages, after Baton's own"),
  verify: verify.prefault({}),
  change: change.prefault({}),
  limits: limits.prefault({}),
  budget: budget.prefault({}),
  trust: trust.prefault({}),
  pullRequest: z
    .strictObject({
      draft: described(z.boolean().default(true), 'Whether it is opened as a draft'),
      labels: described(words.prefault(['baton']), 'Set on it'),
      title: described(
        z.string().min(1).exactOptional(),
        'A Liquid template of titles, such as "[{{ key }}] {{ title }}". Default: the title as it is',
      ),
      append: described(
        z.string().min(1).exactOptional(),
        'A Liquid template of what stands at the end of its text, such as "Changelog: {{ title }}"',
      ),
      signOff: described(z.boolean().default(false), 'Whether commits are signed off (Signed-off-by) by commit.author'),
      template: described(
        repositoryFile.nullable().exactOptional(),
        'The template of the repository that is filled in; null: none. Default: the one that the host takes',
      ),
    })
    .prefault({}),
  sandbox: sandbox.prefault({}),
  concurrency: described(
    count.nullable().default(null),
    "This project's jobs at once, over all daemons; null: no limit of its own",
  ),
});

/** What git takes as it stands: it drops angle brackets, and ends an ident at a line's end. */
const identPart = z
  .string()
  .trim()
  .regex(/^[^<>\p{Cc}]+$/u, 'git would take less of it');
const commitAuthor = z.strictObject({
  name: described(identPart.default('Baton'), 'One line, without < and >'),
  email: described(
    identPart.regex(/^[^\s@]+@[^\s@]+$/, 'no e-mail address').default('baton@localhost'),
    'An e-mail address: of the account that a signing key belongs to, where hosts verify it',
  ),
});

const price = z.strictObject({
  input: described(z.number().nonnegative(), 'US dollars per million tokens'),
  output: described(z.number().nonnegative(), 'US dollars per million tokens'),
  cached: described(z.number().nonnegative().optional(), 'The same, of input that was cached. Default: input'),
});

/** The configuration file. Internal: `Config` is what the rest of the daemon sees. */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  version: described(z.literal(1), 'Of this format'),
  state: described(z.string().min(1).optional(), 'Database, vaults, worktrees. Default: $XDG_STATE_HOME/baton'),
  store: described(adapter.prefault({ use: 'sqlite' }), 'Where jobs are remembered'),
  pollInterval: described(pollInterval.prefault('30s'), 'Per project, at least 100ms; jittered'),
  concurrency: described(count.default(3), 'Jobs that this daemon works at once, over all projects'),
  totalConcurrency: described(
    count.nullable().default(null),
    'Jobs at once over all daemons on the store, each of which needs to say so; null: no limit beside that of each',
  ),
  minFreeDisk: described(
    count.nullable().default(1024 ** 3),
    'Bytes that stay free on the disk of the state: with less no work begins, and the job that wrote most ends; null: nobody looks',
  ),
  projects: described(z.array(project).min(1), 'Each a source, a forge and the rules between them'),
  commit: z
    .strictObject({ author: described(commitAuthor.prefault({}), 'Author and committer of what is handed in') })
    .prefault({}),
  prices: described(z.record(z.string(), price).prefault({}), 'US dollars per million tokens, by model'),
});

/** What the schema makes of a file. */
export type ParsedConfig = z.infer<typeof configSchema>;
