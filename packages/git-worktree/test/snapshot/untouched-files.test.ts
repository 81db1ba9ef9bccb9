import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '@baton/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createScene, git, type Scene, write } from '../scene.js';

let scene: Scene;

/** A remote whose files were committed before the attributes were: what git stores isn't what they'd make of it. */
async function open(attributes: string, files: Readonly<Record<string, string>>): Promise<Workspace> {
  scene = await createScene({ 'README.md': 'hello\n', ...files });
  await write(join(scene.clone, '.gitattributes'), `${attributes}\n`);
  await git(scene.clone, 'add', '.gitattributes');
  await git(scene.clone, 'commit', '-q', '-m', 'attributes');
  await git(scene.clone, 'push', '-q', 'origin', 'main');
  return await scene.open(scene.createProvider());
}

/** As a tool leaves files that writes them anew as they were: git can't tell any more by their instants. */
async function touchAll(workspace: Workspace): Promise<void> {
  for (const name of await readdir(workspace.root, { recursive: true, withFileTypes: true })) {
    const path = join(name.parentPath, name.name);
    if (name.isFile() && name.name !== '.git') await utimes(path, new Date(), new Date());
  }
}

const paths = async (workspace: Workspace): Promise<readonly string[]> =>
  (await workspace.snapshot()).changes.map(({ path }) => path);

const crlf = 'one\r\ntwo\r\n';

/** Contents that git would store otherwise under these attributes. */
const kinds: readonly (readonly [attributes: string, content: string])[] = [
  ['* text=auto', crlf],
  ['*.txt text', crlf],
  ['*.txt text eol=lf', crlf],
  ['*.txt text eol=crlf', 'one\r\ntwo\nthree\n'],
  ['*.txt eol=crlf', crlf],
  ['*.txt crlf', crlf],
  ['*.txt ident', '$Id: of another system $\n'],
  ['*.txt working-tree-encoding=UTF-16', 'wide é\n'],
];

describe('a file that nobody touched', () => {
  afterEach(() => scene.dispose());

  it.each(kinds)('is no change, whatever its instants are, with %s', async (attributes, content) => {
    const workspace = await open(attributes, { 'a.txt': content, 'deep/b c.txt': content, 'l.txt': 'plain\n' });
    await touchAll(workspace);
    expect(await paths(workspace)).toEqual([]);
    await workspace.writeFile('README.md', 'changed\n');
    expect(await paths(workspace)).toEqual(['README.md']);
    await touchAll(workspace);
    expect(await paths(workspace)).toEqual(['README.md']);
    // Nothing but that is rescued, and what is put back is no work.
    await workspace.writeFile('README.md', 'hello\n');
    await touchAll(workspace);
    expect(await workspace.rescue()).toBeNull();
  });

  it('is one whose line endings were meant to change', async () => {
    const workspace = await open('* text=auto', { 'a.txt': crlf, 'b.txt': crlf });
    await writeFile(join(workspace.root, 'a.txt'), 'one\ntwo\n');
    await touchAll(workspace);
    expect(await paths(workspace)).toEqual(['a.txt']);
    await writeFile(join(workspace.root, 'a.txt'), crlf);
    expect(await paths(workspace)).toEqual([]);
  });

  it('is none where the attributes themselves change', async () => {
    const workspace = await open('*.txt text eol=crlf', { 'a.txt': 'one\ntwo\n', 'b.txt': 'one\ntwo\n' });
    expect(await readFile(join(workspace.root, 'a.txt'), 'utf8')).toBe('one\r\ntwo\r\n');
    await workspace.writeFile('.gitattributes', '');
    await touchAll(workspace);
    expect(await paths(workspace)).toEqual(['.gitattributes']);
  });

  it('is none where the machine converts line endings', async () => {
    process.env['GIT_CONFIG_PARAMETERS'] = "'core.autocrlf=true' 'core.eol=crlf'";
    try {
      const workspace = await open('', { 'a.txt': crlf, 'b.txt': 'one\n', 'B.txt': 'other\n' });
      expect(await readFile(join(workspace.root, 'b.txt'), 'utf8')).toBe('one\n');
      await touchAll(workspace);
      expect(await paths(workspace)).toEqual([]);
    } finally {
      delete process.env['GIT_CONFIG_PARAMETERS'];
    }
  });
});
