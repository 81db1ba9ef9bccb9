import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followLinks, readContents } from '../../src/vault/symlinks.js';
import { createScene, git, type Scene } from '../scene.js';

describe('where a file is read by way of links', () => {
  const alsoAt = (path: string, links: Readonly<Record<string, string>>): readonly string[] =>
    followLinks(Object.entries(links).map(([at, target]) => ({ path: at, target })))(path);

  it('is told for a file, and for what lies in a directory', () => {
    expect(alsoAt('docs/guide.md', { 'CLAUDE.md': 'docs/guide.md', 'a/b/x': '../../docs/guide.md' })).toEqual([
      'CLAUDE.md',
      'a/b/x',
    ]);
    expect(alsoAt('ops/workflows/ci.yml', { '.github': 'ops/', '.x': './ops/workflows' })).toEqual([
      '.github/workflows/ci.yml',
      '.x/ci.yml',
    ]);
    expect(alsoAt('docs/guide.md', { 'CLAUDE.md': 'docs/guide', doc: 'doc' })).toEqual([]);
  });

  it('is told by way of several', () => {
    expect(alsoAt('real/guide.md', { docs: 'real', 'CLAUDE.md': 'docs/guide.md' })).toEqual([
      'CLAUDE.md',
      'docs/guide.md',
    ]);
  });

  it('is told as a file system goes up, from where a link leads to, and as it is written', () => {
    const links = { 'check.sh': 'lnk/../real.sh', lnk: 'tools/sub' };
    expect(alsoAt('tools/real.sh', links)).toEqual(['check.sh']);
    // A change can take the link away, and lay a directory in its place.
    expect(alsoAt('real.sh', links)).toEqual(['check.sh']);
    expect(alsoAt('x/real.sh', { ...links, lnk: 'other', other: 'x/y' })).toEqual(['check.sh']);
    expect(alsoAt('tools/real.sh', { ...links, 'check.sh': './/lnk/.././real.sh' })).toEqual(['check.sh']);
    for (const lnk of ['lnk', '/tools/sub', '../sub', '']) {
      expect(alsoAt('tools/real.sh', { ...links, lnk })).toEqual([]);
    }
  });

  it('is told in the time of the length of links', () => {
    const deep = `${'a/../'.repeat(200_000)}x`;
    const begun = process.cpuUsage();
    expect(alsoAt('x', { y: deep })).toEqual(['y']);
    const many = Array.from({ length: 20_000 }, (_, each) => [`l${each}`, `l${each + 1}/../x/l${each + 2}/y`]);
    expect(alsoAt('z', Object.fromEntries(many))).toEqual([]);
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1e6).toBeLessThan(4);
  });

  it('is bounded, ends where links lead to one another, and is nowhere where they lead out or to where they lie', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, each) => [`l${each}`, 'a']));
    expect(alsoAt('a/b', many)).toHaveLength(100);
    expect(alsoAt('one/a', { 'two/x': '../one', 'one/y': '../two' })).toEqual(['two/x/a', 'one/y/x/a']);
    expect(alsoAt('etc/passwd', { a: '/etc', b: '../etc', c: '' })).toEqual([]);
    expect(alsoAt('src/a', { self: '.', 'node_modules/self': '..', 'src/deep/up': '..' })).toEqual([]);
  });
});

it('contents are read as git prints them, and nothing behind what it does not', () => {
  const printed = 'aa blob 3\na\nb\nbb blob 0\n\n';
  expect([...readContents(printed)]).toEqual([
    ['aa', 'a\nb'],
    ['bb', ''],
  ]);
  for (const odd of ['cc missing\n', 'cc blob\nx\n', 'cc blob -1\nx\n', 'cc blob 3'])
    expect([...readContents(printed + odd)].length).toBe(2);
});

describe('a change of what a link of the base leads to', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await createScene();
  });
  afterEach(() => scene.dispose());

  it('tells the link, of a moved file of both places', async () => {
    const { clone } = scene;
    await scene.advance('main', { 'docs/guide.md': 'one\ntwo\nthree\n', 'plain.txt': 'x\n' });
    await git(clone, 'pull', '-q', 'origin', 'main');
    symlinkSync('docs/guide.md', join(clone, 'CLAUDE.md'));
    symlinkSync('docs', join(clone, 'doc'));
    symlinkSync('doc/../docs/guide.md', join(clone, 'GEMINI.md'));
    await git(clone, 'add', '-A');
    await git(clone, 'commit', '-q', '-m', 'links');
    await git(clone, 'push', '-q', 'origin', 'HEAD:main');
    const provider = scene.createProvider();
    const workspace = await scene.open(provider);
    await workspace.writeFile('docs/guide.md', 'one\n2\nthree\n');
    await workspace.writeFile('plain.txt', 'y\n');
    const { changes } = await workspace.snapshot();
    expect(changes.map(({ path, alsoAt }) => [path, alsoAt])).toEqual([
      ['docs/guide.md', ['CLAUDE.md', 'GEMINI.md', 'doc/guide.md']],
      ['plain.txt', undefined],
    ]);
  });
});
