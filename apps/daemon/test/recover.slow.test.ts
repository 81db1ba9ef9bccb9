import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LocalScene, makeLocalScene } from './support/local-scene.js';
import { ensureBuilt } from './support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

const scene = (): Promise<LocalScene> =>
  makeLocalScene({ agent: () => 'echo right > answer.txt', project: () => ({ sandbox: { mode: 'off' } }) });
const database = (at: LocalScene, name = ''): string => join(at.path, 'state', 'sqlite', name);
const ok = async (at: LocalScene, ...argv: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await at.baton(...argv);
  expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('error:')]);
  return stdout;
};

describe('baton recover', () => {
  it('shows what the next start takes up after the state was lost, and leaves everything as it is', async () => {
    await using at = await scene();
    expect(await ok(at, 'recover')).toContain(
      'web      local:0001  baton/issue-1  begins anew: nothing of it is there',
    );
    await ok(at, 'start', '--once');
    await rm(join(at.path, 'state'), { recursive: true });
    const before = [await at.branches(), await at.pulls(), await at.comments()];
    const told = await ok(at, 'recover');
    expect(told).toContain('baton/issue-1  goes on with pull request #1 and hears its reviewers\n');
    expect(told).toContain('nothing was changed; baton start does this, baton recover --yes stores the jobs now\n');
    expect(JSON.parse(await ok(at, 'recover', '--json'))).toMatchObject({
      schema: 'baton.recover/v1',
      items: [{ action: 'go-on', pullRequest: { number: 1 }, commits: 1, claim: { isOurs: true } }],
      stored: null,
    });
    expect([await at.branches(), await at.pulls(), await at.comments()]).toEqual(before);
    expect(await readdir(at.path)).not.toContain('state');
  });

  it('sets a store aside that can’t be read, and takes up what it knew', async () => {
    await using at = await scene();
    await ok(at, 'start', '--once');
    await writeFile(database(at, 'store.db'), 'x'.repeat(5 * 4_096));
    const told = await ok(at, 'recover');
    expect(told).toContain('is damaged or is not a Baton store; it is kept as it is. With --yes it is set aside.');
    expect(told).toContain('goes on with pull request #1');
    expect((await at.baton('list')).exitCode).toBe(1);

    const taken = await ok(at, 'recover', '--yes');
    expect(taken).toMatch(/the store that could not be read is \S+store\.db\.aside-\d{8}T\d{9}Z now\n/);
    expect(taken).toContain('stored 1 job; baton start goes on with it');
    const files = await readdir(database(at));
    expect(files.filter((name) => /^store\.db\.aside-\w+$/.test(name))).toHaveLength(1);
    expect(await at.job()).toMatchObject({ phase: 'queued', branch: 'baton/issue-1' });
    await ok(at, 'start', '--once');
    expect(await at.job()).toMatchObject({ phase: 'reviewing', round: 1, pullRequest: { number: 1 } });
    expect(await at.pulls()).toHaveLength(1);
    expect(await ok(at, 'recover')).toContain('1 issue that matches has a job in the store already');
  });

  it('is not needed for rescued work, which is listed and restored whoever remembers it', async () => {
    await using at = await scene();
    expect((await at.baton('run', '1', '--no-publish')).exitCode).toBe(7);
    await ok(at, 'reject', '1');
    await ok(at, 'start', '--once');
    const { id } = await at.job();
    await rm(database(at), { recursive: true });
    expect(await ok(at, 'rescue', 'list')).toContain(`${id}  –      not in this store  refs/baton/rescue/${id}/1`);
    expect(await ok(at, 'rescue', 'restore', id, '--into', 'clone')).toContain(`branch baton/rescue/${id} at `);
    expect(await at.git('show', `baton/rescue/${id}:answer.txt`)).toBe('right');
  });
});
