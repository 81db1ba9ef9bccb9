import { execFileSync } from 'node:child_process';
import { chmod, link, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Workspace } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listNested } from '../../src/bounds/nested-files.js';
import {
  maxFileBytes,
  maxFiles,
  maxTotalBytes,
  measureFiles,
  refuseSkipped,
} from '../../src/bounds/snapshot-bounds.js';
import type { GitWorktrees } from '../../src/index.js';
import { maxDiffBytes } from '../../src/snapshot/changes.js';
import { maxReadBytes } from '../../src/workspace/contained-files.js';
import { createScene, git, type Scene } from '../scene.js';

let scene: Scene;
let provider: GitWorktrees;
let work: Workspace;

const tooLarge = (said: string | RegExp): object => ({ code: 'TOO_LARGE', message: expect.stringMatching(said) });
const paths = async (): Promise<readonly string[]> => (await work.snapshot()).changes.map(({ path }) => path);

/** A file that is so long, and takes no room. */
async function grow(name: string, bytes: number): Promise<void> {
  await writeFile(join(work.root, name), '');
  await truncate(join(work.root, name), bytes);
}

/** What no path can name any more, as PATH_MAX is in its way. */
function dig(root: string): void {
  const script =
    'n=$(printf "n%.0s" $(seq 200)); for i in $(seq 25); do mkdir $n && cd -P $n || exit; done; echo x > x';
  execFileSync('bash', ['-c', script], { cwd: root });
}

describe('a snapshot', () => {
  beforeEach(async () => {
    scene = await createScene({ 'README.md': 'hello\n', 'run.sh': 'true\n', '.gitignore': 'ignored\n' });
    provider = scene.createProvider();
    work = await scene.open(provider);
  });
  afterEach(async () => {
    // Node can't delete what is too deep to be named.
    execFileSync('rm', ['-rf', scene.stateDirectory]);
    await scene.dispose();
  });

  it('takes a file as long as is allowed, and none that is longer', async () => {
    await grow('a.bin', maxFileBytes);
    expect(await paths()).toEqual(['a.bin']);
    await grow('b.bin', maxFileBytes + 1);
    await expect(work.snapshot()).rejects.toMatchObject({
      ...tooLarge(/"b\.bin" has 10485761 bytes; 10485760 are allowed/),
      details: { resource: '"b.bin"', limit: 'bytes', allowed: maxFileBytes },
    });
    // What can't be handed in is rescued all the same, as long as it can be.
    expect(await work.rescue()).toBe('refs/baton/rescue/j1/1');
  });

  it('reads nothing of files that are too much together', async () => {
    for (let each = 0; each * maxFileBytes <= maxTotalBytes; each += 1) await grow(`${each}.bin`, maxFileBytes);
    await expect(work.snapshot()).rejects.toMatchObject(tooLarge(`more than ${maxTotalBytes} bytes`));
    await expect(work.rescue()).rejects.toMatchObject(tooLarge(`more than ${maxTotalBytes} bytes`));
    await git(work.root, 'config', 'core.fsmonitor', '/agent/wrote');
    expect(await provider.remove(work.key)).toBeNull();
    expect(scene.logs.join('\n')).toContain('is kept');
    expect(await readdir(work.root)).toContain('0.bin');
    // A person is sent there, whose git is to heed nothing of an agent's.
    await expect(git(work.root, 'config', '--local', 'core.fsmonitor')).rejects.toThrow();
  });

  it('takes no more files than are allowed, and looks at none of them', async () => {
    const names = Array.from({ length: maxFiles + 1 }, (_, each) => `${each}`);
    await expect(measureFiles('/nowhere', names, maxFileBytes)).rejects.toMatchObject(
      tooLarge(`${maxFiles} are allowed`),
    );
  });

  it('counts what is ignored for nothing', async () => {
    await grow('ignored', 2 ** 40);
    expect(await paths()).toEqual([]);
  });

  it('reads no further in a repository without a commit than to the first file too many', async () => {
    execFileSync('sh', ['-c', 'mkdir -p made/in && touch made/in/1 made/in/2'], { cwd: work.root });
    expect(await listNested(work.root, 'made', 3)).toHaveLength(2);
    await expect(listNested(work.root, 'made', 2)).rejects.toMatchObject(tooLarge('more than'));
  });

  it('leaves out nothing because it is too deep to be named', async () => {
    dig(work.root);
    await work.writeFile('new.txt', 'new\n');
    await expect(work.snapshot()).rejects.toMatchObject({
      ...tooLarge('too long'),
      details: { limit: 'bytes of a name' },
    });
    expect(await provider.remove(work.key)).toBeNull();
    expect(await readdir(work.root)).toContain('new.txt');
  });

  it('nor in a repository without a commit', async () => {
    await mkdir(join(work.root, 'made'));
    execFileSync('git', ['init', '-q'], { cwd: join(work.root, 'made') });
    dig(join(work.root, 'made'));
    await expect(work.snapshot()).rejects.toMatchObject(tooLarge('too long'));
  });

  it.each([
    ["warning: could not open directory 'shut/': Permission denied\n", 'UNREADABLE', '"shut/"'],
    [`warning: could not open directory '${'n'.repeat(4_000)}`, 'TOO_LARGE', 'too long'],
    ['src/a.ts: Permission denied\n', 'UNREADABLE', '"src/a.ts"'],
    ["warning: unable to access '.gitignore': Permission denied\n", 'UNREADABLE', '".gitignore"'],
  ])('hears of what git skipped: %s', (stderr, code, said) => {
    const refused = expect.objectContaining({ code, message: expect.stringContaining(said) });
    expect(() => refuseSkipped(stderr)).toThrow(refused);
  });

  it('does not mind what else git says', () => {
    expect(() => refuseSkipped("warning: in the working copy of 'a', CRLF will be replaced by LF\n")).not.toThrow();
    expect(() => refuseSkipped('')).not.toThrow();
  });

  it.skipIf(process.getuid?.() === 0)(
    'refuses what it may not read (needs a user that permissions hold for)',
    async () => {
      await work.writeFile('shut', 'x\n');
      await chmod(join(work.root, 'shut'), 0);
      await expect(work.snapshot()).rejects.toMatchObject({
        code: 'UNREADABLE',
        message: expect.stringContaining('shut'),
      });
      await chmod(join(work.root, 'shut'), 0o600);
      await mkdir(join(work.root, 'closed'), { mode: 0 });
      await expect(work.snapshot()).rejects.toMatchObject({ code: 'UNREADABLE' });
      await chmod(join(work.root, 'closed'), 0o700);
      expect(await paths()).toEqual(['shut']);
    },
  );

  it.each([
    ['mkfifo .gitignore.new && mv .gitignore.new .gitignore', []],
    ['mkdir sub && mkfifo sub/.gitignore && echo x > sub/f', ['sub/f']],
    ['mkdir sub && mkfifo sub/.gitattributes && echo x > sub/f', ['sub/f']],
    ['git init -q sub && echo x > sub/f && rm sub/.git/HEAD && mkfifo sub/.git/HEAD', ['sub/f']],
    ['git init -q sub && echo x > sub/f && mkfifo sub/.git/commondir', ['sub/f']],
  ])('waits for no pipe that git opens by its name: %s', async (script, added) => {
    execFileSync('sh', ['-c', script], { cwd: work.root });
    const { changes } = await work.snapshot();
    expect(changes.filter(({ kind }) => kind === 'added').map(({ path }) => path)).toEqual(added);
  });

  it('waits for none either where a tree is brought, or where a run is looked at', async () => {
    const { tree } = await work.snapshot();
    execFileSync('sh', ['-c', 'mkdir sub && mkfifo sub/.gitignore && echo x > sub/f'], { cwd: work.root });
    await work.load(tree);
    expect(await paths()).toEqual([]);
    const verify = await scene.open(provider, { role: 'verify' });
    await verify.renew(tree);
    execFileSync('sh', ['-c', 'mkfifo .gitattributes && echo other > README.md'], { cwd: verify.root });
    expect(await verify.altered()).toEqual(['README.md']);
  });

  it('ends in its own words where git has no memory left for what it reads', async () => {
    await mkdir(join(work.root, 'sub'));
    await grow('sub/.gitignore', 2 ** 43);
    await expect(work.snapshot()).rejects.toMatchObject({ code: 'TOO_LARGE', details: { limit: 'bytes of memory' } });
  });

  it('waits for no pipe, and stores nothing that is no file', async () => {
    execFileSync('sh', ['-c', 'mkfifo pipe && rm run.sh && mkfifo run.sh'], { cwd: work.root });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(work.root, 'socket'), resolve));
    try {
      await work.writeFile('new.txt', 'new\n');
      const { changes } = await work.snapshot();
      expect(changes.map(({ kind, path }) => [kind, path])).toEqual([
        ['added', 'new.txt'],
        ['deleted', 'run.sh'],
      ]);
    } finally {
      server.close();
    }
  });

  it('takes the content of a file with two names, and shows neither to be changed by the other', async () => {
    await writeFile(join(scene.home, 'outside'), 'outside\n');
    await link(join(scene.home, 'outside'), join(work.root, 'twin'));
    const { tree } = await work.snapshot();
    await work.writeFile('twin', 'mine\n');
    expect(await readFile(join(scene.home, 'outside'), 'utf8')).toBe('outside\n');
    expect((await work.snapshot()).tree).not.toBe(tree);
  });

  it('is taken again where a file was exchanged for a directory, and back', async () => {
    execFileSync('sh', ['-c', 'rm README.md && mkdir README.md && echo x > README.md/a'], { cwd: work.root });
    expect(await paths()).toEqual(['README.md', 'README.md/a']);
    execFileSync('sh', ['-c', 'rm -r README.md && echo hello > README.md'], { cwd: work.root });
    expect(await paths()).toEqual([]);
  });
});

describe('what is read whole', () => {
  beforeEach(async () => {
    scene = await createScene({ 'README.md': 'hello\n', 'long.txt': `${'x'.repeat(63)}\n`.repeat(maxFileBytes / 32) });
    provider = scene.createProvider();
    work = await scene.open(provider);
  });
  afterEach(() => scene.dispose());

  it('is a diff up to its bound, and none beyond', async () => {
    const line = 'a line of text that is new\n';
    await work.writeFile('a.txt', line.repeat(maxDiffBytes / 4 / line.length));
    expect((await work.diff((await work.snapshot()).tree)).length).toBeGreaterThan(maxDiffBytes / 4);
    for (const name of ['b.txt', 'c.txt']) await work.writeFile(name, line.repeat(maxFileBytes / line.length - 1));
    const { tree } = await work.snapshot();
    await expect(work.diff(tree)).rejects.toMatchObject(tooLarge(`longer than ${maxDiffBytes} bytes`));
  });

  it('is no long file that was in the base and goes', async () => {
    await work.writeFile('long.txt', 'short\n');
    const { tree, changes } = await work.snapshot();
    expect(changes).toMatchObject([{ path: 'long.txt', binary: true, bytes: 6, oldBytes: maxFileBytes * 2 }]);
    expect(await work.diff(tree)).toMatch(/^Binary files a\/long\.txt and b\/long\.txt differ$/m);
  });

  it('is a file up to its bound, however it grows', async () => {
    await grow('a.bin', maxReadBytes);
    expect((await work.readFile('a.bin'))?.length).toBe(maxReadBytes);
    await grow('a.bin', maxReadBytes + 1);
    await expect(work.readFile('a.bin')).rejects.toMatchObject(tooLarge(`longer than ${maxReadBytes} bytes`));
  });
});
