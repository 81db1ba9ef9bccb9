import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GitWorktrees } from '../../src/index.js';
import { createRestlessRuntime, createScene, git, type Scene, write } from '../scene.js';

let scene: Scene;
let log: string;
let provider: GitWorktrees;

/** The verbs of the git commands that a task needed, in order where they aren't side by side. */
async function verbsOf(task: () => Promise<unknown>): Promise<readonly string[]> {
  await writeFile(log, '');
  await task();
  const lines = (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => line.split(' ').find((word) => /^[a-z]/.test(word)) ?? line).sort();
}

/** Each process costs the machine milliseconds, for every job: this is how many there may be. */
describe('git is asked for', () => {
  beforeEach(async () => {
    scene = await createScene();
    log = join(scene.home, 'argv.log');
    const real = (await promisify(execFile)('sh', ['-c', 'command -v git'])).stdout.trim();
    await write(join(scene.home, 'bin/git'), `#!/bin/sh\necho "$@" >> ${log}\nexec ${real} "$@"\n`);
    await chmod(join(scene.home, 'bin/git'), 0o755);
    const path = process.env['PATH'];
    process.env['PATH'] = `${join(scene.home, 'bin')}:${path}`;
    try {
      provider = scene.createProvider({ spares: 1 }, createRestlessRuntime());
    } finally {
      process.env['PATH'] = path;
    }
  });
  afterEach(() => scene.dispose());

  it('nothing of the remote that an earlier version fetched', async () => {
    const url = scene.remote;
    const ref = `refs/baton/remote/${createHash('sha1').update(`${url}\nrefs/heads/main`).digest('hex')}`;
    await git(scene.home, 'init', '-q', '--bare', '--template=', scene.vault);
    await git(scene.vault, 'fetch', '-q', url, `main:${ref}`);
    const fetched = { repository: 'fixture', remote: { url }, branch: 'main', readableBy: 'commands' } as const;
    expect(await verbsOf(() => provider.fetch(fetched))).toEqual(['config', 'fetch', 'fetch', 'init']);
    const fetches = (await readFile(log, 'utf8')).split('\n').filter((line) => / fetch /.test(line));
    expect(fetches[0]).toContain(` -- ${scene.vault} `);
    expect(await verbsOf(() => provider.fetch(fetched))).toEqual(['fetch']);
  });

  it('what nobody knows yet, and no more', async () => {
    const remote = { url: scene.remote };
    const branch = 'baton/issue-1';
    await scene.open(provider, { job: 'before' });
    await provider.idle();
    expect(await verbsOf(() => provider.fetch({ repository: 'fixture', remote, branch: 'main' }))).toEqual(['fetch']);
    expect(await verbsOf(() => scene.open(provider))).toEqual(['fetch']);
    const work = await scene.open(provider);
    const look = ['diff-files', 'ls-files'];
    expect(await verbsOf(() => work.snapshot())).toEqual(look);

    await work.writeFile('new.txt', 'new\n');
    const write = ['update-index', 'write-tree', 'diff-tree', 'check-attr', 'cat-file', 'ls-tree'];
    expect(await verbsOf(() => work.snapshot())).toEqual([...look, ...write].sort());
    expect(await verbsOf(() => work.snapshot())).toEqual(look);
    const { tree } = await work.snapshot();
    expect(await verbsOf(() => work.diff(tree))).toEqual(['diff-tree']);
    expect(await verbsOf(() => work.diff(tree))).toEqual([]);

    const author = { name: 'Baton', email: 'baton@example.com' };
    const request = { tree, parents: [work.baseCommit], message: 'Ours\n', author, at: 0 };
    expect(await verbsOf(() => work.commit(request))).toEqual(['commit-tree', 'update-ref']);
    const again = await scene.open(provider);
    expect(await verbsOf(() => again.commit(request))).toEqual([]);
    const commit = await again.commit(request);
    expect(await verbsOf(() => again.push({ remote, branch, commit, expected: null }))).toEqual(['push']);
    expect(await verbsOf(() => provider.remove(work.key))).toEqual([...look, 'for-each-ref', 'update-ref'].sort());
  });
});
