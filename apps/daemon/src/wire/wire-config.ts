import { join, relative } from 'node:path';
import { resolvePath } from '@baton/adapter-kit';
import { BatonError, type JobStore, type WorkspaceProvider } from '@baton/core';
import type { Project } from '@baton/engine';
import type { AdapterChoice, Config, SandboxMode } from '../config/config.js';
import { type ConfigProblem, configInvalid } from '../config/config-problem.js';
import { findCheckout } from '../config/find-checkout.js';
import { problemAt } from '../config/problem-at.js';
import { type ConnectorRequest, createConnector } from './connect-adapter.js';
import { type ProjectWiring, wireProject } from './wire-project.js';
import type { World } from './world.js';

function host(config: Pick<Config, 'directory' | 'prices'>, mode: SandboxMode, world: World): ConnectorRequest['host'] {
  return {
    runtime: world.runtime,
    sandbox: world.sandbox(mode),
    configDirectory: config.directory,
    environment: (name) => world.environment[name]?.trim() || null,
    secret: (name) => world.secrets.read(name),
    mask: (text) => world.secrets.mask(text),
    price: (model) => config.prices[model] ?? null,
    log: world.log,
  };
}

/** The store that the file names. Opens nothing yet. `CONFIG_INVALID` where it can't be wired. */
export async function wireStore(
  config: Pick<Config, 'directory' | 'document' | 'state' | 'store' | 'prices'>,
  world: World,
  cwd: string,
): Promise<JobStore> {
  const problems: ConfigProblem[] = [];
  const connector = createConnector({
    document: config.document,
    state: config.state,
    host: host(config, 'best-effort', world),
    shared: world.shared,
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

/**
 * The workspace providers of some projects, each once: what two projects name alike keeps its work in one place. Wired
 * without the rest of a project, which may need secrets or a network that kept work doesn't. `CONFIG_INVALID` where one
 * can't be wired.
 */
export async function wireWorkspaces(
  config: Pick<Config, 'directory' | 'document' | 'state' | 'prices'>,
  projects: readonly WorkspaceChoice[],
  world: World,
  cwd: string,
): Promise<readonly WorkspaceProvider[]> {
  const problems: ConfigProblem[] = [];
  const wired: WorkspaceProvider[] = [];
  const names = new Map<string, string>();
  for (const [first] of Map.groupBy(projects, ({ workspace }) => workspace.use).values()) {
    if (first === undefined) continue;
    const { document, state } = config;
    const own = { host: host(config, first.sandbox.mode, world), shared: world.shared };
    const connector = createConnector({ document, state, ...own, names, problems });
    const provider = await connector.connect(first.workspace, 'workspaces');
    if (provider !== null) wired.push(provider);
  }
  if (problems.length > 0) throw configInvalid(problems, cwd);
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

/** Every project of the file. `CONFIG_INVALID` with everything in it that can't be wired. */
export async function wireProjects(config: Config, world: World, cwd: string): Promise<readonly Project[]> {
  const problems: ConfigProblem[] = [];
  const projects: Project[] = [];
  const names = new Map<string, string>();
  const controls = controlsInCheckout(config);
  for (const project of config.projects) {
    const connector = createConnector({
      document: config.document,
      state: config.state,
      host: host(config, project.sandbox.mode, world),
      shared: world.shared,
      names,
      problems,
    });
    const complain: ProjectWiring['complain'] = (path, told) => problems.push(problemAt(config.document, path, told));
    const wired = await wireProject(project, { connector, world, controls, complain });
    if (wired !== null) projects.push(wired);
  }
  if (problems.length > 0) throw configInvalid(problems, cwd);
  if (projects.length !== config.projects.length) {
    throw new BatonError('INTERNAL', 'A project could not be wired, and nothing says why.', { details: {} });
  }
  return projects;
}
