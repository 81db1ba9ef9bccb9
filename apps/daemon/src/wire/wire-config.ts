import { join, relative } from 'node:path';
import { resolvePath } from '@baton/adapter-kit';
import { BatonError, type JobStore, type WorkspaceProvider } from '@baton/core';
import type { Project } from '@baton/engine';
import type { AdapterChoice, BrokenProject, Config, SandboxMode } from '../config/config.js';
import { type Complain, type ConfigProblem, configInvalid } from '../config/config-problem.js';
import { findCheckout } from '../config/find-checkout.js';
import { problemAt } from '../config/problem-at.js';
import { type ConnectorRequest, createConnector } from './connect-adapter.js';
import type { ProcessServices } from './process-services.js';
import { wireProject } from './wire-project.js';

function host(
  config: Pick<Config, 'directory' | 'prices'>,
  mode: SandboxMode,
  services: ProcessServices,
): ConnectorRequest['host'] {
  return {
    runtime: services.runtime,
    sandbox: services.sandbox(mode),
    configDirectory: config.directory,
    environment: (name) => services.environment[name]?.trim() || null,
    secret: (name) => services.secrets.read(name),
    mask: (text) => services.secrets.mask(text),
    price: (model) => config.prices[model] ?? null,
    log: services.log,
  };
}

/** The store that the file names. Opens nothing yet. `CONFIG_INVALID` where it can't be wired. */
export async function wireStore(
  config: Pick<Config, 'directory' | 'document' | 'state' | 'store' | 'prices'>,
  services: ProcessServices,
  cwd: string,
): Promise<JobStore> {
  const problems: ConfigProblem[] = [];
  const connector = createConnector({
    document: config.document,
    state: config.state,
    host: host(config, 'best-effort', services),
    shared: services.shared,
    names: new Map(),
    problems,
  });
  const store = await connector.connect(config.store, 'store');
  if (store === null) throw configInvalid(problems, cwd);
  return store;
}

/** What a project says of its workspace provider, and of the sandbox that this is given. */
export interface WorkspaceChoice {
  readonly workspace: AdapterChoice;
  readonly sandbox: { readonly mode: SandboxMode };
}

/** Workspace providers, and by its `use` what is wrong with each that can't be wired. */
export interface HealthyWorkspaces {
  readonly wired: readonly WorkspaceProvider[];
  readonly broken: ReadonlyMap<string, readonly ConfigProblem[]>;
}

/**
 * The workspace providers of some projects, each once: what two projects name alike keeps its work in one place. Wired
 * without the rest of a project, which may need secrets or a network that kept work doesn't; by the word of the first
 * that it can be wired by.
 */
export async function wireHealthyWorkspaces(
  config: Pick<Config, 'directory' | 'document' | 'state' | 'prices'>,
  projects: readonly WorkspaceChoice[],
  services: ProcessServices,
): Promise<HealthyWorkspaces> {
  const { document, state } = config;
  const wired: WorkspaceProvider[] = [];
  const broken = new Map<string, readonly ConfigProblem[]>();
  const names = new Map<string, string>();
  for (const [use, members] of Map.groupBy(projects, ({ workspace }) => workspace.use)) {
    const problems: ConfigProblem[] = [];
    let provider: WorkspaceProvider | null = null;
    for (const { workspace, sandbox } of members) {
      const own = { host: host(config, sandbox.mode, services), shared: services.shared };
      const connector = createConnector({ document, state, ...own, names, problems });
      provider ??= await connector.connect(workspace, 'workspaces');
    }
    if (provider === null) broken.set(use, problems);
    else wired.push(provider);
  }
  return { wired, broken };
}

/** The same, where each has to be there. `CONFIG_INVALID` where one can't be wired. */
export async function wireWorkspaces(
  config: Pick<Config, 'directory' | 'document' | 'state' | 'prices'>,
  projects: readonly WorkspaceChoice[],
  services: ProcessServices,
  cwd: string,
): Promise<readonly WorkspaceProvider[]> {
  const { wired, broken } = await wireHealthyWorkspaces(config, projects, services);
  if (broken.size > 0) throw configInvalid([...broken.values()].flat(), cwd);
  return wired;
}

/**
 * What only people may change, as paths in the checkout that each lies in; none of what lies in none: the files that
 * decide what runs on this machine, and folders of issues, which say who may set work going.
 */
function controlsInCheckout({ controls, directory, projects }: Config): readonly string[] {
  const folders = projects.flatMap(({ source, forge }) => foldersOf(source, forge, directory));
  return [...new Set([...controls, ...folders])].flatMap((path) => {
    const checkout = findCheckout(path);
    return checkout === null ? [] : relative(checkout, path);
  });
}

/** Where issues and pull requests are files. What the forge doesn't say of its folder, its source does. */
function foldersOf(source: AdapterChoice, forge: AdapterChoice, directory: string): readonly string[] {
  const merged = source.use === forge.use ? { ...source.settings, ...forge.settings } : forge.settings;
  const choices = [source, { ...forge, settings: merged }].filter(({ use }) => use === 'local');
  return choices.flatMap(({ settings: { path = '.baton/local' } }) => {
    if (typeof path !== 'string') return [];
    const folder = resolvePath(path, directory);
    // Of a whole checkout only what stands there for Baton.
    return findCheckout(folder) === folder ? trackerNames.map((name) => join(folder, name)) : [folder];
  });
}

const trackerNames = ['issues', 'pulls', 'people.yaml'];

/** The projects of the file that can be wired, and those that can't. */
export async function wireHealthyProjects(
  config: Config,
  services: ProcessServices,
  cwd: string,
): Promise<{ readonly wired: readonly Project[]; readonly broken: readonly BrokenProject[] }> {
  const wired: Project[] = [];
  const broken: BrokenProject[] = [];
  const each = await wireEach(config, services);
  for (const { name, project, problems } of each) {
    if (project === null || problems.length > 0) broken.push({ name, problem: configInvalid(problems, cwd) });
    else wired.push(project);
  }
  return { wired, broken };
}

/** Every project of the file. `CONFIG_INVALID` with everything in it that can't be wired. */
export async function wireProjects(
  config: Config,
  services: ProcessServices,
  cwd: string,
): Promise<readonly Project[]> {
  const each = await wireEach(config, services);
  const problems = each.flatMap((one) => one.problems);
  if (problems.length > 0) throw configInvalid(problems, cwd);
  return each.flatMap(({ project }) => project ?? []);
}

async function wireEach(config: Config, services: ProcessServices) {
  const names = new Map<string, string>();
  const controls = controlsInCheckout(config);
  const each: { readonly name: string; readonly project: Project | null; readonly problems: ConfigProblem[] }[] = [];
  for (const project of config.projects) {
    const problems: ConfigProblem[] = [];
    const connector = createConnector({
      document: config.document,
      state: config.state,
      host: host(config, project.sandbox.mode, services),
      shared: services.shared,
      names,
      problems,
    });
    const complain: Complain = (path, told) => problems.push(problemAt(config.document, path, told));
    const wired = await wireProject(project, { connector, services, controls, complain });
    if (wired === null && problems.length === 0) {
      throw new BatonError('INTERNAL', 'A project could not be wired, and nothing says why.', { details: {} });
    }
    each.push({ name: project.name, project: wired, problems });
  }
  return each;
}
