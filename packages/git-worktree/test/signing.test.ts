import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Diagnosis, Workspace } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GitWorktreeSettings } from '../src/index.js';
import { mapSettings, settingsSchema } from '../src/settings/settings.js';
import { confinement } from './confinement.js';
import { hasProgram } from './has-program.js';
import { createScene, git, type Scene } from './scene.js';

const run = promisify(execFile);
const author = { name: 'Baton', email: 'baton@example.com' };
let scene: Scene;

/** A key of its own, and who may sign with it. */
async function makeKey(type: 'ed25519' | 'ecdsa', passphrase = ''): Promise<string> {
  const key = join(scene.home, `key-${type}${passphrase}`);
  await run('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', key]);
  await writeFile(`${key}.signers`, `${author.email} ${await readFile(`${key}.pub`, 'utf8')}`);
  return key;
}

const verify = (key: string, repository: string, commit: string): Promise<string> =>
  git(repository, '-c', `gpg.ssh.allowedSignersFile=${key}.signers`, 'verify-commit', '--raw', commit);

const requestOf = async (work: Workspace) => {
  await work.writeFile('new.txt', 'new\n');
  const { tree } = await work.snapshot();
  return { tree, parents: [work.baseCommit], message: 'Ours\n', author, at: 1_000_000 };
};
const signedBy = (key: string): Partial<GitWorktreeSettings> => ({ signing: { format: 'ssh', key } });

beforeEach(async () => {
  scene = await createScene();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await scene.dispose();
});

describe.skipIf(!hasProgram('ssh-keygen', '-?'))('commits signed by an ssh key (needs ssh-keygen)', () => {
  it.each(['ed25519', 'ecdsa'] as const)('are verified by git where they were pushed: %s', async (type) => {
    const key = await makeKey(type);
    const work = await scene.open(scene.createProvider(signedBy(key)));
    const commit = await work.commit(await requestOf(work));
    await work.push({ remote: { url: scene.remote }, branch: 'baton/issue-1', commit, expected: null });
    await verify(key, scene.remote, commit);
    const other = await makeKey(type, 'other');
    await expect(verify(other, scene.remote, commit)).rejects.toThrow();
  });

  it('have one id, though each signature is another: in another process, after others, until all is let go', async () => {
    const settings = signedBy(await makeKey('ecdsa'));
    const first = await scene.open(scene.createProvider(settings));
    const request = await requestOf(first);
    const commit = await first.commit(request);
    const provider = scene.createProvider(settings);
    const again = await scene.open(provider);
    expect(await again.commit(request)).toBe(commit);
    const other = await again.commit({ ...request, message: 'Other\n' });
    expect(other).not.toBe(commit);
    expect(await again.commit(request)).toBe(commit);
    // What is rescued is what stands on the newest.
    expect(await git(scene.vault, 'rev-parse', 'refs/baton/commits/j1/1')).toBe(commit);
    await provider.remove(again.key);
    expect(await git(scene.vault, 'for-each-ref', 'refs/baton/signed', 'refs/baton/commits')).toBe('');
  });

  it('are made anew for another key, and unsigned again without one', async () => {
    const [one, two] = [await makeKey('ed25519'), await makeKey('ecdsa')];
    const by = async (settings: Partial<GitWorktreeSettings>): Promise<string> => {
      const work = await scene.open(scene.createProvider(settings));
      return await work.commit(await requestOf(work));
    };
    const commit = await by(signedBy(one));
    const other = await by(signedBy(two));
    await verify(two, scene.vault, other);
    const unsigned = await by({});
    await expect(verify(one, scene.vault, unsigned)).rejects.toThrow();
    expect(await by(signedBy(one))).toBe(commit);
  });

  it('are what a claim makes, too', async () => {
    const key = await makeKey('ed25519');
    const provider = scene.createProvider(signedBy(key));
    await scene.open(provider);
    const remote = { url: scene.remote };
    const claim = { ref: 'refs/baton/claims/x', owner: 'test', until: Date.now() + 60_000 };
    await provider.claimRef?.({ repository: 'fixture', remote, ...claim });
    const { stdout } = await run('git', ['cat-file', 'commit', claim.ref], { cwd: scene.remote });
    expect(stdout).toContain('BEGIN SSH SIGNATURE');
  });

  it.each([
    ['is not there', async () => join(scene.home, 'none'), 'there is no such file'],
    ['wants a passphrase', () => makeKey('ed25519', 'secret'), 'passphrase'],
    [
      'is open to others',
      async () => {
        const key = await makeKey('ed25519');
        await chmod(key, 0o644);
        return key;
      },
      'others than its owner',
    ],
  ])('are not made where the key %s', async (_, make, reason) => {
    const provider = scene.createProvider(signedBy(await make()));
    const work = await scene.open(provider);
    const told = { code: 'CONFIG_INVALID', message: expect.stringContaining(reason), fix: expect.any(String) };
    await expect(work.commit(await requestOf(work))).rejects.toMatchObject(told);
    expect(await git(scene.vault, 'for-each-ref', 'refs/baton/commits')).toBe('');
    const lines: readonly Diagnosis[] = await Array.fromAsync(provider.diagnose?.() ?? []);
    expect(lines.find(({ check }) => check === 'signing')).toMatchObject({ ok: false, detail: told.message });
  });

  it('are tried by the doctor, which leaves nothing behind', async () => {
    const key = await makeKey('ed25519');
    vi.stubEnv('TMPDIR', join(scene.home, 'tmp'));
    await mkdir(join(scene.home, 'tmp'));
    const lines = await Array.fromAsync(scene.createProvider(signedBy(key)).diagnose?.() ?? []);
    expect(lines.find(({ check }) => check === 'signing')).toMatchObject({ ok: true });
    expect(await readdir(join(scene.home, 'tmp'))).toEqual([]);
  });

  it('are not begun where commands may read the key, by whatever path', async () => {
    const key = await makeKey('ed25519');
    const link = join(scene.home, 'link');
    await run('ln', ['-s', scene.home, link]);
    const provider = scene.createProvider(signedBy(key));
    const remote = { url: scene.remote };
    const fetched = { repository: 'fixture', remote, branch: 'main', readableBy: 'commands' } as const;
    const baseCommit = await provider.fetch(fetched);
    const request = { repository: 'fixture', key: { job: 'j1', attempt: 1, role: 'work' }, baseCommit } as const;
    for (const readable of [[scene.home], [link], [key]]) {
      const refused = provider.open({ ...request, sandbox: { ...confinement, readable } });
      await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID', fix: expect.stringContaining('readable') });
    }
    await provider.open({ ...request, sandbox: { ...confinement, readable: [join(scene.home, 'clone')] } });
  });

  it('by no other program or key than the configured one', async () => {
    const key = await makeKey('ed25519');
    const provider = scene.createProvider(signedBy(key));
    const work = await scene.open(provider);
    const canary = join(scene.home, 'canary');
    await writeFile(join(scene.home, 'evil'), `#!/bin/sh\ntouch ${canary}\nexit 1\n`, { mode: 0o755 });
    for (const name of ['gpg.ssh.program', 'gpg.program', 'gpg.ssh.defaultKeyCommand', 'core.sshCommand']) {
      await git(scene.vault, 'config', name, join(scene.home, 'evil'));
    }
    await git(scene.vault, 'config', 'user.signingKey', `${key}-none`);
    await git(scene.vault, 'config', 'gpg.format', 'openpgp');
    const commit = await work.commit(await requestOf(work));
    expect(await git(scene.vault, 'cat-file', 'commit', commit)).toContain('BEGIN SSH SIGNATURE');
    await expect(readFile(canary)).rejects.toThrow();
  });
});

describe.skipIf(!hasProgram('gpg', '--version') || !hasProgram('gpgconf', '--version'))(
  'commits signed by gpg (needs gpg)',
  () => {
    it('have one id, and are verified', async () => {
      const home = join(scene.home, 'gnupg');
      await mkdir(home, { mode: 0o700 });
      vi.stubEnv('GNUPGHOME', home);
      const environment = { ...process.env, GNUPGHOME: home };
      try {
        const batch = ['--batch', '--pinentry-mode', 'loopback', '--passphrase', ''];
        const make = [...batch, '--quick-gen-key', `Baton <${author.email}>`, 'ed25519', 'sign', 'never'];
        await run('gpg', make, { env: environment });
        const { stdout } = await run('gpg', ['--list-secret-keys', '--with-colons'], { env: environment });
        const key = /^fpr:+([0-9A-F]+):/m.exec(stdout)?.[1] ?? '';
        const settings: Partial<GitWorktreeSettings> = { spares: 0, signing: { format: 'openpgp', key } };
        const first = await scene.open(scene.createProvider(settings));
        const request = await requestOf(first);
        const commit = await first.commit(request);
        // The instant in a signature is whole seconds.
        const second = Math.floor(Date.now() / 1000);
        while (Math.floor(Date.now() / 1000) === second) await new Promise((resolve) => setTimeout(resolve, 50));
        const again = await scene.open(scene.createProvider(settings));
        expect(await again.commit(request)).toBe(commit);
        await run('git', ['verify-commit', commit], { cwd: scene.vault, env: environment });
        const none = scene.createProvider({ spares: 0, signing: { format: 'openpgp', key: 'F'.repeat(40) } });
        const lines = await Array.fromAsync(none.diagnose?.() ?? []);
        expect(lines.find(({ check }) => check === 'signing')).toMatchObject({
          ok: false,
          fix: expect.stringContaining('--list-secret-keys'),
        });
      } finally {
        await run('gpgconf', ['--kill', 'all'], { env: environment });
      }
    });
  },
);

describe('the setting of a signing key', () => {
  it('is read, with its path from the directory of the configuration', () => {
    const of = (signing: unknown): unknown => mapSettings(settingsSchema.parse({ signing }), '/etc/baton').signing;
    expect(of({ format: 'ssh', key: 'keys/baton' })).toEqual({ format: 'ssh', key: '/etc/baton/keys/baton' });
    const fingerprint = 'A'.repeat(40);
    expect(of({ format: 'openpgp', key: fingerprint })).toEqual({ format: 'openpgp', key: fingerprint });
    for (const wrong of [{ format: 'ssh' }, { format: 'x509', key: 'a' }, { format: 'openpgp', key: '--output=x' }]) {
      expect(() => of(wrong)).toThrow('signing');
    }
  });
});
