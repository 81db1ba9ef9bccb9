import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confinement } from '../confinement.js';
import { createScene, git, type Scene, write } from '../scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await createScene();
});
afterEach(() => scene.dispose());

/** All that a job does with git, in a process of its own. */
async function work(text: string): Promise<void> {
  const provider = scene.createProvider();
  const remote = { url: scene.remote };
  const base = { repository: 'fixture', remote, branch: 'main' } as const;
  const baseCommit = await provider.fetch({ ...base, readableBy: 'commands' });
  const key = { job: 'j1', attempt: 1, role: 'work' } as const;
  const workspace = await provider.open({ repository: 'fixture', key, baseCommit, sandbox: confinement });
  await write(join(workspace.root, 'new.txt'), text);
  await workspace.rescue();
  const { tree } = await workspace.snapshot();
  await workspace.load(tree);
  const verify = { job: 'j1', attempt: 1, role: 'verify' } as const;
  const checkout = await provider.open({ repository: 'fixture', key: verify, baseCommit, sandbox: confinement });
  await checkout.renew(tree);
  await provider.remove(verify);
  const author = { name: 'Baton', email: 'baton@example.com' };
  const commit = await workspace.commit({ tree, parents: [baseCommit], message: text, author, at: 0 });
  const branch = `baton/${text}`;
  await workspace.push({ remote, branch, commit, expected: null });
  await provider.readBranch?.({ repository: 'fixture', remote, branch, onto: 'main' });
  const claim = { repository: 'fixture', remote, ref: 'refs/baton/claims/a', owner: 'us' };
  await provider.claimRef?.({ ...claim, until: Date.now() + 60_000 });
  await provider.releaseRef?.(claim);
  await provider.remove(key);
  await provider.close?.();
  expect(await git(scene.remote, 'show', `${branch}:new.txt`)).toBe(text);
}

/** Where git makes a lock file beside what it writes, in a repository of the daemon's. */
async function lockable(repository: string): Promise<readonly string[]> {
  const entries = await readdir(repository, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const written = files.filter((file) => !/\/objects\/|\/checkouts\/|\/hooks\/|\.lock$/.test(file));
  const beside = [
    'HEAD',
    'config',
    'packed-refs',
    'shallow',
    'index',
    'objects/info/commit-graph',
    'objects/maintenance',
  ];
  return [...new Set([...written, ...beside.map((name) => join(repository, name))])];
}

/** A killed git's lock beside each of them. */
async function leaveLocks(ageMs: number): Promise<readonly string[]> {
  const vault = scene.vault;
  const places = [...(await lockable(vault)), ...(await lockable(join(vault, 'base.git')))];
  const at = new Date(Date.now() - ageMs);
  for (const place of places) {
    await writeFile(`${place}.lock`, '');
    await utimes(`${place}.lock`, at, at);
  }
  return places.map((place) => `${place}.lock`);
}

describe('locks that a killed git left, wherever it makes some', () => {
  it('are no obstacle once nobody can hold them any more (G17)', async () => {
    await work('first');
    expect((await leaveLocks(3_600_000)).length).toBeGreaterThan(10);
    await work('second');
  });

  it('are waited for while somebody may hold them: nothing is lost by it (G17)', async () => {
    await work('first');
    const locks = await leaveLocks(0);
    const error: unknown = await work('second').catch((reason: unknown) => reason);
    expect(BatonError.is(error) ? [error.code, error.message] : error).toEqual(['UNAVAILABLE', expect.any(String)]);
    for (const lock of locks) if (await stat(lock).catch(() => null)) await rm(lock);
    await work('second');
  });
});
