import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import type { CommandResult, Sandbox } from '@baton/core';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { beforeAll, describe, expect, it } from 'vitest';
import { createGitWorktrees } from '../src/index.js';
import { createScene, git } from './scene.js';

describe('git inside the sandbox', () => {
  let sandbox: Sandbox;
  let usable = false;
  beforeAll(async () => {
    sandbox = createBubblewrapSandbox({ mode: 'best-effort' });
    usable = (await sandbox.measure()).files === 'enforced';
  });

  it('can look and cannot change anything but files', async ({ skip }) => {
    if (!usable) skip('needs bubblewrap and user namespaces');
    const scene = await createScene();
    const parts = { stateDirectory: scene.stateDirectory, sandbox, runtime: createSystemRuntime(), log: () => {} };
    const provider = createGitWorktrees({ setup: null, spares: 0 }, parts);
    try {
      const work = await scene.open(provider);
      const run = (...argv: [string, ...string[]]): Promise<CommandResult> => work.exec({ argv });
      await work.writeFile('README.md', 'changed\n');
      expect(await run('git', 'status', '--porcelain')).toMatchObject({ exitCode: 0, stdout: ' M README.md\n' });
      expect((await run('git', 'log', '--format=%s')).stdout).toBe('first\n');
      expect((await run('git', 'diff')).stdout).toContain('+changed');
      expect((await run('git', 'blame', 'src/a.txt')).exitCode).toBe(0);

      const vault = await git(work.root, 'rev-parse', '--git-common-dir');
      const refs = await git(vault, 'for-each-ref');
      const denied: readonly [string, ...string[]][] = [
        ['git', '-c', 'user.name=x', '-c', 'user.email=x', 'commit', '-qam', 'x'],
        ['git', 'config', 'core.fsmonitor', 'evil'],
        ['git', 'stash'],
        ['git', 'update-ref', 'refs/heads/main', 'HEAD'],
        ['rm', '.git'],
        ['mv', '.git', 'elsewhere'],
        ['sh', '-c', 'echo evil > .git'],
        ['sh', '-c', `echo evil > ${join(vault, 'config')}`],
        ['ls', join(scene.stateDirectory, 'records', 'taken')],
      ];
      for (const argv of denied) expect((await run(...argv)).exitCode, argv.join(' ')).not.toBe(0);
      expect(await git(vault, 'for-each-ref')).toBe(refs);
      await access(join(work.root, '.git'));

      // A job sees no other's checkout.
      const other = await scene.open(provider, { job: 'j2', role: 'verify' });
      expect((await run('ls', other.root)).exitCode).not.toBe(0);
      const left = await run('sh', '-c', `echo kept > ${join(work.scratch, 'note')} && echo out > made.txt`);
      expect(left.exitCode).toBe(0);
      expect((await work.snapshot()).changes.map((each) => each.path)).toEqual(['README.md', 'made.txt']);
      expect((await work.exec({ argv: ['cat', 'no/such/file'], cwd: 'src' })).exitCode).toBe(1);
    } finally {
      await provider.close?.();
      await scene.dispose();
    }
  });
});
