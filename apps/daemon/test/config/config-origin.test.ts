import { mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchGit } from '@baton/fake-hosts';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.js';
import { readStorePlace } from '../../src/config/read-store-place.js';
import { makeScratch } from '../support/scratch.js';

const text = (project: string, source = 'local'): string =>
  `version: 1\nprojects:\n  - name: ${project}\n    source: { use: ${source} }\n    agents: [{ use: scripted, file: s.yaml }]\n`;

/** A person's checkout with the configuration in it, and what happens to it. */
async function makeCheckout() {
  const scratch = await makeScratch();
  const checkout = join(scratch.path, 'checkout');
  const file = join(checkout, 'baton.config.yaml');
  const environment = { HOME: scratch.path, PATH: process.env['PATH'] ?? '' };
  const git = (...argv: string[]): Promise<string> => scratchGit(checkout, argv);
  await mkdir(checkout);
  await git('init', '--quiet', '-b', 'main');
  const commit = async (message: string, author = 'Maintainer <maintainer@example.com>'): Promise<void> => {
    await git('add', '--all');
    await git('commit', '--quiet', '--author', author, '-m', message);
  };
  await writeFile(file, text('web'));
  await commit('Use Baton');
  const load = (origin: 'refuse' | 'remember' | 'accept' = 'remember') =>
    loadConfig({ file, environment, cwd: checkout, origin }).then(
      ({ projects: [{ name }] }) => name,
      (error: unknown) => error,
    );
  return {
    ...{ path: scratch.path, checkout, file, git, commit, load },
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

const refused = expect.objectContaining({
  code: 'CONFIG_INVALID',
  message: expect.stringContaining('Baton itself has changed this file'),
  fix: expect.stringContaining('baton config accept'),
});

const trailer = 'Tidy up\n\nCloses #1\n\nBaton-Job: j1\nAssisted-by: command\n';

describe('a configuration in a checkout', () => {
  it('is used as people change it, committed or not', async () => {
    await using here = await makeCheckout();
    expect(await here.load()).toBe('web');
    await writeFile(here.file, text('shop'));
    expect(await here.load()).toBe('shop');
    await here.commit('Call it shop');
    expect(await here.load()).toBe('shop');
  });

  it.each([
    [
      'merged',
      async (git: (...argv: string[]) => Promise<string>) => git('merge', '--quiet', '--no-ff', '--no-edit', 'work'),
    ],
    ['fast-forwarded', async (git: (...argv: string[]) => Promise<string>) => git('merge', '--quiet', 'work')],
    ['picked', async (git: (...argv: string[]) => Promise<string>) => git('cherry-pick', 'work')],
    [
      'squashed',
      async (git: (...argv: string[]) => Promise<string>) => {
        await git('merge', '--quiet', '--squash', 'work');
        await git('commit', '--quiet', '-m', `Tidy up (#2)\n\n${trailer}`);
        await git('branch', '-D', 'work');
      },
    ],
    [
      'merged and gone on with by a person',
      async (git: (...argv: string[]) => Promise<string>) => {
        await git('merge', '--quiet', 'work');
        await git('commit', '--quiet', '--allow-empty', '-m', 'Something else');
      },
    ],
    [
      'written by a merge that has not moved HEAD yet',
      async (git: (...argv: string[]) => Promise<string>) => git('checkout', '--quiet', 'work', '--', '.'),
    ],
  ])('is not used once a commit of Baton was %s, until a person accepts it', async (_how, bring) => {
    await using here = await makeCheckout();
    expect(await here.load()).toBe('web');
    await here.git('checkout', '--quiet', '-b', 'work');
    await writeFile(here.file, text('taken'));
    await here.commit(trailer, 'Baton <baton@localhost>');
    await here.git('checkout', '--quiet', 'main');
    expect(await here.load()).toBe('web');
    await bring(here.git);
    expect(await here.load()).toEqual(refused);
    expect(await here.load('refuse')).toEqual(refused);
    expect(await here.load('accept')).toBe('taken');
    expect(await here.load()).toBe('taken');
    // What was accepted stays so when people go on with the file.
    await writeFile(here.file, text('later'));
    expect(await here.load()).toBe('later');
  });

  it('is not used where this machine has never used it and Baton made it', async () => {
    await using here = await makeCheckout();
    await mkdir(join(here.checkout, 'inner'));
    const inner = join(here.checkout, 'inner', 'baton.config.yaml');
    await rename(here.file, inner);
    await here.commit('Move it', 'Baton <baton@localhost>');
    const environment = { HOME: here.path, PATH: process.env['PATH'] ?? '' };
    await expect(loadConfig({ file: inner, environment, cwd: here.checkout })).rejects.toEqual(refused);
    // Not even for where its store is.
    expect(await readStorePlace(inner, environment)).toBeNull();
    // By a link too, from a place that no git knows.
    const link = join(here.path, 'baton.config.yaml');
    await symlink(inner, link);
    await expect(loadConfig({ file: link, environment, cwd: here.checkout })).rejects.toEqual(refused);
    // And from one where something else is called `.git`, so that git knows nothing of the link.
    await mkdir(join(here.path, 'other', '.git'), { recursive: true });
    const beside = join(here.path, 'other', 'baton.config.yaml');
    await symlink(inner, beside);
    await expect(loadConfig({ file: beside, environment, cwd: here.checkout })).rejects.toEqual(refused);
  });

  it('is not run to find that out, and neither is an adapter that it names by path', async () => {
    await using here = await makeCheckout();
    const adapter = join(here.checkout, 'source.mjs');
    await writeFile(adapter, 'export default {};\n');
    await writeFile(here.file, text('web', './source.mjs'));
    await here.commit('A source of our own');
    expect(await here.load()).toBe('web');
    await writeFile(adapter, 'export default { more: true };\n');
    await here.commit('Mend the source', 'Baton <baton@localhost>');
    expect(await here.load()).toEqual(refused);

    const code = join(here.checkout, 'baton.config.ts');
    const mark = join(here.path, 'ran');
    await writeFile(
      code,
      `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(mark)}, '');\nexport default {};\n`,
    );
    await here.commit('Configure by code', 'Baton <baton@localhost>');
    const environment = { HOME: here.path, PATH: process.env['PATH'] ?? '' };
    await expect(loadConfig({ file: code, environment, cwd: here.checkout })).rejects.toEqual(refused);
    expect(await readdir(here.path)).not.toContain('ran');
  });

  it('can name another state directory without being used for that', async () => {
    await using here = await makeCheckout();
    expect(await here.load()).toBe('web');
    await writeFile(here.file, `state: ./fresh\n${text('taken')}`);
    await here.commit(trailer, 'Baton <baton@localhost>');
    expect(await here.load()).toEqual(refused);
  });

  it('is used by no guess where git can not tell', async () => {
    await using here = await makeCheckout();
    await writeFile(join(here.checkout, '.git', 'config'), '[core\n');
    expect(await here.load()).toEqual(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining("git can't tell who changed this file"),
      }),
    );
    expect(await here.load('accept')).toBe('web');
    expect(await here.load()).toBe('web');
  });

  it('leaves nothing behind where it is only looked at', async () => {
    await using here = await makeCheckout();
    expect(await here.load('refuse')).toBe('web');
    expect(await readdir(here.path)).toEqual(['checkout']);
  });
});
