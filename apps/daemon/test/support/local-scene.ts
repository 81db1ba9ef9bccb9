import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { scratchGit } from '@baton/fake-hosts';
import { parse, stringify } from 'yaml';
import { runBaton } from './run-baton.js';
import { makeScratch } from './scratch.js';

const run = promisify(execFile);

/** What a scene is made of, beside one issue, one repository and its bare remote. */
export interface SceneOptions {
  /** A shell script: the agent. By the scene's name, which no other scene bears. */
  readonly agent: (name: string) => string;
  /** Files of the base. Default: `answer.txt`, which is wrong. */
  readonly files?: Readonly<Record<string, string>>;
  /** Keys of the project in the configuration, over the scene's own. */
  readonly project?: (name: string) => Readonly<Record<string, unknown>>;
  /** Keys of the configuration beside the project. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Environment of the commands of `baton`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One line of a job's journal. */
export interface JournalLine {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What `show --json` says of a job, as far as tests ask. */
export interface ShownJob {
  readonly id: string;
  readonly phase: string;
  readonly outcome: string | null;
  readonly wait: string | null;
  readonly reason: string | null;
  readonly attempt: number;
  readonly round: number;
  readonly branch: string;
  readonly rescued: readonly string[];
  readonly wakeAt: string;
  readonly pullRequest: { readonly number: number; readonly state: string } | null;
}

/** A pull request's file. */
export interface PullText {
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A git repository with a bare remote, one issue in a folder, and a configuration that works it with a shell script. */
export interface LocalScene extends AsyncDisposable {
  readonly path: string;
  /** The last part of `path`: unlike every other scene's. */
  readonly name: string;
  readonly remote: string;
  /** The base branch's head at first. */
  readonly base: string;
  /** In the person's own clone, where pushes go to the remote. */
  readonly git: (...argv: string[]) => Promise<string>;
  /** In the bare remote. */
  readonly inRemote: (...argv: string[]) => Promise<string>;
  /** In the daemon's vault. */
  readonly inVault: (...argv: string[]) => Promise<string>;
  readonly baton: (...argv: string[]) => ReturnType<typeof runBaton>;
  readonly job: () => Promise<ShownJob>;
  readonly journal: () => Promise<readonly JournalLine[]>;
  readonly pulls: () => Promise<readonly PullText[]>;
  readonly merge: () => Promise<void>;
  readonly comments: () => Promise<readonly string[]>;
  readonly labels: () => Promise<readonly string[]>;
  /** Resolves when a file of this name stands in the agent's checkout. */
  readonly untilInWorktree: (name: string) => Promise<void>;
  /** Files below `path` that hold a text, by path. */
  readonly filesWith: (text: string) => Promise<readonly string[]>;
  /** Branches of the remote and where they stand. */
  readonly branches: () => Promise<Readonly<Record<string, string>>>;
}

const issue = `---
title: The answer is wrong
labels: [baton]
author: alice
---
\`answer.txt\` should say \`right\`.
`;

function split(text: string): { readonly fields: Readonly<Record<string, unknown>>; readonly body: string } {
  const [, fields = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  return { fields: parse(fields) ?? {}, body };
}

async function readAll(directory: string): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const names = await readdir(directory).catch(() => []);
  const files = names.filter((name) => name.endsWith('.md')).toSorted();
  return Promise.all(
    files.map(async (name) => ({ path: join(directory, name), text: await readFile(join(directory, name), 'utf8') })),
  );
}

/** Makes a scene. Disposing removes it; daemons in it are the test's to end. */
export async function makeLocalScene(options: SceneOptions): Promise<LocalScene> {
  const scratch = await makeScratch();
  const { path } = scratch;
  const clone = join(path, 'clone');
  const remote = join(path, 'remote.git');
  const tracker = join(path, 'tracker');
  const git = async (cwd: string, argv: readonly string[]): Promise<string> => (await scratchGit(cwd, argv)).trim();
  await mkdir(join(tracker, 'issues'), { recursive: true });
  await writeFile(join(tracker, 'issues', '0001-answer.md'), issue);
  for (const [name, text] of Object.entries(options.files ?? { 'answer.txt': 'wrong\n' })) {
    await mkdir(join(clone, name, '..'), { recursive: true });
    await writeFile(join(clone, name), text);
  }
  await git(path, ['init', '--quiet', '--bare', '-b', 'main', '--', remote]);
  await git(clone, ['init', '--quiet', '-b', 'main']);
  await git(clone, ['remote', 'add', 'origin', remote]);
  await git(clone, ['add', '--all']);
  await git(clone, ['commit', '--quiet', '-m', 'Begin']);
  await git(clone, ['push', '--quiet', 'origin', 'main']);
  const project = {
    name: 'web',
    source: { use: 'local', path: './tracker', remote },
    workspace: { use: 'git-worktree', spares: 0 },
    agents: [{ use: 'command', run: options.agent(basename(path)) }],
    // So that it runs where bubblewrap isn't installed.
    sandbox: { mode: 'best-effort' },
    ...options.project?.(basename(path)),
  };
  const config = { version: 1, state: './state', pollInterval: '500ms', projects: [project], ...options.config };
  await writeFile(join(path, 'baton.config.yaml'), stringify(config));

  const baton = (...argv: string[]) => runBaton(argv, { cwd: path, ...(options.env && { env: options.env }) });
  const answer = async (...argv: string[]): Promise<string> => {
    const ended = await baton(...argv);
    if (ended.exitCode !== 0) throw new Error(`baton ${argv.join(' ')}: exit ${ended.exitCode}\n${ended.stderr}`);
    return ended.stdout;
  };
  const pulls = async (): Promise<readonly PullText[]> =>
    (await readAll(join(tracker, 'pulls'))).map(({ path: file, text }) => ({ path: file, ...split(text) }));
  return {
    path,
    name: basename(path),
    remote,
    base: await git(clone, ['rev-parse', 'main']),
    git: (...argv) => git(clone, argv),
    inRemote: (...argv) => git(path, ['--git-dir', remote, ...argv]),
    async inVault(...argv) {
      const vaults = join(path, 'state', 'git-worktree', 'vaults');
      const [vault = ''] = await readdir(vaults);
      return git(path, ['--git-dir', join(vaults, vault), ...argv]);
    },
    baton,
    job: async () => JSON.parse(await answer('show', 'local:0001', '--json')),
    async journal() {
      const lines = (await answer('audit', 'local:0001', '--json')).trim().split('\n');
      return lines.map((line) => JSON.parse(line));
    },
    pulls,
    async merge() {
      for (const pull of await pulls()) {
        const text = await readFile(pull.path, 'utf8');
        await writeFile(pull.path, text.replace(/^state: open$/m, 'state: merged'));
      }
    },
    async comments() {
      return (await readAll(join(tracker, 'issues', '0001', 'comments'))).map(({ text }) => text);
    },
    async labels() {
      const { fields } = split(await readFile(join(tracker, 'issues', '0001-answer.md'), 'utf8'));
      return Array.isArray(fields['labels']) ? fields['labels'].map(String) : [];
    },
    async untilInWorktree(name) {
      const isThere = async (): Promise<boolean> => {
        const found = await run('find', [join(path, 'state'), '-name', name, '-type', 'f']).catch(() => ({
          stdout: '',
        }));
        return found.stdout !== '';
      };
      for (let looks = 0; looks < 600; looks += 1) {
        if (await isThere()) return;
        await wait(100);
      }
      throw new Error(`no file ${name} came to stand in a worktree`);
    },
    async filesWith(text) {
      // grep ends with 1 where it finds nothing.
      const { stdout } = await run('grep', ['-rlaF', '-e', text, path]).catch(() => ({ stdout: '' }));
      return stdout.split('\n').filter((line) => line !== '');
    },
    async branches() {
      const listed = await git(path, [
        '--git-dir',
        remote,
        'for-each-ref',
        '--format=%(refname:short) %(objectname)',
        'refs/heads',
      ]);
      return Object.fromEntries(listed.split('\n').map((line) => line.split(' ')));
    },
    [Symbol.asyncDispose]: async () => {
      // A sandbox may leave directories that can't be entered.
      await run('chmod', ['-R', 'u+rwX', path]).catch(() => {});
      await scratch[Symbol.asyncDispose]();
    },
  };
}
