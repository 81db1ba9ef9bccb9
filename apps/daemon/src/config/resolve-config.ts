import { dirname } from 'node:path';
import type { AdapterSettings, JsonValue } from '@baton/core';
import type { Environment } from '../environment/load-environment.js';
import { checkMeaning } from './checks/check-meaning.js';
import type {
  AdapterChoice,
  BrokenProject,
  Config,
  OperatorInstructions,
  ProjectAgentChoice,
  ProjectConfig,
} from './config.js';
import type { ConfigDocument } from './config-document.js';
import { type ConfigProblem, configInvalid, formatKeyPath, type KeyPath, splitProblems } from './config-problem.js';
import { configSchema, type ParsedConfig } from './config-schema.js';
import { describeIssues } from './describe-issues.js';
import { configJsonSchema } from './json-schema.js';
import { adapterPath, defaultState, resolvePathIn } from './resolve-path.js';

type ParsedProject = ParsedConfig['projects'][number];

const micro = (usd: number | null): number | null => (usd === null ? null : Math.round(usd * 1_000_000));

/** Settings came out of YAML, JSON or a plain object: whatever isn't JSON is turned into it here. */
function choice(
  parsed: { readonly use: string; readonly [key: string]: unknown },
  path: KeyPath,
  taken: readonly string[] = [],
) {
  const beside = Object.entries(parsed).filter(([key]) => key !== 'use' && !taken.includes(key));
  const settings = JSON.parse(JSON.stringify(Object.fromEntries(beside))) as Readonly<Record<string, JsonValue>>;
  return { use: parsed.use, settings: settings satisfies AdapterSettings, path };
}

const queryKeys = ['labels', 'excludeLabels', 'assignee'];

type ParsedAgent = ParsedProject['agents'][number];

function resolveAgentLimits({ usd, ...counted }: NonNullable<ParsedAgent['limits']>) {
  return { ...counted, ...(usd === undefined ? {} : { microUsd: micro(usd) }) };
}

function resolveInstructions(
  { text, file }: ParsedAgent['instructions'],
  resolveFrom: (path: string) => string,
): OperatorInstructions {
  return { text: text ?? null, file: file === undefined ? null : resolveFrom(file) };
}

/** Files that decide what agents are told. */
function promptFiles({ instructions, prompt, agents }: ProjectConfig): readonly string[] {
  return [instructions.file, prompt, ...agents.map((agent) => agent.instructions.file)].filter((file) => file !== null);
}

/** What isn't said of the forge is the source's: what it `use`s here, and settings of the same adapter where the two are connected. */
function resolveForge({ forge }: ParsedProject, path: KeyPath, source: AdapterChoice): AdapterChoice {
  if (forge === undefined) return source;
  return choice({ ...forge, use: forge.use ?? source.use }, [...path, 'forge'], ['ci']);
}

function resolveProject(parsed: ParsedProject, path: KeyPath, resolveFrom: (path: string) => string): ProjectConfig {
  const source: AdapterChoice = choice(parsed.source, [...path, 'source'], queryKeys);
  const agents = parsed.agents.map((agent, index): ProjectAgentChoice => {
    const taken = ['when', 'limits', 'instructions', ...(agent.model === null ? ['model'] : [])];
    return {
      ...choice(agent, [...path, 'agents', index], taken),
      model: agent.model,
      ...(agent.when && { when: agent.when }),
      ...(agent.limits && { limits: resolveAgentLimits(agent.limits) }),
      instructions: resolveInstructions(agent.instructions, resolveFrom),
    };
  });
  const [first, ...rest] = agents;
  if (first === undefined) throw new Error('The schema lets no project without agents pass.');
  const { limits, budget, sandbox, verify } = parsed;
  return {
    name: parsed.name,
    source,
    query: {
      labels: parsed.source.labels ?? (parsed.source.assignee === null ? ['baton'] : []),
      excludeLabels: parsed.source.excludeLabels,
      assignee: parsed.source.assignee,
    },
    forge: resolveForge(parsed, path, source),
    ci: parsed.forge?.ci ?? 'run',
    workspace: choice(parsed.workspace, [...path, 'workspace']),
    agents: [first, ...rest],
    instructions: {
      ...resolveInstructions(parsed.instructions, resolveFrom),
      repository: parsed.instructions.repository,
    },
    prompt: parsed.prompt === null ? null : resolveFrom(parsed.prompt),
    gates: parsed.gates.map((gate, index) => choice(gate, [...path, 'gates', index])),
    verify: {
      ...verify,
      commands: verify.commands.map(({ name, run, timeout, after, report }) => ({
        name,
        run,
        timeoutMs: timeout,
        after: after ?? null,
        report: report ?? null,
      })),
    },
    change: parsed.change,
    limits: {
      attempts: limits.attempts,
      rounds: limits.rounds,
      steps: limits.steps,
      wallClockMs: limits.wallClock,
      stallMs: limits.stall,
      tokens: limits.tokens,
      microUsd: micro(limits.usd),
    },
    budget: { microUsdPerDay: micro(budget.usdPerDay), openPullRequests: budget.openPullRequests },
    trust: parsed.trust,
    pullRequest: parsed.pullRequest,
    sandbox: {
      mode: sandbox.mode,
      network: sandbox.network,
      readable: sandbox.readable.map(resolveFrom),
      maxMemoryBytes: sandbox.maxMemory,
      maxProcesses: sandbox.maxProcesses,
    },
    concurrency: parsed.concurrency,
  };
}

/** Everything that is wrong with a document, in the order of the file; and what it says where its schema holds. */
function checkDocument(document: ConfigDocument, earlier: readonly ConfigProblem[]) {
  // For what is read once, writing and compiling a faster parser takes longer than it saves.
  const result = configSchema.safeParse(document.value, { jitless: true });
  const problems = result.success
    ? checkMeaning(result.data, document, result.data.projects.keys().toArray())
    : describeIssues(result.error.issues, { schema: configJsonSchema(), document, root: [] });
  const places = new Set(earlier.map((problem) => problem.path));
  const all = [...earlier, ...problems.filter((problem) => !places.has(problem.path))];
  return { parsed: result.success ? result.data : null, problems: inOrder(all) };
}

function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return problems.toSorted(
    (left, right) => (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0),
  );
}

/** What a file says where some of its projects are left out. */
interface Remainder {
  readonly parsed: ParsedConfig;
  /** Where each of its projects stands in the file. */
  readonly indexes: readonly number[];
  readonly broken: readonly BrokenProject[];
}

/** The rest of a document without the projects that are not in order; null where more is wrong than they. */
function leaveOut(document: ConfigDocument, problems: readonly ConfigProblem[], cwd: string): Remainder | null {
  const { value } = document;
  if (typeof value !== 'object' || value === null || !('projects' in value) || !Array.isArray(value.projects))
    return null;
  const all: readonly unknown[] = value.projects;
  const without = (left: ReadonlyMap<number, unknown>) => [...all.keys()].filter((index) => !left.has(index));
  const told = splitProblems(problems, all.length);
  if (told === null) return null;
  const kept = without(told);
  const result = configSchema.safeParse({ ...value, projects: kept.map((index) => all[index]) }, { jitless: true });
  if (!result.success) return null;
  // Where a schema doesn't hold, nobody has looked at more yet.
  const every = [...problems, ...checkMeaning(result.data, document, kept)];
  const left = splitProblems(every, all.length);
  if (left === null) return null;
  const projects = result.data.projects.filter((_, index) => !left.has(kept[index] ?? -1));
  const broken = [...left].map(([index, own]): BrokenProject => {
    const project = all[index];
    const named = typeof project === 'object' && project !== null && 'name' in project ? project.name : null;
    const name = typeof named === 'string' ? named : formatKeyPath(['projects', index]);
    return { name, problem: configInvalid(inOrder(own), cwd) };
  });
  return { parsed: { ...result.data, projects }, indexes: without(left), broken };
}

/**
 * Checks a document whole, and fills in the defaults. Throws `CONFIG_INVALID` with every problem found. `take`: of
 * `healthy`, projects that are not in order are left out, where there are others and all else is; they are `broken`.
 */
export function resolveConfig(
  document: ConfigDocument,
  earlier: readonly ConfigProblem[],
  environment: Environment,
  cwd: string,
  take: 'all' | 'healthy' = 'all',
): Config {
  const { parsed: whole, problems } = checkDocument(document, earlier);
  const remainder =
    whole !== null && problems.length === 0
      ? { parsed: whole, indexes: [...whole.projects.keys()], broken: [] }
      : take === 'all'
        ? null
        : leaveOut(document, problems, cwd);
  if (remainder === null) throw configInvalid(problems, cwd);
  const { parsed, indexes, broken } = remainder;
  const directory = dirname(document.file);
  const resolveFrom = (path: string): string => resolvePathIn(path, directory, environment);
  const projects = parsed.projects.map((project, index) =>
    resolveProject(project, ['projects', indexes[index] ?? index], resolveFrom),
  );
  const [first, ...rest] = projects;
  if (first === undefined) throw new Error('The schema lets no file without projects pass.');
  const state = parsed.state === undefined ? defaultState(environment) : resolveFrom(parsed.state);
  const store = choice(parsed.store, ['store']);
  const adapters = [
    store,
    ...projects.flatMap(({ source, forge, workspace, agents, gates }) => [
      source,
      forge,
      workspace,
      ...agents,
      ...gates,
    ]),
  ];
  const named = adapters.flatMap(({ use }) => adapterPath(use, directory) ?? []);
  return {
    file: document.file,
    directory,
    controls: [...new Set([document.file, ...named, ...projects.flatMap(promptFiles)])],
    state,
    store,
    pollIntervalMs: parsed.pollInterval,
    concurrency: parsed.concurrency,
    totalConcurrency: parsed.totalConcurrency,
    minFreeDisk: parsed.minFreeDisk,
    commit: parsed.commit,
    projects: [first, ...rest],
    broken,
    prices: Object.fromEntries(
      Object.entries(parsed.prices).map(([model, { input, output, cached }]) => [
        model,
        { input, output, cachedInput: cached ?? null },
      ]),
    ),
    effective: { ...parsed, state },
    document,
  };
}
