import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createSystemRuntime } from '@baton/adapter-kit';
import { workspaceFixture } from '@baton/conformance';
import type { AdapterHost, Runtime, Workspace, WorkspaceKey } from '@baton/core';
import { afterAll } from 'vitest';
import { createGitHelper } from '../src/git/git-helper.js';
import { createGitWorktrees, type GitWorktreeSettings, type GitWorktrees } from '../src/index.js';
import { createLayout } from '../src/vault/layout.js';
import { confinement } from './confinement.js';
import { createPlainSandbox, type PlainSandbox } from './plain-sandbox.js';

const run = promisify(execFile);

/** A repository of a few commits needs no care, and each commit, fetch and push would start two processes for it. */
const withoutMaintenance = {
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'maintenance.auto',
  GIT_CONFIG_VALUE_0: 'false',
};

/** Git as a person has it: for remotes and to look, never for the code under test. */
export async function git(cwd: string, ...argv: string[]): Promise<string> {
  const who = { NAME: 'Person', EMAIL: 'person@example.com' };
  const env = {
    PATH: process.env['PATH'],
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    ...withoutMaintenance,
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
  };
  return (await run('git', argv, { cwd, env, maxBuffer: 2 ** 26 })).stdout.replace(/\n$/, '');
}

/** A directory of one test, a remote in it, and providers over one state directory. */
export interface Scene {
  readonly home: string;
  readonly stateDirectory: string;
  /** The bare remote, and a clone of it where a person works. */
  readonly remote: string;
  readonly clone: string;
  readonly sandbox: PlainSandbox;
  readonly logs: string[];
  createProvider(settings?: Partial<GitWorktreeSettings>, runtime?: Runtime): GitWorktrees;
  /** A commit by a person, on the remote; null deletes. */
  advance(branch: string, files: Readonly<Record<string, string | null>>): Promise<string>;
  /** `main` merged into a branch of the remote; with files, and has a hand in the result. */
  update(branch: string, files?: Readonly<Record<string, string>>): Promise<string>;
  open(provider: GitWorktrees, key?: Partial<WorkspaceKey>): Promise<Workspace>;
  /** The daemon's bare repository of what `open` opens. */
  readonly vault: string;
  dispose(): Promise<void>;
}

/** Its time stands still, so that it never has been quiet for long: no spare is made until `idle` asks for it. */
export function createRestlessRuntime(): Runtime {
  const runtime = createSystemRuntime();
  return { ...runtime, clock: { ...runtime.clock, monotonic: () => 0 } };
}

/** Makes a remote whose `main` holds these files, and a clone of it, in a directory. */
async function plant(home: string, files: Readonly<Record<string, string>>): Promise<void> {
  const clone = join(home, 'clone');
  await git(home, 'init', '-q', '--bare', '--template=', '--initial-branch=main', 'remote.git');
  await git(join(home, 'remote.git'), 'config', 'receive.autogc', 'false');
  await git(home, 'init', '-q', '--template=', '--initial-branch=main', clone);
  await git(clone, 'remote', 'add', 'origin', '../remote.git');
  for (const [path, text] of Object.entries(files)) await write(join(clone, path), text);
  await git(clone, 'add', '-A', '-f');
  await git(clone, 'commit', '-q', '-m', 'first');
  await git(clone, 'push', '-q', 'origin', 'main');
}

/** Masked in every scene. */
export const sceneSecret = `tk-${'4f9a8c7e6d5b'.repeat(4)}`;

/** To start one takes as long as twenty commands of git, so all providers of a file of tests have the same. */
const helper = createGitHelper(createSystemRuntime().clock);
const lent = { run: helper.run, close: async () => {} };

/** Directories planted before, by the files that they were planted with. */
const planted = new Map<string, Promise<string>>();

afterAll(async () => {
  await helper.close();
  for (const home of planted.values()) await rm(await home, { recursive: true, force: true });
  planted.clear();
});

/** A new directory with a remote whose `main` holds these files, and a clone of it. */
async function copyPlanted(files: Readonly<Record<string, string>>): Promise<string> {
  const key = JSON.stringify(files);
  const template =
    planted.get(key) ??
    mkdtemp(join(tmpdir(), 'baton-template-')).then(async (made) => {
      await plant(made, files);
      return made;
    });
  planted.set(key, template);
  const home = await mkdtemp(join(tmpdir(), 'baton-worktree-'));
  await cp(await template, home, { recursive: true });
  return home;
}

/** A scene whose remote's `main` holds these files. */
export async function createScene(files: Readonly<Record<string, string>> = workspaceFixture): Promise<Scene> {
  const home = await copyPlanted(files);
  const [remote, clone, stateDirectory] = ['remote.git', 'clone', 'state'].map((each) => join(home, each)) as [
    string,
    string,
    string,
  ];
  const providers: GitWorktrees[] = [];
  const logs: string[] = [];
  const sandbox = createPlainSandbox();
  const log: AdapterHost['log'] = (level, message, fields) =>
    void logs.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const scene: Scene = {
    home,
    remote,
    clone,
    stateDirectory,
    sandbox,
    logs,
    vault: createLayout(stateDirectory).vault('fixture'),
    createProvider(settings, runtime = createSystemRuntime()) {
      const parts = {
        stateDirectory,
        sandbox,
        log,
        runtime,
        environment: (name: string) => process.env[name] ?? null,
        mask: (text: string) => text.replaceAll(sceneSecret, '[SECRET]'),
      };
      const provider = createGitWorktrees({ setup: null, spares: 0, ...settings }, parts, lent);
      providers.push(provider);
      return provider;
    },
    async advance(branch, changes) {
      await git(clone, 'fetch', '-q', 'origin');
      const known = (await git(clone, 'for-each-ref', `refs/remotes/origin/${branch}`)) !== '';
      const from = known ? `origin/${branch}` : 'origin/main';
      await git(clone, 'checkout', '-q', '-B', branch, '--no-track', from);
      for (const [path, text] of Object.entries(changes)) {
        if (text === null) await rm(join(clone, path));
        else await write(join(clone, path), text);
      }
      await git(clone, 'add', '-A', '-f');
      await git(clone, 'commit', '-q', '-m', 'by a person');
      await git(clone, 'push', '-q', 'origin', branch);
      return await git(clone, 'rev-parse', 'HEAD');
    },
    async update(branch, changes = {}) {
      await git(clone, 'fetch', '-q', 'origin');
      await git(clone, 'checkout', '-q', '-B', branch, '--no-track', `origin/${branch}`);
      await git(clone, 'merge', '-q', '--no-ff', '--no-commit', 'origin/main');
      for (const [path, text] of Object.entries(changes)) await write(join(clone, path), text);
      await git(clone, 'add', '-A', '-f');
      await git(clone, 'commit', '-q', '-m', "Merge branch 'main'");
      await git(clone, 'push', '-q', 'origin', branch);
      return await git(clone, 'rev-parse', 'HEAD');
    },
    async open(provider, key) {
      const fetched = {
        repository: 'fixture',
        remote: { url: remote },
        branch: 'main',
        readableBy: 'commands',
      } as const;
      const baseCommit = await provider.fetch(fetched);
      const full = { job: 'j1', attempt: 1, role: 'work', ...key } as const;
      return await provider.open({ repository: 'fixture', key: full, baseCommit, sandbox: confinement });
    },
    async dispose() {
      await Promise.all(providers.map((each) => each.close?.()));
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return scene;
}

/** Writes a file with the directories on the way. */
export async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** The files of a commit, by path. */
export async function filesAt(repository: string, commit: string): Promise<ReadonlyMap<string, string>> {
  const names = (await git(repository, 'ls-tree', '-r', '-z', '--name-only', commit))
    .split('\0')
    .filter((each) => each);
  const texts = await Promise.all(
    names.map(
      async (name) => (await run('git', ['cat-file', 'blob', `${commit}:${name}`], { cwd: repository })).stdout,
    ),
  );
  return new Map(names.map((name, index) => [name, texts[index] ?? '']));
}
