import { createSystemRuntime } from '@baton/adapter-kit';
import type { CommandResult, Sandbox, Workspace } from '@baton/core';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGitWorktrees, type GitWorktrees } from '../../src/index.js';
import { createScene, type Scene, write } from '../scene.js';

const run = [
  'mkdir -p node_modules/dep app/node_modules/.bin tracked',
  'echo real > node_modules/dep/index.js',
  'echo app > app/node_modules/x',
  'ln -s ../x app/node_modules/.bin/x',
  'echo made > generated.txt',
  'echo made > tracked/made',
].join(' && ');

const setup = { run, network: [], timeoutMs: 20_000, keep: ['generated.txt', 'tracked/made'] };

let scene: Scene;
let sandbox: Sandbox;
let provider: GitWorktrees;

const shell = (workspace: Workspace, script: string): Promise<CommandResult> =>
  workspace.exec({ argv: ['sh', '-c', script] });
const text = async (workspace: Workspace, path: string): Promise<string | null> => {
  const bytes = await workspace.readFile(path);
  return bytes === null ? null : new TextDecoder().decode(bytes);
};

describe('what a setup made, laid under a checkout', () => {
  beforeAll(() => {
    sandbox = createBubblewrapSandbox({ mode: 'best-effort' });
  });
  beforeEach(async ({ skip }) => {
    scene = await createScene({
      '.gitignore': 'node_modules/\n',
      'README.md': 'hello\n',
      'tracked/file': 'tracked\n',
      'app/x.js': '',
    });
    const parts = {
      stateDirectory: scene.stateDirectory,
      sandbox,
      runtime: createSystemRuntime(),
      log: () => {},
      mask: (text: string) => text,
    };
    provider = createGitWorktrees({ setup, spares: 0 }, parts);
    if (!(await sandbox.canOverlay?.(scene.home))) skip('needs a sandbox that makes overlays');
  });
  afterEach(async () => {
    await provider.close?.();
    await scene.dispose();
  });

  it('is what it was before each run, whatever the run before did to it', async () => {
    const { tree } = await (await scene.open(provider)).snapshot();
    const verify = await scene.open(provider, { role: 'verify' });
    for (let round = 0; round < 3; round += 1) {
      await verify.renew(tree);
      const seen = await shell(
        verify,
        'cat node_modules/dep/index.js app/node_modules/.bin/x generated.txt tracked/made tracked/file; ls -A node_modules app tracked',
      );
      expect(seen.stdout.split('\n')).toEqual(
        [
          'real',
          'app',
          'made',
          'made',
          'tracked',
          'app:',
          'node_modules',
          'x.js',
          '',
          'node_modules:',
          'dep',
          '',
        ].concat(['tracked:', 'file', 'made', '']),
      );
      const poison = await shell(
        verify,
        'echo poisoned > node_modules/dep/index.js; rm -r app/node_modules/x app/node_modules/.bin; mkdir -p node_modules/new; echo x > node_modules/new/x; echo y > tracked/made',
      );
      expect(poison).toMatchObject({ exitCode: 0, stderr: '' });
      // One run's commands see what the one before wrote, until the checkout is made new.
      expect((await shell(verify, 'cat node_modules/dep/index.js; ls app/node_modules')).stdout).toBe('poisoned\n');
    }
  });

  it.each([
    ['a link to a directory of the host', (home: string) => `ln -s ${home}/theirs app`],
    ['nothing', () => ':'],
  ])('stays away where a command left %s in place of the directory above', async (_, leave) => {
    const { tree } = await (await scene.open(provider)).snapshot();
    await write(`${scene.home}/theirs/node_modules/note`, 'theirs\n');
    const verify = await scene.open(provider, { role: 'verify' });
    await verify.renew(tree);
    expect((await shell(verify, 'echo left > app/node_modules/x; mv app moved')).exitCode).toBe(0);
    await shell(verify, leave(scene.home));
    const seen = await shell(verify, 'cat node_modules/dep/index.js; ls app/node_modules');
    expect([seen.stdout, seen.exitCode]).toEqual(['real\n', 2]);
    await verify.renew(tree);
    expect((await shell(verify, 'cat app/node_modules/x')).stdout).toBe('app\n');
  });

  it('can be read where a run wrote into it, and leads nowhere else', async () => {
    const { tree } = await (await scene.open(provider)).snapshot();
    const verify = await scene.open(provider, { role: 'verify' });
    await verify.renew(tree);
    await shell(
      verify,
      'mkdir node_modules/out; echo report > node_modules/out/junit.xml; rm node_modules/dep/index.js',
    );
    await shell(
      verify,
      'ln -s /etc/passwd node_modules/out/link; ln -s ../../README.md node_modules/out/in; mkfifo node_modules/out/pipe',
    );
    expect(await text(verify, 'node_modules/out/junit.xml')).toBe('report\n');
    expect(await text(verify, 'node_modules/out/in')).toBe('hello\n');
    for (const path of [
      'node_modules/dep/index.js',
      'node_modules/out/link',
      'node_modules/out/pipe',
      'node_modules/no',
    ]) {
      expect(await text(verify, path), path).toBeNull();
    }
    await expect(verify.writeFile('node_modules/dep/index.js', 'x')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await verify.altered()).toEqual([]);
  });

  it('goes with whom it was laid for: the next one in the same place has files of its own', async () => {
    const parts = {
      stateDirectory: scene.stateDirectory,
      sandbox,
      runtime: createSystemRuntime(),
      log: () => {},
      mask: (text: string) => text,
    };
    const keeping = createGitWorktrees({ setup, spares: 4 }, parts);
    try {
      const { tree } = await (await scene.open(keeping)).snapshot();
      const verify = await scene.open(keeping, { role: 'verify' });
      await verify.renew(tree);
      await keeping.remove(verify.key);
      await keeping.idle();
      const roots: string[] = [];
      for (let number = 2; number < 6; number += 1) {
        const next = await scene.open(keeping, { job: `j${number}` });
        roots.push(next.root);
        const wrote = await shell(next, 'echo mine > node_modules/dep/index.js; cat node_modules/dep/index.js');
        expect(wrote).toMatchObject({ exitCode: 0, stdout: 'mine\n' });
        expect(await text(next, 'node_modules/dep/index.js')).toBe('mine\n');
      }
      expect(roots).toContain(verify.root);
    } finally {
      await keeping.close?.();
    }
  });

  it('gives way to what the tree has there, of which changes are told', async () => {
    const work = await scene.open(provider);
    await work.writeFile('app/own.txt', 'by the tree\n');
    const { tree, changes } = await work.snapshot();
    expect(changes.map(({ path }) => path)).toEqual(['app/own.txt']);
    const verify = await scene.open(provider, { role: 'verify' });
    await verify.renew(tree);
    expect((await shell(verify, 'cat app/own.txt app/node_modules/x; echo x > app/own.txt')).stdout).toBe(
      'by the tree\napp\n',
    );
    expect(await verify.altered()).toEqual(['app/own.txt']);
  });
});
