import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import type { CommandResult, Sandbox, Workspace } from '@baton/core';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGitWorktrees, type GitWorktreeSettings, type GitWorktrees } from '../src/index.js';
import { createScene, git, type Scene } from './scene.js';

let sandbox: Sandbox;
let usable = false;
let scene: Scene;
let provider: GitWorktrees;

const create = (settings: Partial<GitWorktreeSettings> = {}): GitWorktrees =>
  createGitWorktrees(
    { setup: null, spares: 0, ...settings },
    {
      stateDirectory: scene.stateDirectory,
      sandbox,
      runtime: createSystemRuntime(),
      log: () => {},
      mask: (text) => text,
    },
  );

/** Every file of the daemon's repository, but what commands in checkouts may write. */
async function contents(directory: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.name === 'checkouts') continue;
    if (entry.isDirectory()) lines.push(path, ...(await contents(path)));
    else lines.push(`${path} ${await readFile(path, 'base64')}`);
  }
  return lines.sort();
}

const as = ['-c', 'user.name=x', '-c', 'user.email=x'] as const;

describe('git inside the sandbox', () => {
  beforeAll(async () => {
    sandbox = createBubblewrapSandbox({ mode: 'best-effort' });
    usable = (await sandbox.measure()).files === 'enforced';
  });
  beforeEach(async ({ skip }) => {
    if (!usable) skip('needs bubblewrap and user namespaces');
    scene = await createScene();
    provider = create();
  });
  afterEach(async () => {
    if (!usable) return;
    await provider.close?.();
    await scene.dispose();
  });
  const runIn =
    (work: Workspace) =>
    (...argv: [string, ...string[]]): Promise<CommandResult> =>
      work.exec({ argv });

  it('looks at the base and at what was done on it', async () => {
    const work = await scene.open(provider);
    const run = runIn(work);
    await work.writeFile('README.md', 'changed\n');
    expect(await run('git', 'status', '--porcelain')).toMatchObject({ exitCode: 0, stdout: ' M README.md\n' });
    expect((await run('git', 'log', '--format=%s')).stdout).toBe('first\n');
    expect((await run('git', 'diff')).stdout).toContain('+changed');
    expect((await run('git', 'blame', 'src/a.txt')).exitCode).toBe(0);
    expect((await run('git', 'fsck', '--full')).exitCode).toBe(0);
    // A job sees no other's checkout, and nothing of the daemon's.
    const other = await scene.open(provider, { job: 'j2', role: 'verify' });
    for (const path of [other.root, join(scene.stateDirectory, 'records', 'taken'), join(scene.vault, 'refs')]) {
      expect((await run('ls', path)).exitCode).not.toBe(0);
    }
    const left = await run('sh', '-c', `echo kept > ${join(work.scratch, 'note')} && echo out > made.txt`);
    expect(left.exitCode).toBe(0);
    expect((await work.snapshot()).changes.map((each) => each.path)).toEqual(['README.md', 'made.txt']);
    expect((await work.exec({ argv: ['cat', 'no/such/file'], cwd: 'src' })).exitCode).toBe(1);
  });

  it('writes where the daemon never looks', async () => {
    const work = await scene.open(provider);
    const run = runIn(work);
    const before = await contents(scene.vault);
    await work.writeFile('README.md', 'changed\n');
    const { tree } = await work.snapshot();
    const between = await contents(scene.vault);
    expect(between).not.toEqual(before);
    const ways: readonly [string, ...string[]][] = [
      ['git', 'config', 'core.hooksPath', 'hooks'],
      ['git', ...as, 'commit', '-qam', 'ours'],
      ['git', 'update-ref', 'refs/heads/main', 'HEAD'],
      ['git', 'gc', '-q', '--prune=now'],
      // Of the vault only an empty directory on the way to the base is there.
      ['sh', '-c', `echo evil >> ${join(scene.vault, 'config')} || true`],
    ];
    for (const argv of ways) expect(await run(...argv), argv.join(' ')).toMatchObject({ exitCode: 0 });
    const denied: readonly [string, ...string[]][] = [
      ['rm', '.git'],
      ['mv', '.git', 'elsewhere'],
      ['sh', '-c', 'echo evil > .git'],
      ['sh', '-c', `echo evil > ${join(scene.vault, 'base.git/objects/evil')}`],
    ];
    for (const argv of denied) expect((await run(...argv)).exitCode, argv.join(' ')).not.toBe(0);
    // What was committed counts as what stands in the checkout, as ever.
    expect((await work.snapshot()).tree).toBe(tree);
    expect(await run('git', ...as, 'stash', 'apply')).not.toMatchObject({ exitCode: 0 });
    await work.writeFile('src/a.txt', 'put by\n');
    expect(await run('git', ...as, 'stash', '-q')).toMatchObject({ exitCode: 0 });
    expect((await work.snapshot()).tree).toBe(tree);
    expect(await contents(scene.vault)).toEqual(between);
    await access(join(work.root, '.git'));
  });

  it('can be configured by what a setup installs', async () => {
    const run = 'git config core.hooksPath .githooks && cp /bin/true "$(git rev-parse --git-path hooks)"';
    const own = create({ setup: { run, network: [], timeoutMs: 60_000 } });
    try {
      const work = await scene.open(own);
      expect((await runIn(work)('git', 'config', 'core.hooksPath')).stdout).toBe('.githooks\n');
      expect((await work.snapshot()).changes).toEqual([]);
      expect(await readFile(join(scene.vault, 'config'), 'utf8')).not.toContain('hooksPath');
    } finally {
      await own.close?.();
    }
  });

  it('finds no work of another job: unpublished, rescued, or pushed', async () => {
    const author = { name: 'Baton', email: 'baton@example.com' };
    const first = await scene.open(provider);
    const remote = { url: scene.remote };
    await first.writeFile('secret.txt', 'of the first job, published\n');
    const { tree } = await first.snapshot();
    const pushed = await first.commit({ tree, parents: [first.baseCommit], message: 'pushed\n', author, at: 0 });
    await first.push({ remote, branch: 'baton/issue-1', commit: pushed, expected: null });
    await provider.fetch({ repository: 'fixture', remote, branch: 'baton/issue-1' });
    await first.writeFile('secret.txt', 'of the first job, rescued\n');
    const kept = (await first.snapshot()).tree;
    const ref = await provider.remove(first.key);
    const rescued = await git(scene.vault, 'rev-parse', ref ?? '');
    await scene.advance('main', { 'README.md': 'moved\n' });
    const second = await scene.open(provider, { job: 'j2' });
    const run = runIn(second);
    for (const id of [tree, pushed, kept, rescued]) {
      await git(scene.vault, 'cat-file', '-e', id);
      expect((await run('git', 'cat-file', '-e', id)).exitCode, id).not.toBe(0);
    }
    expect((await run('git', 'log', '--all', '--format=%s')).stdout).toBe('by a person\nfirst\n');
    const everything = ['cat-file', '--batch-check=%(objectname)', '--batch-all-objects'] as const;
    const seen = (await run('git', ...everything)).stdout.trim().split('\n').sort();
    const ofBase = (await git(scene.remote, 'rev-list', '--objects', 'main'))
      .split('\n')
      .map((line) => line.slice(0, 40));
    expect(seen).toEqual(ofBase.sort());
    expect(
      (await run('sh', '-c', `find ${scene.stateDirectory} -name '*rescue*' -o -name 'j1*' | grep .`)).exitCode,
    ).toBe(1);
  });

  it('works in a checkout of a result, on which checks run', async () => {
    const work = await scene.open(provider);
    await work.writeFile('src/new.txt', 'new\n');
    await work.writeFile('src/a.txt', 'other\n');
    const { tree } = await work.snapshot();
    const verify = await scene.open(provider, { role: 'verify' });
    const run = runIn(verify);
    for (const bring of [() => verify.renew(tree), () => verify.load(tree)]) {
      await bring();
      expect((await run('git', 'ls-files', 'src')).stdout).toContain('src/new.txt');
      expect((await run('git', 'status', '--porcelain')).stdout).toBe('M  src/a.txt\nA  src/new.txt\n');
      expect((await run('git', 'diff', '--cached')).stdout).toContain('+other');
      expect((await run('git', 'fsck', '--full')).exitCode).toBe(0);
      expect((await run('git', 'write-tree')).stdout).toBe(`${tree}\n`);
      expect((await run('git', ...as, 'stash')).exitCode).toBe(0);
    }
  });
});
