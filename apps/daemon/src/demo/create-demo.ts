import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDirectories } from '@baton/adapter-kit';
import { messageOf } from '@baton/core';
import { stringify } from 'yaml';
import { CommandError } from '../verb/command-error.js';
import { type DemoForge, type DemoHost, startDemoHost } from './demo-host.js';

/** Which agent works the demo's issues. */
export type DemoAgent = Readonly<Record<string, string>> & { readonly use: string };

/** Where the parts of a demo stand. Absolute. Disposing ends its host, if it has one. */
export interface Demo extends AsyncDisposable {
  readonly directory: string;
  readonly config: string;
  /** The bare repository that pull requests are pushed to. */
  readonly remote: string;
  /** Issues and pull requests, as Markdown. Null where a host holds them. */
  readonly tracker: string | null;
  /** Null for the local forge. */
  readonly host: DemoHost | null;
  /** What people call its issues, in order. */
  readonly keys: readonly string[];
}

const material = fileURLToPath(new URL('../demo/', import.meta.url));

async function ensureEmpty(directory: string): Promise<void> {
  try {
    makeDirectories(directory);
  } catch (error) {
    throw new CommandError(`${directory} can't be made: ${messageOf(error)}.`, {
      code: 'USAGE',
      exit: 'usage',
      fix: 'name another directory with --dir, or leave it out',
    });
  }
  if ((await readdir(directory)).length === 0) return;
  throw new CommandError(`${directory} isn't empty.`, {
    code: 'USAGE',
    exit: 'usage',
    fix: 'name another directory with --dir, or leave it out',
  });
}

function writeConfig(agent: DemoAgent, source: Readonly<Record<string, unknown>>): string {
  return stringify({
    version: 1,
    state: './state',
    concurrency: 2,
    projects: [
      {
        name: 'shop',
        source,
        workspace: { use: 'git-worktree', spares: 0 },
        agents: [agent],
        verify: { commands: [{ name: 'test', run: 'node --test --test-reporter=tap', timeout: '2m', report: 'tap' }] },
        // So that the demo runs where bubblewrap isn't installed; the report says what held.
        sandbox: { mode: 'best-effort' },
      },
    ],
  });
}

const localKey = (number: number): string => `local:${String(number).padStart(4, '0')}`;

/** Makes a small repository with real bugs, its remote, three issues and a configuration. */
export async function createDemo(
  directory: string,
  { agent, forge }: { readonly agent: DemoAgent; readonly forge: DemoForge },
): Promise<Demo> {
  await ensureEmpty(directory);
  const shop = join(directory, 'shop');
  const gitRoot = join(directory, 'hosted');
  const remote = forge === 'local' ? join(directory, 'shop.git') : join(gitRoot, 'acme', 'shop.git');
  const tracker = forge === 'local' ? join(directory, 'tracker') : null;
  const config = join(directory, 'baton.config.yaml');
  const issues = join(material, 'issues');
  const numbers = (await readdir(issues)).map((_, index) => index + 1);
  await cp(join(material, 'shop'), shop, { recursive: true });
  if (tracker !== null) await cp(issues, join(tracker, 'issues'), { recursive: true });
  // Only demos need it.
  const { scratchGit } = await import('@baton/fake-hosts');
  const git = (cwd: string, ...argv: string[]): Promise<string> => scratchGit(cwd, argv);
  await git(directory, 'init', '--quiet', '--bare', '-b', 'main', '--', remote);
  await git(shop, 'init', '--quiet', '-b', 'main');
  await git(shop, 'add', '--all');
  await git(shop, 'commit', '--quiet', '-m', 'Carts, coupons and prices');
  await git(shop, 'push', '--quiet', remote, 'main:refs/heads/main');
  const host = forge === 'local' ? null : await startDemoHost(forge, { gitRoot, issues });
  const keyOf = host?.keyOf ?? localKey;
  const steps = await readFile(join(material, 'steps.yaml'), 'utf8');
  await writeFile(
    join(directory, 'steps.yaml'),
    numbers.reduce((text, number) => text.replaceAll(localKey(number), `'${keyOf(number)}'`), steps),
  );
  const source = host?.source ?? { use: 'local', path: './tracker', remote: './shop.git', labels: ['baton'] };
  await writeFile(config, writeConfig(agent, source));
  return {
    ...{ directory, config, remote, tracker, host, keys: numbers.map(keyOf) },
    [Symbol.asyncDispose]: async () => host?.[Symbol.asyncDispose](),
  };
}

/** What a branch of the demo's remote changes. */
export async function readDemoDiff(demo: Demo, base: string, head: string): Promise<string> {
  const { scratchGit } = await import('@baton/fake-hosts');
  return scratchGit(demo.directory, ['--git-dir', demo.remote, 'diff', '--no-color', base, head, '--']);
}
