import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import type { Job } from '@baton/core';
import { scratchGit } from '@baton/fake-hosts';
import { createSqliteStore } from '@baton/sqlite';
import { stringify } from 'yaml';
import { createForgeHost, type ForgeHost, type ForgeKind } from './forge-host.js';
import { type Ended, runBaton } from './run-baton.js';
import { makeScratch } from './scratch.js';

/** What `show --json` says of a job, as far as these tests ask. */
export interface ForgeJob {
  readonly id: string;
  readonly phase: string;
  readonly outcome: string | null;
  readonly wait: string | null;
  readonly reason: string | null;
  readonly attempt: number;
  readonly round: number;
  readonly branch: string;
  readonly rescued: readonly string[];
  readonly pullRequest: { readonly number: number; readonly url: string; readonly state: string } | null;
}

/** A repository on a faked host, with an issue that somebody with write permission handed over. */
export interface ForgeScene extends AsyncDisposable {
  readonly path: string;
  /** The last part of `path`: stands in the arguments of the agent's processes and of no others. */
  readonly name: string;
  readonly host: ForgeHost;
  readonly token: string;
  /** The bare repository that the host serves. */
  readonly remote: string;
  /** The base branch's head. */
  readonly base: string;
  /** Environment of the commands of `baton`: the token is in it. */
  readonly env: Readonly<Record<string, string>>;
  readonly baton: (...argv: string[]) => Promise<Ended>;
  /** `baton start --once`. Rejects where it fails. */
  readonly once: () => Promise<Ended>;
  /** What every command printed so far. */
  readonly said: () => string;
  /** Null before there is one. */
  readonly job: () => Promise<ForgeJob | null>;
  /** The newest job as the store has it, looked at beside whatever runs. Null before there is one. */
  readonly stored: () => Promise<Job | null>;
  /** What a job waits for is looked at again at once: nobody sits out its minutes here. */
  readonly wake: (job: Job) => Promise<void>;
  readonly inRemote: (...argv: string[]) => Promise<string>;
  /** Branches of the remote and where they stand. */
  readonly branches: () => Promise<Readonly<Record<string, string>>>;
}

/** Words that the agent acts on: with them in its prompt it does what the reviewer asks for. */
export const reviewersWish = 'Please say indeed.';

/** Leaves its prompt in the tree, so that it can be read there; lives long enough to be looked at. */
const agent = (name: string): string => `: agent-of-${name}
cat > prompt.txt
if grep -q '${reviewersWish}' prompt.txt; then echo right indeed > answer.txt; else echo right > answer.txt; fi
sh -c 'sleep 0.3; :' agent-of-${name}
echo The answer is right now.`;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A token as the host makes them, unlike any other. */
export function makeToken(kind: ForgeKind): string {
  const letters = [...randomBytes(36)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return kind === 'github' ? `ghp_${letters}` : `glpat-${letters.slice(0, 20)}`;
}

/** What a scene has otherwise. */
export interface ForgeSceneOptions {
  /** Keys of the project in the configuration, over the scene's own. */
  readonly project?: (name: string) => Readonly<Record<string, unknown>>;
  /** Files of the base beside `answer.txt`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Keys of the configuration beside the project. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Makes a scene. Disposing removes it and ends the host; daemons in it are the test's to end. */
export async function makeForgeScene(kind: ForgeKind, options: ForgeSceneOptions = {}): Promise<ForgeScene> {
  const scratch = await makeScratch();
  const { path } = scratch;
  const name = basename(path);
  const token = makeToken(kind);
  const remote = join(path, 'hosted', 'acme', 'shop.git');
  const host = await createForgeHost(kind, join(path, 'hosted'), token);
  const clone = join(path, 'clone');
  const git = async (cwd: string, argv: readonly string[]): Promise<string> => (await scratchGit(cwd, argv)).trim();
  await mkdir(clone);
  await mkdir(join(path, 'home'));
  for (const [file, text] of Object.entries({ 'answer.txt': 'wrong\n', ...options.files })) {
    await mkdir(join(clone, file, '..'), { recursive: true });
    await writeFile(join(clone, file), text);
  }
  await git(path, ['init', '--quiet', '--bare', '-b', 'main', '--', remote]);
  await git(clone, ['init', '--quiet', '-b', 'main']);
  await git(clone, ['add', '--all']);
  await git(clone, ['commit', '--quiet', '-m', 'Begin']);
  await git(clone, ['push', '--quiet', remote, 'main']);
  host.allow('bob', 'write');
  host.allow('stranger', 'read');
  host.openIssue({ title: 'The answer is wrong', body: '`answer.txt` should say `right`.', author: 'stranger' });
  host.setLabels(['baton'], 'bob');
  const project = {
    name: 'shop',
    source: { use: kind, ...host.settings, labels: ['baton'] },
    workspace: { use: 'git-worktree', spares: 0 },
    agents: [{ use: 'command', run: agent(name) }],
    verify: { commands: [{ name: 'answer', run: 'grep -q right answer.txt' }] },
    // So that it runs where bubblewrap isn't installed.
    sandbox: { mode: 'best-effort' },
    ...options.project?.(name),
  };
  await writeFile(
    join(path, 'baton.config.yaml'),
    stringify({ version: 1, state: './state', pollInterval: '500ms', projects: [project], ...options.config }),
  );

  const database = join(path, 'state', 'sqlite', 'store.db');
  const store = createSqliteStore({ path: database, runtime: createSystemRuntime() });
  const env = { HOME: join(path, 'home'), [host.tokenEnv]: token };
  const said: string[] = [];
  const baton = async (...argv: string[]): Promise<Ended> => {
    const ended = await runBaton(argv, { cwd: path, env });
    said.push(`$ baton ${argv.join(' ')}\n${ended.stdout}${ended.stderr}`);
    return ended;
  };
  const job = async (): Promise<ForgeJob | null> => {
    const ended = await baton('show', '#1', '--json');
    return ended.exitCode === 0 ? JSON.parse(ended.stdout) : null;
  };
  return {
    ...{ path, name, host, token, remote, env, baton, job },
    base: await git(clone, ['rev-parse', 'main']),
    said: () => said.join('\n'),
    async once() {
      const ended = await baton('start', '--once', '-c', 'baton.config.yaml');
      if (ended.exitCode !== 0) throw new Error(`exit ${ended.exitCode}\n${ended.stderr}`);
      return ended;
    },
    async stored() {
      if (!existsSync(database)) return null;
      const [newest] = (await Array.fromAsync(store.list({}))).toSorted(
        (left, right) => right.createdAt - left.createdAt,
      );
      return newest ?? null;
    },
    wake: ({ id }) => store.signal(id, { type: 'wake', data: null }),
    inRemote: (...argv) => git(path, ['--git-dir', remote, ...argv]),
    async branches() {
      const format = '--format=%(refname:short) %(objectname)';
      const listed = await git(path, ['--git-dir', remote, 'for-each-ref', format, 'refs/heads']);
      return Object.fromEntries(listed.split('\n').map((line) => line.split(' ')));
    },
    [Symbol.asyncDispose]: async () => {
      await store.close?.();
      await host[Symbol.asyncDispose]();
      await scratch[Symbol.asyncDispose]();
    },
  };
}
