import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followLinks } from '../../src/vault/symlinks.js';
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
      'docs/guide.md',
      'CLAUDE.md',
    ]);
  });

  it('is bounded where links lead to themselves, and nowhere where they lead out', () => {
    expect(alsoAt('a', { self: '.', 'x/up': '..' })).toContain('self/a');
    expect(
      alsoAt('a/b', Object.fromEntries(Array.from({ length: 300 }, (_, each) => [`l${each}`, '.']))).length,
    ).toBeLessThanOrEqual(100);
    expect(alsoAt('etc/passwd', { a: '/etc', b: '../etc', c: '' })).toEqual([]);
  });
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
    await git(clone, 'add', '-A');
    await git(clone, 'commit', '-q', '-m', 'links');
    await git(clone, 'push', '-q', 'origin', 'HEAD:main');
    const provider = scene.createProvider();
    const workspace = await scene.open(provider);
    await workspace.writeFile('docs/guide.md', 'one\n2\nthree\n');
    await workspace.writeFile('plain.txt', 'y\n');
    const { changes } = await workspace.snapshot();
    expect(changes.map(({ path, alsoAt }) => [path, alsoAt])).toEqual([
      ['docs/guide.md', ['CLAUDE.md', 'doc/guide.md']],
      ['plain.txt', undefined],
    ]);
  });
});
