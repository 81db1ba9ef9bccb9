import {
  access,
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { PersonsRepository, WorkspaceRig } from '@baton/conformance';
import type { GitHttpServer } from '@baton/fake-hosts';
import type { GitWorktreeSettings } from '../src/index.js';
import { createScene, filesAt, git, type Scene, write } from './scene.js';

/** Providers with these settings over a scene of their own. The server refuses whatever is asked of it with the wrong word. */
export async function createGitRig(
  server: GitHttpServer,
  settings: Partial<GitWorktreeSettings>,
): Promise<WorkspaceRig> {
  const scene = await createScene();
  const vault = async (): Promise<string> => {
    const [name = ''] = await readdir(join(scene.stateDirectory, 'vaults'));
    return join(scene.stateDirectory, 'vaults', name);
  };
  const provider = scene.createProvider(settings);
  return {
    provider,
    restart: async () => scene.createProvider(settings),
    repository: 'acme/fixture',
    remote: { url: scene.remote },
    deadRemote: { url: 'http://127.0.0.1:1/none.git' },
    refusedRemote: { url: `${server.url}/any.git`, username: 'baton', password: 'wrong' },
    branches: () => branchesOf(scene.remote),
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
    person: () => createPerson(scene),
    lookIn: ({ into }) => ({
      branch: () => git(into, 'branch', '--show-current'),
      read: (path) => readFile(join(into, path), 'utf8').catch(() => null),
      write: (path, text) => (text === null ? rm(join(into, path)) : write(join(into, path), text)),
    }),
    leave: async (job) => {
      const main = await git(scene.remote, 'rev-parse', 'main');
      await git(await vault(), 'update-ref', `refs/baton/commits/${job}/1`, main);
    },
    age: async () => {
      // What is taken back is made as new in the background.
      await provider.idle();
      const vaults = join(scene.stateDirectory, 'vaults');
      for (const name of await readdir(vaults, { recursive: true })) await utimes(join(vaults, name), 1, 1);
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

/** A clone of the remote, with git's own name for whoever commits there. */
async function createPerson({ home, remote }: Scene): Promise<PersonsRepository> {
  const [into, nowhere] = [join(home, 'person'), join(home, 'nowhere')];
  await git(home, 'clone', '-q', '--template=', remote, into);
  await mkdir(nowhere);
  return {
    into,
    nowhere,
    environment: { PATH: process.env['PATH'] ?? '', HOME: home, GIT_CEILING_DIRECTORIES: home },
    branches: () => branchesOf(into),
    filesAt: (commit) => filesAt(into, commit),
    commit: async (branch) => {
      const commit = await git(into, 'commit-tree', '-p', 'main', '-m', 'by a person', 'main^{tree}');
      await git(into, 'branch', branch, commit);
      return commit;
    },
  };
}

async function branchesOf(repository: string): Promise<ReadonlyMap<string, string>> {
  const format = '--format=%(refname:strip=2) %(objectname)';
  const lines = (await git(repository, 'for-each-ref', format, 'refs/heads')).split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}
