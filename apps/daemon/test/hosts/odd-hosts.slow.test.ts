import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FakeGithub, FakeGitlab } from '@baton/fake-hosts';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type ForgeScene, makeForgeScene } from '../support/forge-scene.js';
import { askForChanges, expectHandedIn, trackingComment } from '../support/forge-way.js';
import { ensureBuilt } from '../support/run-baton.js';

const kinds = ['github', 'gitlab'] as const;

/** From now on a hook of the host's repository judges each push. */
async function hook(scene: ForgeScene, script: string): Promise<string> {
  const path = join(scene.remote, 'hooks', 'pre-receive');
  await mkdir(join(scene.remote, 'hooks'), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

async function configure(scene: ForgeScene, workspace: object): Promise<void> {
  const path = join(scene.path, 'baton.config.yaml');
  const config = parse(await readFile(path, 'utf8'));
  Object.assign(config.projects[0].workspace, workspace);
  await writeFile(path, stringify(config));
}

beforeAll(ensureBuilt, 180_000);

describe.concurrent('a repository of a host', () => {
  it.each(kinds)(
    '%s: that is renamed while its request stands open is worked on under its present name',
    async (kind) => {
      await using scene = await makeForgeScene(kind);
      await scene.once();
      await expectHandedIn(scene, 'right');
      const { server } = scene.host;
      if (kind === 'github') (server as unknown as FakeGithub).rename('acme/shop', 'acme/store');
      else (server as unknown as FakeGitlab).project('acme/shop').rename('acme/store');
      await askForChanges(scene);
      await scene.once();
      expect(await scene.job()).toMatchObject({ phase: 'reviewing', round: 2 });
      expect(await scene.inRemote('show', 'baton/issue-1:answer.txt')).toBe('right indeed');
      expect((await scene.baton('doctor')).stdout).toContain('set repository to acme/store');
    },
  );

  it.each(kinds)(
    '%s: whose rule turns a push away asks a person in its own words, and takes it once they changed the rule',
    async (kind) => {
      await using scene = await makeForgeScene(kind);
      const said = "Commit message does not follow the pattern '^(feat|fix): .+'";
      const pushes = join(scene.path, 'pushes');
      const path = await hook(scene, `echo push >> '${pushes}'; echo "${said}" >&2; exit 1`);
      await scene.once();
      const job = (await scene.job()) ?? expect.fail('no job');
      expect(job).toMatchObject({ phase: 'waiting', wait: 'needs-person', reason: expect.stringContaining(said) });
      expect(trackingComment(scene)).toContain('does not follow the pattern');
      expect(scene.host.issue().labels).toContain('baton:needs-person');
      await scene.once();
      // A claim is a push, too; what was made was pushed once.
      const { length } = (await readFile(pushes, 'utf8')).trim().split('\n');
      await scene.once();
      expect((await readFile(pushes, 'utf8')).trim().split('\n')).toHaveLength(length);
      await rm(path);
      expect((await scene.baton('approve', job.id)).exitCode).toBe(0);
      await scene.once();
      await expectHandedIn(scene, 'right');
    },
  );

  it.each(kinds)('%s: that demands signed commits says what to set, and takes those that are signed', async (kind) => {
    await using scene = await makeForgeScene(kind);
    const key = join(scene.path, 'home', 'signing');
    await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const signers = join(scene.path, 'signers');
    await writeFile(signers, `baton@localhost ${await readFile(`${key}.pub`, 'utf8')}`);
    // As the host does: each new commit of a branch is verified by the keys that it knows.
    const verify = `git -c gpg.ssh.allowedSignersFile='${signers}' verify-commit`;
    await hook(
      scene,
      [
        'while read old new ref; do',
        `  case $ref in refs/heads/*) ${verify} $new 2>/dev/null || { echo "- Commits must have verified signatures." >&2; exit 1; } ;; esac`,
        'done',
      ].join('\n'),
    );
    await scene.once();
    const job = (await scene.job()) ?? expect.fail('no job');
    expect(job).toMatchObject({ wait: 'needs-person', reason: expect.stringContaining('set workspace.signing') });
    await configure(scene, { signing: { format: 'ssh', key } });
    expect((await scene.baton('doctor')).stdout).toContain(`Commits are signed with ${key}`);
    expect((await scene.baton('approve', job.id)).exitCode).toBe(0);
    await scene.once();
    await expectHandedIn(scene, 'right');
  });

  it.each(kinds)(
    '%s: that is archived while its request stands open is told in the words of the host, and worked once it is back',
    async (kind) => {
      await using scene = await makeForgeScene(kind);
      await scene.once();
      const first = await expectHandedIn(scene, 'right');
      const { server } = scene.host;
      const repository =
        kind === 'github'
          ? (server as unknown as FakeGithub).repository('acme/shop')
          : (server as unknown as FakeGitlab).project('acme/shop');
      await askForChanges(scene);
      repository.archive();
      await scene.once();
      const job = (await scene.stored()) ?? expect.fail('no job');
      expect(await scene.job()).toMatchObject({
        ...{ phase: 'waiting', wait: 'unavailable', outcome: null },
        reason: expect.stringMatching(/archived.*To mend it: take the repository out of the archive/s),
      });
      expect(await scene.inRemote('rev-parse', 'baton/issue-1')).toBe(first);
      repository.unarchive();
      await scene.wake(job);
      await scene.once();
      expect(await scene.job()).toMatchObject({ phase: 'reviewing', round: 2 });
      expect(await scene.inRemote('show', 'baton/issue-1:answer.txt')).toBe('right indeed');
    },
  );

  it.each(kinds)('%s: that is archived is told by the doctor, with what to do', async (kind) => {
    await using scene = await makeForgeScene(kind);
    const { server } = scene.host;
    if (kind === 'github') (server as unknown as FakeGithub).repository('acme/shop').archive();
    else (server as unknown as FakeGitlab).project('acme/shop').archive();
    const { stdout, exitCode } = await scene.baton('doctor');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/acme\/shop is archived: nobody can write it\.\s+fix: .*archive/);
  });
});
