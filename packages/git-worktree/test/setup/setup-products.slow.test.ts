import { existsSync } from 'node:fs';
import { chmod, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SetupProducts, Workspace } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScene, type Scene, write } from '../scene.js';

const setup = (run: string, keep?: readonly string[]) => ({
  ...{ run, network: [], timeoutMs: 20_000 },
  ...(keep === undefined ? {} : { keep }),
});

let scene: Scene;

// It doesn't name what it reads: a setup runs anew for what its command names.
const builds = 'mkdir -p dist data/big node_modules/dep; cp s*c/add.js dist/; echo x | tee data/a data/big/b > .env; ';

async function checkoutOf(
  run: string,
  keep?: readonly string[],
): Promise<{ readonly work: Workspace; readonly verify: Workspace }> {
  const provider = scene.createProvider({ setup: setup(run, keep) });
  return { work: await scene.open(provider), verify: await scene.open(provider, { role: 'verify' }) };
}

describe('what a setup makes', () => {
  beforeEach(async () => {
    scene = await createScene({
      '.gitignore': 'dist/\nnode_modules/\n.venv/\n',
      'src/add.js': 'exports.add = 1;\n',
      'src/kept.js': 'exports.kept = 1;\n',
      'src/empty.js': '',
    });
  });
  afterEach(() => scene.dispose());

  it('of sources stands in no run, and is told: it is of the sources of the base', async () => {
    const { work, verify } = await checkoutOf(
      `${builds} echo dep > node_modules/dep/index.js; echo {} > new-lock.json`,
    );
    expect(existsSync(join(work.root, 'dist/add.js'))).toBe(true);
    await work.writeFile('src/add.js', 'exports.add = 2;\n');
    for (const { tree } of [
      await work.snapshot(),
      await scene.open(scene.createProvider()).then((it) => it.snapshot()),
    ]) {
      await verify.renew(tree);
      expect(['dist', 'data', '.env'].filter((path) => existsSync(join(verify.root, path)))).toEqual([]);
      expect(await readFile(join(verify.root, 'node_modules/dep/index.js'), 'utf8')).toBe('dep\n');
      expect(await readFile(join(verify.root, 'new-lock.json'), 'utf8')).toBe('{}\n');
      expect(await verify.setupProducts()).toEqual({ unseen: ['.env', 'data', 'dist'], outdated: [], ofChange: false });
    }
  });

  it('is there where the operator says so, of a directory the part that is named', async () => {
    const { work, verify } = await checkoutOf(builds, ['.env', 'data/big', 'not/there']);
    await verify.renew((await work.snapshot()).tree);
    expect(existsSync(join(verify.root, '.env'))).toBe(true);
    expect(existsSync(join(verify.root, 'data/big/b'))).toBe(true);
    expect(existsSync(join(verify.root, 'data/a'))).toBe(false);
    expect((await verify.setupProducts()).unseen).toEqual(['dist']);
  });

  it('is taken from the checkout alone, wherever links lead that code of the change made of its directories', async () => {
    const { work, verify } = await checkoutOf('mkdir -p data/big; sh ./s*c/add.js || :', [
      'data/big',
      'deep/down/kept',
    ]);
    const [theirs, deep] = [join(scene.home, 'theirs'), join(scene.home, 'theirs/down')];
    for (const path of ['theirs/big/note', 'theirs/down/kept/note']) await write(join(scene.home, path), 'theirs\n');
    await work.writeFile('src/add.js', `rm -r data; ln -s ${theirs} data; mkdir deep; ln -s ${deep} deep/down\n`);
    await work.writeFile('package.json', '{"description":"other words"}\n');
    await verify.renew((await work.snapshot()).tree);
    expect(existsSync(join(theirs, 'big/note'))).toBe(true);
    expect(existsSync(join(deep, 'kept/note'))).toBe(true);
    expect(['data', 'deep'].filter((path) => existsSync(join(verify.root, path)))).toEqual([]);
    expect((await verify.setupProducts()).unseen).toEqual(['data', 'deep']);
  });

  it('is made anew once the operator keeps something else', async () => {
    const { work, verify } = await checkoutOf(builds);
    const { tree } = await work.snapshot();
    await verify.renew(tree);
    const other = await scene.open(scene.createProvider({ setup: setup(builds, ['dist']) }), { role: 'verify' });
    await other.renew(tree);
    expect((await other.setupProducts()).unseen).toEqual(['.env', 'data']);
    expect(existsSync(join(other.root, 'dist/add.js'))).toBe(true);
  });

  it('may be of the change where the setup ran on it, which is told of this tree alone', async () => {
    const { work, verify } = await checkoutOf(`${builds} sh ./s*c/add.js || :`);
    const { tree } = await work.snapshot();
    await work.writeFile('src/add.js', 'echo mine > node_modules/dep/index.js\n');
    await work.writeFile('package.json', '{"description":"other words"}\n');
    const { tree: changed } = await work.snapshot();
    for (const [each, ofChange] of [
      [changed, true],
      [tree, false],
      [changed, true],
    ] as const) {
      await verify.renew(each);
      expect((await verify.setupProducts()).ofChange).toBe(ofChange);
    }
  });

  it('tells nothing before a tree was brought, and nothing where there is no setup', async () => {
    const nothing: SetupProducts = { unseen: [], outdated: [], ofChange: false };
    const { verify } = await checkoutOf(builds);
    expect(await verify.setupProducts()).toEqual(nothing);
    const plain = scene.createProvider();
    const other = await scene.open(plain, { role: 'verify', job: 'j2' });
    await other.renew((await scene.open(plain, { job: 'j2' }).then((each) => each.snapshot())).tree);
    expect(await other.setupProducts()).toEqual(nothing);
  });

  describe('of copies of sources among the dependencies', () => {
    const copies =
      'mkdir -p .venv/lib/add node_modules; cp s*c/*.js .venv/lib/add; cp s*c/add.js .venv/lib/other.js; ln -s ../src node_modules/linked; ln -s ../src/add.js node_modules/add.js';
    const outdatedAfter = async (change: (work: Workspace) => Promise<unknown>): Promise<SetupProducts['outdated']> => {
      const { work, verify } = await checkoutOf(copies);
      await change(work);
      await verify.renew((await work.snapshot()).tree);
      return (await verify.setupProducts()).outdated;
    };
    const add = { path: '.venv/lib/add/add.js', of: 'src/add.js' };

    it('tells those of what the change changes', async () => {
      expect(await outdatedAfter((work) => work.writeFile('src/add.js', 'exports.add = 2;\n'))).toEqual([add]);
    });

    it('tells those of what it deletes or moves', async () => {
      expect(await outdatedAfter(({ root }) => rm(join(root, 'src/add.js')))).toEqual([add]);
      await scene.dispose();
      scene = await createScene({ '.gitignore': '.venv\nnode_modules\n', 'src/add.js': 'exports.add = 1;\n' });
      expect(await outdatedAfter(({ root }) => rename(join(root, 'src/add.js'), join(root, 'src/sum.js')))).toEqual([
        add,
      ]);
    });

    it('tells those of a directory in which something is new, or below it: the copy lacks it', async () => {
      for (const path of ['src/new.js', 'src/plugins/new.js']) {
        expect(await outdatedAfter(({ root }) => write(join(root, path), 'exports.now = 1;\n'))).toEqual([
          { path: '.venv/lib/add', of: 'src' },
        ]);
        await scene.dispose();
        scene = await createScene({
          '.gitignore': '.venv\nnode_modules\n',
          'src/add.js': '1;\n',
          'src/kept.js': '2;\n',
        });
      }
    });

    it('refuses to read more than any installation has: a file of nothing can be as long as it likes', async () => {
      const { work, verify } = await checkoutOf('mkdir -p node_modules; sh ./s*c/add.js || :');
      await work.writeFile('src/add.js', 'truncate -s 1T node_modules/add.js\n');
      await work.writeFile('package.json', '{"description":"other words"}\n');
      await verify.renew((await work.snapshot()).tree);
      await expect(verify.setupProducts()).rejects.toMatchObject({ code: 'TOO_LARGE' });
    });

    it('tells none of a licence that others have too, and of less than half of what stands there', async () => {
      await scene.dispose();
      scene = await createScene({
        ...{ '.gitignore': '.venv\nnode_modules\n', 's1c/LICENSE.js': 'any\n' },
        ...{ 'src/add.js': '1;\n', 'src/b.mjs': '1;\n', 'x/src/add.js': '1;\n', 'x/src/b.js': '2;\n' },
      });
      expect(await outdatedAfter(({ root }) => write(join(root, 'x/src/new.js'), 'new\n'))).toEqual([]);
      expect(await outdatedAfter(({ root }) => write(join(root, 's1c/new.js'), 'new\n'))).toEqual([]);
    });

    it('tells none of what stands as it did, of an empty file, of links and of other rights', async () => {
      expect(
        await outdatedAfter(async (work) => {
          await work.writeFile('src/empty.js', 'exports.now = 1;\n');
          await write(join(work.root, 'src/new.txt'), 'exports.now = 1;\n');
          await chmod(join(work.root, 'src/kept.js'), 0o755);
        }),
      ).toEqual([]);
    });
  });
});
