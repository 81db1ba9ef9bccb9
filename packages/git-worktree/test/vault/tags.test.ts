import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScene, git, type Scene } from '../scene.js';

let scene: Scene;

const tag = async (...argv: string[]): Promise<void> => {
  await git(scene.clone, 'tag', ...argv);
  await git(scene.clone, 'push', '-q', '--tags', 'origin');
};

describe('tags', () => {
  beforeEach(async () => {
    scene = await createScene();
    await tag('-a', 'v1.2.0', '-m', 'v1.2.0');
    await scene.advance('main', { 'README.md': 'later\n' });
  });
  afterEach(() => scene.dispose());

  it('are there for what asks for a version, on the base and on a result', async () => {
    const provider = scene.createProvider();
    const work = await scene.open(provider);
    const told = await git(scene.clone, 'describe', '--long', '--match', 'v*.*');
    expect(await git(work.root, 'describe', '--long', '--match', 'v*.*')).toBe(told);
    await work.writeFile('new.txt', 'new\n');
    const { tree } = await work.snapshot();
    const verify = await scene.open(provider, { role: 'verify' });
    await verify.renew(tree);
    expect(await git(verify.root, 'describe', '--long', '--match', 'v*.*')).toBe(told);
    expect(await git(verify.root, 'describe', '--long', '--dirty')).toBe(`${told}-dirty`);
  });

  it('come with a later fetch too, also where the branch stands still', async () => {
    const provider = scene.createProvider();
    await scene.open(provider);
    await tag('v1.3.0');
    const next = await scene.open(provider, { job: 'j2' });
    expect(await git(next.root, 'describe', '--tags')).toBe('v1.3.0');
  });

  it('of other branches are not there, and neither is what they point at', async () => {
    const other = await scene.advance('side', { 'side.txt': 'side\n' });
    await tag('aside');
    const provider = scene.createProvider();
    const work = await scene.open(provider);
    expect(await git(work.root, 'tag', '--list')).toBe('v1.2.0');
    await expect(git(work.root, 'cat-file', '-e', other)).rejects.toThrow();
    await provider.fetch({ repository: 'fixture', remote: { url: scene.remote }, branch: 'side' });
    const next = await scene.open(provider, { job: 'j2' });
    expect(await git(next.root, 'tag', '--list')).toBe('v1.2.0');
  });

  it('that took the place of another do not stop the work', async () => {
    const provider = scene.createProvider();
    await scene.open(provider);
    await git(scene.clone, 'push', '-q', '--delete', 'origin', 'v1.2.0');
    await git(scene.clone, 'tag', '--delete', 'v1.2.0');
    await tag('v1.2.0/first');
    const next = await scene.open(provider, { job: 'j2' });
    expect(await git(next.root, 'describe', '--tags')).toBe('v1.2.0/first');
    expect(await git(next.root, 'tag', '--list')).toBe('v1.2.0/first');
  });
});
