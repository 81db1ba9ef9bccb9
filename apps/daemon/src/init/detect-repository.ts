import { access, constants, readFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { Environment } from '../environment/load-environment.js';
import { escapeLine } from '../text/escape-control.js';
import { type DetectedCheck, detectCheck } from './detect-check.js';

/** What `init` found in and around a directory. Null: not found. */
export interface Detected {
  /** Absolute: the root of the git repository. */
  readonly root: string | null;
  /** Address of the remote `origin`. */
  readonly remote: string | null;
  readonly check: DetectedCheck | null;
  /** Command-line agents that stand in PATH. */
  readonly agents: readonly string[];
}

const knownAgents = ['claude', 'codex', 'gemini', 'aider', 'opencode', 'goose'];
/** Where an address leads, by its host. */
const knownForges: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)github\.com$|^github\./i, 'github'],
  [/(^|\.)gitlab\.com$|^gitlab\./i, 'gitlab'],
];

/** The forge that an address leads to and the repository there, as far as the host's name tells; null: none that is known. */
export function parseForge(remote: string): { readonly use: string; readonly repository: string } | null {
  const [, host = '', path = ''] =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(remote) ??
    /^(?:[^@/]+@)?([^/:]+):(?!\/)(.+)$/.exec(remote) ??
    [];
  const repository = path.replace(/\/+$/, '').replace(/\.git$/, '');
  const use = knownForges.find(([pattern]) => pattern.test(host))?.[1];
  return use === undefined || !/^[\w.-]+(\/[\w.-]+)+$/.test(repository) ? null : { use, repository };
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}

async function findRoot(cwd: string): Promise<{ readonly root: string; readonly gitDirectory: string } | null> {
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    const dot = join(directory, '.git');
    if ((await readIfThere(join(dot, 'HEAD'))) !== null) return { root: directory, gitDirectory: dot };
    // A worktree's `.git` is a file that names the directory, whose configuration is its repository's.
    const link = /^gitdir: (.+)$/m.exec((await readIfThere(dot)) ?? '')?.[1];
    if (link !== undefined) {
      const own = resolve(directory, link.trim());
      const common = (await readIfThere(join(own, 'commondir')))?.trim();
      return { root: directory, gitDirectory: common === undefined ? own : resolve(own, common) };
    }
    if (dirname(directory) === directory) return null;
  }
}

/** The address of `origin` in a git configuration, or null. Git itself isn't asked: this is a look at a file. */
export function parseOrigin(config: string): string | null {
  const section = /^\s*\[remote "origin"\]\s*$([^[]*)/m.exec(config)?.[1];
  const url = /^\s*url\s*=\s*(.+?)\s*$/m.exec(section ?? '')?.[1] ?? null;
  // An address with a password in it doesn't go into a file.
  return url?.replace(/^(https?:\/\/)[^/@]*@/, '$1') ?? null;
}

async function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Looks at files only; runs nothing. */
export async function detectRepository(cwd: string, environment: Environment): Promise<Detected> {
  const found = await findRoot(cwd);
  const config = found === null ? null : await readIfThere(join(found.gitDirectory, 'config'));
  const directories = (environment['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  const hasProgram = async (name: string): Promise<boolean> => {
    const there = await Promise.all(directories.map((directory) => isProgram(join(directory, name))));
    return there.includes(true);
  };
  const agents: string[] = [];
  for (const name of knownAgents) if (await hasProgram(name)) agents.push(name);
  const remote = config === null ? null : parseOrigin(config);
  return {
    root: found?.root ?? null,
    remote: remote === null ? null : escapeLine(remote),
    check:
      found === null ? null : await detectCheck({ read: (path) => readIfThere(join(found.root, path)), hasProgram }),
    agents,
  };
}
