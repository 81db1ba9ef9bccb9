import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { CommandError } from '../command-error.js';
import type { Environment } from '../load-environment.js';
import { demoGit } from './demo-git.js';

/** Which agent works the demo's issues. */
export type DemoAgent = Readonly<Record<string, string>> & { readonly use: string };

/** Where the parts of a demo stand. Absolute. */
export interface Demo {
  readonly directory: string;
  readonly config: string;
  /** The bare repository that pull requests are pushed to. */
  readonly remote: string;
  /** Issues and pull requests, as Markdown. */
  readonly tracker: string;
}

const material = fileURLToPath(new URL('../demo/', import.meta.url));

async function ensureEmpty(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length === 0) return;
  throw new CommandError(`${directory} isn't empty.`, {
    code: 'USAGE',
    exit: 'usage',
    fix: 'name another directory with --dir, or leave it out',
  });
}

function writeConfig(agent: DemoAgent): string {
  return stringify({
    version: 1,
    state: './state',
    concurrency: 2,
    projects: [
      {
        name: 'shop',
        source: { use: 'local', path: './tracker', remote: './shop.git', labels: ['baton'] },
        workspace: { use: 'git-worktree', spares: 0 },
        agents: [agent],
        verify: { commands: [{ name: 'test', run: 'node --test --test-reporter=tap', timeout: '2m', report: 'tap' }] },
        // So that the demo runs where bubblewrap isn't installed; the report says what held.
        sandbox: { mode: 'best-effort' },
      },
    ],
  });
}

/** Makes a small repository with real bugs, its remote, three issues and a configuration. */
export async function createDemo(directory: string, agent: DemoAgent, environment: Environment): Promise<Demo> {
  await ensureEmpty(directory);
  const shop = join(directory, 'shop');
  const remote = join(directory, 'shop.git');
  const tracker = join(directory, 'tracker');
  const config = join(directory, 'baton.config.yaml');
  await cp(join(material, 'shop'), shop, { recursive: true });
  await cp(join(material, 'issues'), join(tracker, 'issues'), { recursive: true });
  await cp(join(material, 'steps.yaml'), join(directory, 'steps.yaml'));
  await writeFile(config, writeConfig(agent));
  const git = (cwd: string, ...argv: string[]): Promise<string> => demoGit(cwd, argv, environment);
  await git(directory, 'init', '--quiet', '--bare', '-b', 'main', '--', remote);
  await git(shop, 'init', '--quiet', '-b', 'main');
  await git(shop, 'add', '--all');
  await git(shop, 'commit', '--quiet', '-m', 'Carts, coupons and prices');
  await git(shop, 'push', '--quiet', remote, 'main:refs/heads/main');
  return { directory, config, remote, tracker };
}

/** What a branch of the demo's remote changes. */
export async function readDemoDiff(demo: Demo, base: string, head: string, environment: Environment): Promise<string> {
  return demoGit(demo.directory, ['--git-dir', demo.remote, 'diff', '--no-color', base, head, '--'], environment);
}
