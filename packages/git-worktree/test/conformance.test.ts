import { execFile } from 'node:child_process';
import { access, chmod, mkdtemp, readdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type WorkspaceRig, workspaceContract, workspaceFixture } from '@baton/conformance';
import { createGitHttpServer, type GitHttpServer } from '@baton/fake-hosts';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { GitWorktreeSettings } from '../src/index.js';
import { hasProgram } from './has-program.js';
import { createScene, filesAt, git, plant, write } from './scene.js';

let server: GitHttpServer;
let template: string;

async function createRig(settings: Partial<GitWorktreeSettings>): Promise<WorkspaceRig> {
  const scene = await createScene(workspaceFixture, template);
  const vault = async (): Promise<string> => {
    const [name = ''] = await readdir(join(scene.stateDirectory, 'vaults'));
    return join(scene.stateDirectory, 'vaults', name);
  };
  return {
    provider: scene.createProvider(settings),
    restart: async () => scene.createProvider(settings),
    repository: 'acme/fixture',
    remote: { url: scene.remote },
    deadRemote: { url: 'http://127.0.0.1:1/none.git' },
    refusedRemote: { url: `${server.url}/any.git`, username: 'baton', password: 'wrong' },
    branches: async () => {
      const lines = (await git(scene.remote, 'for-each-ref', '--format=%(refname:strip=2) %(objectname)', 'refs/heads'))
        .split('\n')
        .filter((line) => line !== '');
      return new Map(lines.map((line) => line.split(' ') as [string, string]));
    },
    filesAt: (commit) => filesAt(scene.remote, commit),
    advance: scene.advance,
    decline: async (words) => {
      const hook = join(scene.remote, 'hooks', 'pre-receive');
      await write(hook, `#!/bin/sh\necho '${words}' >&2\nexit 1\n`);
      await chmod(hook, 0o755);
    },
    update: scene.update,
    delete: (workspace, path) => rm(join(workspace.root, path)),
    rescued: async (ref) => {
      const path = await vault();
      const known = await git(path, 'for-each-ref', ref);
      return known === '' ? null : await filesAt(path, ref);
    },
    commands: {
      say: (output, error, exitCode) => ({
        argv: ['sh', '-c', 'printf %s "$1"; printf %s "$2" >&2; exit "$3"', 'sh', output, error, String(exitCode)],
      }),
      echo: { argv: ['cat'] },
      block: { argv: ['sleep', '600'] },
      missing: { argv: ['no-such-program-anywhere'] },
      has: (object) => ({ argv: ['git', 'cat-file', '-e', object] }),
    },
    symlink: (workspace, path, target) => symlink(target, join(workspace.root, path)),
    grow: async (workspace, path, bytes) => {
      await writeFile(join(workspace.root, path), '');
      await truncate(join(workspace.root, path), bytes);
    },
    vanish: (workspace) => rm(workspace.root, { recursive: true }),
    spoil: async () => {
      const path = join(await vault(), 'objects');
      await rename(path, `${path}-gone`);
    },
    isThere: (workspace) =>
      access(workspace.root).then(
        () => true,
        () => false,
      ),
    dispose: () => scene.dispose(),
  };
}

describe('git worktrees', () => {
  beforeAll(async () => {
    template = await mkdtemp(join(tmpdir(), 'baton-template-'));
    await plant(template, workspaceFixture);
    server = await createGitHttpServer({ root: '/nonexistent', token: 'good' });
  });
  afterAll(async () => {
    await server.close();
    await rm(template, { recursive: true });
  });

  describe('without spares', () => workspaceContract(it, () => createRig({ spares: 0 })));
  // What goes on between a checkout and the remote is the same with spares as without.
  describe('with spares', () => {
    const concerned = /: (open|workspaces|verify|an-attempt|reopened|list|rescue|remove|vanished|load|aborted)-/;
    workspaceContract(
      (name, body) => concerned.test(name) && it(name, body),
      () => createRig({ spares: 1 }),
    );
  });
  // Commits are made and pushed as unsigned ones are, though no signature of such a key is made twice.
  describe.skipIf(!hasProgram('ssh-keygen', '-?'))('signed (needs ssh-keygen)', () => {
    const key = (): string => join(template, 'key');
    beforeAll(async () => {
      await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', key()]);
    });
    const concerned = /commit|push|branch|claim/;
    workspaceContract(
      (name, body) => concerned.test(name) && it(name, body),
      () => createRig({ spares: 0, signing: { format: 'ssh', key: key() } }),
    );
  });
});
