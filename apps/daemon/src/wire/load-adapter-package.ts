import { readFile } from 'node:fs/promises';
import { createRequire, findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AdapterPackage, adapterRoles } from '@baton/adapter-kit';
import { BatonError } from '@baton/core';
import { closest } from '../config/closest.js';
import { adapterPath } from '../config/resolve-path.js';

/** What comes with the daemon, by the name that `use` takes. Each is loaded when a file names it. */
const builtIns: Readonly<Record<string, () => Promise<AdapterPackage>>> = {
  github: async () => (await import('@baton/github')).default,
  gitlab: async () => (await import('@baton/gitlab')).default,
  local: async () => (await import('@baton/local')).default,
  'git-worktree': async () => (await import('@baton/git-worktree')).default,
  sqlite: async () => (await import('@baton/sqlite')).default,
  command: async () => (await import('@baton/command-agent')).commandAgentPackage,
  claude: async () => (await import('@baton/claude')).claudePackage,
  'claude-code': async () => (await import('@baton/claude')).claudeCodePackage,
  openai: async () => (await import('@baton/openai')).openaiPackage,
  codex: async () => (await import('@baton/openai')).codexPackage,
  acp: async () => (await import('@baton/acp')).acpPackage,
  scripted: async () => (await import('@baton/command-agent')).scriptedAgentPackage,
};

/** The names that `use` takes without installing anything. */
export const builtInNames: readonly string[] = Object.keys(builtIns).toSorted();

/** What `use` names can't be used. */
export function unusable(message: string, fix: string): BatonError<'CONFIG_INVALID'> {
  return new BatonError('CONFIG_INVALID', message, { details: { setting: 'use' }, fix });
}

/** The entry of an installed package, as seen from the configuration's directory, or null where it isn't there. */
async function resolveEntry(use: string, directory: string): Promise<string | null> {
  const path = adapterPath(use, directory);
  if (path !== null) return path;
  const base = pathToFileURL(join(directory, 'baton.config.js'));
  try {
    return createRequire(base).resolve(use);
  } catch {
    // A package whose `exports` name `import` alone can't be found by `require`.
  }
  try {
    const manifestFile = findPackageJSON(use, base);
    if (manifestFile === undefined) return null;
    const manifest: unknown = JSON.parse(await readFile(manifestFile, 'utf8'));
    const entry = entryOf(typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'exports') : null);
    return entry === null ? null : join(dirname(manifestFile), entry);
  } catch {
    return null;
  }
}

function entryOf(exported: unknown): string | null {
  if (typeof exported === 'string') return exported;
  if (typeof exported !== 'object' || exported === null) return null;
  const found = ['.', 'import', 'node', 'default']
    .map((key) => Reflect.get(exported, key))
    .find((value) => value !== undefined);
  return found === undefined ? null : entryOf(found);
}

function isAdapterPackage(value: object): value is AdapterPackage {
  const id: unknown = Reflect.get(value, 'id');
  const settings: unknown = Reflect.get(value, 'settings');
  const isSchema = (typeof settings === 'object' || typeof settings === 'function') && settings !== null;
  return (
    typeof id === 'string' &&
    isSchema &&
    '~standard' in settings &&
    adapterRoles.some((role) => typeof Reflect.get(value, role) === 'function')
  );
}

/** The adapter package that `use` names. `CONFIG_INVALID` with the setting `use` where there is none. */
export async function loadAdapterPackage(use: string, directory: string): Promise<AdapterPackage> {
  const builtIn = Object.hasOwn(builtIns, use) ? builtIns[use] : undefined;
  if (builtIn !== undefined) return builtIn();
  const entry = await resolveEntry(use, directory);
  if (entry === null) {
    const meant = closest(use, builtInNames);
    const hint = meant === null ? '' : `; did you mean ${meant}?`;
    throw unusable(
      `no adapter is called ${JSON.stringify(use)}${hint}`,
      `use one of ${builtInNames.join(', ')}, or install the package beside the configuration file`,
    );
  }
  let module: unknown;
  try {
    module = await import(pathToFileURL(entry).href);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw unusable(`the adapter package ${use} can't be loaded: ${reason}`, 'mend or reinstall the package');
  }
  const exported = typeof module === 'object' && module !== null && 'default' in module ? module.default : null;
  if (typeof exported !== 'object' || exported === null) {
    throw unusable(
      `the package ${use} is no Baton adapter: it has no default export that is one`,
      'name a package whose default export is made by defineAdapter of @baton/adapter-kit',
    );
  }
  if (isAdapterPackage(exported)) return exported;
  if ('connect' in exported) {
    throw unusable(
      `the package ${use} was made for an earlier Baton: it connects by itself`,
      'install a version of it whose default export is made by defineAdapter of @baton/adapter-kit',
    );
  }
  throw unusable(
    `the package ${use} is no Baton adapter: its default export lacks an id, settings or a role`,
    'name a package whose default export is made by defineAdapter of @baton/adapter-kit',
  );
}
