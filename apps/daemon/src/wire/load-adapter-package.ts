import { readFile, stat } from 'node:fs/promises';
import { createRequire, findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AdapterPackage, type AdapterRole, adapterRoles } from '@baton/adapter-kit';
import { BatonError, messageOf } from '@baton/core';
import { closest } from '../config/closest.js';
import { adapterPath } from '../config/resolve-path.js';
import { builtIns, listBuiltIns } from './built-ins.js';

/** What `use` names can't be used. */
export function unusable(message: string, fix: string): BatonError<'CONFIG_INVALID'> {
  return new BatonError('CONFIG_INVALID', message, { details: { setting: 'use' }, fix });
}

async function readExports(manifestFile: string): Promise<string | null> {
  try {
    const manifest: unknown = JSON.parse(await readFile(manifestFile, 'utf8'));
    return entryOf(typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'exports') : null);
  } catch {
    return null;
  }
}

/** A file that `use` names by its path. */
async function checkFile(use: string, path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw unusable(`there is no file ${path}`, 'mend the path: it counts from the folder of the configuration file');
  }
  if (found.isFile()) return path;
  const entry = await readExports(join(path, 'package.json'));
  const inside = `${use.replace(/\/$/, '')}/${entry === null ? 'adapter.js' : entry.replace(/^\.\//, '')}`;
  throw unusable(
    `${use} is a folder, and use takes a file or the name of an installed package`,
    entry === null
      ? `name the file in it whose default export is made by defineAdapter, such as ${inside}`
      : `name its file: ${inside}`,
  );
}

/** The entry of an adapter, as seen from the configuration's directory, or null where no package is called so. */
async function resolveEntry(use: string, directory: string): Promise<string | null> {
  const path = adapterPath(use, directory);
  if (path !== null) return checkFile(use, path);
  const base = pathToFileURL(join(directory, 'baton.config.js'));
  try {
    return createRequire(base).resolve(use);
  } catch {
    // A package whose `exports` name `import` alone can't be found by `require`.
  }
  try {
    const manifestFile = findPackageJSON(use, base);
    if (manifestFile === undefined) return null;
    const entry = await readExports(manifestFile);
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

/** No package is called so, and nothing that comes with Baton. `role`: what is looked for; null: any. */
function unknownAdapter(use: string, role: AdapterRole | null): BatonError<'CONFIG_INVALID'> {
  const known = listBuiltIns(role);
  const meant = closest(use, known);
  const said = `no adapter is called ${JSON.stringify(use)}`;
  if (meant !== null) return unusable(`${said}; did you mean ${meant}?`, `write ${meant}`);
  if (use.startsWith('~')) {
    return unusable(`${said}, and ~ stands for no home directory here`, 'write the path out, from / or from ./');
  }
  const others = 'install the package beside the configuration file, or name a file by a path that begins with ./';
  return unusable(said, known.length === 0 ? others : `use ${known.join(', ')}; or ${others}`);
}

function fixOfLoading(reason: string, file: string | null): string {
  if (file === null) return 'mend or reinstall the package';
  const [, missing] = /^Cannot find package '([^']+)'/.exec(reason) ?? [];
  return missing === undefined ? 'mend the file' : `install ${missing} beside the file`;
}

/**
 * The adapter package that `use` names, looked for in a role; null: in any. `CONFIG_INVALID` with the setting `use`
 * where there is none.
 */
export async function loadAdapterPackage(
  use: string,
  directory: string,
  role: AdapterRole | null = null,
): Promise<AdapterPackage> {
  const builtIn = Object.hasOwn(builtIns, use) ? builtIns[use] : undefined;
  if (builtIn !== undefined) return builtIn.load();
  const entry = await resolveEntry(use, directory);
  if (entry === null) throw unknownAdapter(use, role);
  let module: unknown;
  try {
    module = await import(pathToFileURL(entry).href);
  } catch (error) {
    const reason = messageOf(error);
    throw unusable(`the adapter ${use} can't be loaded: ${reason}`, fixOfLoading(reason, adapterPath(use, directory)));
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
