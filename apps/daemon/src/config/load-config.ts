import { pathToFileURL } from 'node:url';
import { messageOf } from '@baton/core';
import type { Environment } from '../environment/load-environment.js';
import { acceptFile, type ControlFile, judgeOrigin, rememberFile } from './accepted-files.js';
import type { Config } from './config.js';
import { documentOfValue, readConfigDocument } from './config-document.js';
import { configInvalid } from './config-problem.js';
import { readRegularFile } from './read-regular-file.js';
import { resolveConfig } from './resolve-config.js';

/** Where to load from, and against what. */
export interface LoadConfigRequest {
  /** Absolute. */
  readonly file: string;
  readonly environment: Environment;
  /** File names in messages are relative to it. */
  readonly cwd: string;
  /**
   * What is done where a commit of Baton's own has touched the file, or an adapter that it names by path: refused
   * until a person accepts that; `remember`, the same, and what may be used is noted as used; `accept`, accepted.
   * Default: `refuse`, which writes nothing.
   */
  readonly origin?: 'refuse' | 'remember' | 'accept';
  /** `healthy`: projects that are not in order are left out, where others are. Default: `all`, or none. */
  readonly take?: 'all' | 'healthy';
}

const unreadable: Readonly<Record<string, { readonly message: string; readonly fix: string }>> = {
  ENOENT: { message: 'there is no such file', fix: 'run baton init to write one, or name another with -c FILE' },
  EISDIR: { message: 'is a directory, not a file', fix: 'name the file in it with -c FILE' },
  ENOTREG: { message: 'is a pipe or a device, not a file', fix: 'write the configuration into a file' },
  EFBIG: { message: 'is longer than 4 MiB', fix: 'look whether it is the file that you mean' },
  EACCES: { message: 'may not be read by this account', fix: 'give this account the right to read it' },
};

async function readText({ file, cwd }: LoadConfigRequest): Promise<string> {
  try {
    return await readRegularFile(file);
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
    const reason = messageOf(error);
    throw problem(`can't be imported: ${reason}`, 'mend the file; Node takes TypeScript whose types can be stripped');
  }
  const value = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  if (typeof value === 'object' && value !== null) return value;
  throw problem('has no default export that holds the configuration', 'write: export default { version: 1, … }');
}

async function checkOrigin(files: readonly ControlFile[], request: LoadConfigRequest): Promise<void> {
  const { environment, cwd, origin = 'refuse' } = request;
  for (const file of files) {
    if (origin === 'accept') {
      await acceptFile(file, environment);
      continue;
    }
    const refused = await judgeOrigin(file, environment);
    if (refused !== null) {
      throw configInvalid([{ file: file.path, line: null, column: null, path: '', ...refused }], cwd);
    }
    if (origin === 'remember') await rememberFile(file, environment);
  }
}

async function readValue(request: LoadConfigRequest, text: string): Promise<Config> {
  const { file, environment, cwd, take } = request;
  if (/\.[cm]?[jt]s$/.test(file)) {
    const { createHash } = await import('node:crypto');
    const version = createHash('sha256').update(text).digest('hex').slice(0, 16);
    return resolveConfig(documentOfValue(file, await importValue(request, version)), [], environment, cwd, take);
  }
  const { document, problems } = readConfigDocument(file, text, environment);
  if (document === null) throw configInvalid(problems, cwd);
  return resolveConfig(document, problems, environment, cwd, take);
}

/** Reads and checks a configuration file. Every way in which nothing can be done with it is one `CONFIG_INVALID`. */
export async function loadConfig(request: LoadConfigRequest): Promise<Config> {
  const text = await readText(request);
  // First of all: a `.ts` file is run by being read.
  await checkOrigin([{ path: request.file, content: text }], request);
  const config = await readValue(request, text);
  const others = config.controls.filter((path) => path !== request.file);
  // One that isn't there is told of where it is loaded.
  const contents = await Promise.all(others.map((path) => readRegularFile(path).catch(() => null)));
  const present = others.flatMap((path, index): readonly ControlFile[] => {
    const content = contents[index] ?? null;
    return content === null ? [] : [{ path, content }];
  });
  await checkOrigin(present, request);
  return config;
}
