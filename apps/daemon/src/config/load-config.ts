import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../load-environment.js';
import type { Config } from './config.js';
import { documentOfValue, readConfigDocument } from './config-document.js';
import { configInvalid } from './config-problem.js';
import { resolveConfig } from './resolve-config.js';

/** Where to load from, and against what. */
export interface LoadConfigRequest {
  /** Absolute. */
  readonly file: string;
  readonly environment: Environment;
  /** File names in messages are relative to it. */
  readonly cwd: string;
}

const unreadable: Readonly<Record<string, { readonly message: string; readonly fix: string }>> = {
  ENOENT: { message: 'there is no such file', fix: 'run baton init to write one, or name another with -c FILE' },
  EISDIR: { message: 'is a directory, not a file', fix: 'name the file in it with -c FILE' },
  EACCES: { message: 'may not be read by this account', fix: 'give this account the right to read it' },
};

async function readText({ file, cwd }: LoadConfigRequest): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const known = unreadable[code] ?? { message: `can't be read (${code})`, fix: 'look at the file and its directory' };
    throw configInvalid([{ file, line: null, column: null, path: '', ...known }], cwd);
  }
}

/** What a `.ts` file exports as its default. Read anew each time that its text changed. */
async function importValue(request: LoadConfigRequest, version: string): Promise<unknown> {
  const { file, cwd } = request;
  const problem = (message: string, fix: string) =>
    configInvalid([{ file, line: null, column: null, path: '', message, fix }], cwd);
  const url = pathToFileURL(file);
  url.searchParams.set('version', version);
  let module: unknown;
  try {
    module = await import(url.href);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw problem(`can't be imported: ${reason}`, 'mend the file; Node takes TypeScript whose types can be stripped');
  }
  const value = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  if (typeof value === 'object' && value !== null) return value;
  throw problem('has no default export that holds the configuration', 'write: export default { version: 1, … }');
}

/** Reads and checks a configuration file. Every way it can be wrong is one `CONFIG_INVALID`. */
export async function loadConfig(request: LoadConfigRequest): Promise<Config> {
  const { file, environment, cwd } = request;
  const text = await readText(request);
  if (/\.[cm]?[jt]s$/.test(file)) {
    const { createHash } = await import('node:crypto');
    const version = createHash('sha256').update(text).digest('hex').slice(0, 16);
    return resolveConfig(documentOfValue(file, await importValue(request, version)), [], environment, cwd);
  }
  const { document, problems } = readConfigDocument(file, text, environment);
  if (document === null) throw configInvalid(problems, cwd);
  return resolveConfig(document, problems, environment, cwd);
}
