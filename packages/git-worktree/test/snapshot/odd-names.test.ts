import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOfPath } from '@baton/adapter-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScene, git, type Scene } from '../scene.js';

let scene: Scene;

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Where a name of bytes stands on the disk. */
const at = (root: string, name: Buffer): Buffer => Buffer.concat([Buffer.from(`${root}/`), name]);

/** The names of a tree, as latin1. */
function namesOf(repository: string, tree: string): readonly string[] {
  const output = execFileSync('git', ['ls-tree', '-r', '-z', '--name-only', tree], { cwd: repository });
  return output
    .toString('latin1')
    .split('\0')
    .filter((name) => name !== '');
}

async function vaultOf({ stateDirectory }: Scene): Promise<string> {
  const [name = ''] = await readdir(join(stateDirectory, 'vaults'));
  return join(stateDirectory, 'vaults', name);
}

/** What was seen in repositories, or could be brought into one. */
const names: readonly (readonly [what: string, name: Buffer])[] = [
  ['in Latin-1', latin1('na\xefve.txt')],
  ['that look like UTF-8 for a while', latin1('\xc3\xa9\xc3.txt')],
  ['that are a surrogate in bytes', Buffer.of(0xed, 0xa0, 0x80)],
  ['with a line break', Buffer.from('a\nb')],
  ['with a tab', Buffer.from('a\tb')],
  ['with quotes', Buffer.from('"a" \'b\'')],
  ['with a backslash', Buffer.from('a\\303\\251')],
  ['like an option', Buffer.from('--all')],
  ['like a pathspec', Buffer.from(':(glob)*')],
  ['that end in a blank', Buffer.from('a ')],
  ['as long as can be', Buffer.from('n'.repeat(255))],
  [
    'with every byte that there can be',
    Buffer.from(Array.from({ length: 255 }, (_, each) => each + 1).filter(isAllowed)),
  ],
];

function isAllowed(byte: number): boolean {
  return byte !== 0x2f;
}

describe('files whose names are', () => {
  beforeEach(async () => {
    scene = await createScene({ 'README.md': 'hello\n' });
  });
  afterEach(() => scene.dispose());

  it.each(names)('%s are taken, rescued, loaded and read', async (_, name) => {
    const provider = scene.createProvider();
    const work = await scene.open(provider);
    writeFileSync(at(work.root, name), 'new\n');
    const { tree, changes } = await work.snapshot();
    expect(changes.map(({ kind, path }) => [kind, bytesOfPath(path)])).toEqual([['added', Buffer.from(name)]]);
    const path = changes[0]?.path ?? '';
    expect(namesOf(await vaultOf(scene), tree)).toContain(name.toString('latin1'));
    expect(Buffer.from((await work.readFile(path)) ?? []).toString()).toBe('new\n');
    const verify = await scene.open(provider, { role: 'verify' });
    await verify.load(tree);
    expect((await verify.snapshot()).tree).toBe(tree);
    await verify.writeFile(path, 'newer\n');
    expect((await verify.snapshot()).changes).toMatchObject([{ path, kind: 'added', added: 1 }]);
    const ref = await provider.remove(work.key);
    expect(namesOf(await vaultOf(scene), ref ?? '')).toContain(name.toString('latin1'));
  });

  it('no UTF-8 in the base are changed, deleted and renamed under their names', async () => {
    const [changed, deleted, renamed] = [latin1('caf\xe9'), latin1('\xfcber'), latin1('alt\xf6')];
    for (const name of [changed, deleted]) writeFileSync(at(scene.clone, name), `${name.toString('hex')}\n`);
    writeFileSync(at(scene.clone, renamed), 'one\ntwo\nthree\n');
    await git(scene.clone, 'add', '-A');
    await git(scene.clone, 'commit', '-q', '-m', 'names');
    await git(scene.clone, 'push', '-q', 'origin', 'main');
    const work = await scene.open(scene.createProvider());
    expect((await work.snapshot()).changes).toEqual([]);
    writeFileSync(at(work.root, changed), 'changed\n');
    rmSync(at(work.root, deleted));
    rmSync(at(work.root, renamed));
    writeFileSync(at(work.root, latin1('neu\xf6')), 'one\ntwo\nthree\n');
    const { changes } = await work.snapshot();
    expect(changes.map(({ kind, oldPath, path }) => [kind, oldPath, path])).toEqual([
      ['modified', null, 'caf\udce9'],
      ['renamed', 'alt\udcf6', 'neu\udcf6'],
      ['deleted', null, '\udcfcber'],
    ]);
  });

  it('no UTF-8 in a repository without a commit, and its directory, count like any other', async () => {
    const work = await scene.open(scene.createProvider());
    execFileSync('sh', ['-c', 'mkdir "$1" && git init -q "$1" && echo x > "$1/$2"', 'sh', 'made', 'y'], {
      cwd: work.root,
    });
    writeFileSync(at(work.root, latin1('made/caf\xe9')), 'x\n');
    const { changes } = await work.snapshot();
    expect(changes.map(({ path }) => path)).toEqual(['made/caf\udce9', 'made/y']);
  });
});
