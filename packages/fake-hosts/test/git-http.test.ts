import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGitHttpServer, type GitHttpServer } from '../src/git/git-http.js';

const run = promisify(execFile);
let home: string;
let server: GitHttpServer;

const env = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: home,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
});
const git = async (cwd: string, ...argv: string[]): Promise<string> =>
  (await run('git', argv, { cwd, env: env() })).stdout.trim();
const withToken = (url: string, token: string): string => url.replace('://', `://x:${token}@`);

/** A repository on the server with one commit on `main`, and a clone of it. */
async function seeded(): Promise<{ readonly url: string; readonly clone: string }> {
  const url = withToken(await server.createRepository('app.git'), 'good');
  const clone = join(home, 'clone');
  await git(home, 'clone', '-q', url, clone);
  await writeFile(join(clone, 'a.txt'), 'one\n'.repeat(10_000));
  await git(clone, 'add', '.');
  await git(clone, 'commit', '-q', '-m', 'first');
  await git(clone, 'push', '-q', 'origin', 'HEAD:main');
  return { url, clone };
}

describe('git over http', () => {
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'baton-git-http-'));
    server = await createGitHttpServer({ root: join(home, 'served'), token: 'good', readOnlyToken: 'readonly' });
  });
  afterEach(async () => {
    await server.close();
    await rm(home, { recursive: true, force: true });
  });

  it('clones what was pushed, shallow and partial clones too', async () => {
    const { url, clone } = await seeded();
    const head = await git(clone, 'rev-parse', 'HEAD');
    for (const flags of [[], ['--depth=1'], ['--filter=blob:none', '--no-checkout']]) {
      const copy = join(home, `copy${flags.join('')}`);
      await git(home, 'clone', '-q', '-b', 'main', ...flags, url, copy);
      expect(await git(copy, 'rev-parse', 'HEAD')).toBe(head);
    }
  });

  it('answers 401 without or with a wrong token, 403 to a push with the read-only one', async () => {
    const { url, clone } = await seeded();
    const plain = url.replace('x:good@', '');
    await expect(git(home, 'ls-remote', plain)).rejects.toThrow(/could not read Username|Authentication failed/);
    await expect(git(home, 'ls-remote', withToken(plain, 'bad'))).rejects.toThrow(/Authentication failed/);
    expect(await git(home, 'ls-remote', withToken(plain, 'readonly'))).toContain('refs/heads/main');
    await expect(git(clone, 'push', withToken(plain, 'readonly'), 'HEAD:other')).rejects.toThrow(/403/);
    expect(await git(home, 'ls-remote', url)).not.toContain('other');
  });

  it('leaves refusing a push to git', async () => {
    const { clone } = await seeded();
    await git(clone, 'commit', '-q', '--amend', '-m', 'rewritten');
    await expect(git(clone, 'push', 'origin', 'HEAD:main')).rejects.toThrow(/non-fast-forward/);
  });

  it('fails as it is told, once each', async () => {
    const { url, clone } = await seeded();
    server.failNext({ kind: 'refuse', status: 503 });
    await expect(git(home, 'ls-remote', url)).rejects.toThrow(/503/);
    server.failNext({ kind: 'cut' });
    await expect(git(home, 'ls-remote', url)).rejects.toThrow(/Empty reply|Connection reset/i);
    server.failNext({ kind: 'lose-answer', on: 'push' });
    await expect(git(clone, 'push', 'origin', 'HEAD:lost')).rejects.toThrow();
    expect(await git(home, 'ls-remote', url)).toContain('refs/heads/lost');
  });

  it('leaves no process when a client goes or it closes in the middle of a request', async () => {
    await seeded();
    const backends = async (): Promise<boolean> =>
      (await environments()).includes(`GIT_PROJECT_ROOT=${join(home, 'served')}`);
    const begin = (): ClientRequest => {
      const options = {
        method: 'POST',
        auth: 'x:good',
        headers: { 'content-type': 'application/x-git-receive-pack-request' },
      };
      const client = request(`${server.url}/app.git/git-receive-pack`, options);
      client.on('error', () => {});
      client.write('00ff');
      return client;
    };
    const client = begin();
    await expect.poll(backends, { timeout: 20_000 }).toBe(true);
    client.destroy();
    await expect.poll(backends, { timeout: 20_000 }).toBe(false);
    begin();
    await expect.poll(backends, { timeout: 20_000 }).toBe(true);
    await server.close();
    await server.close();
    expect(await backends()).toBe(false);
  });
});

/** The environment of every process of this machine that may be read. */
async function environments(): Promise<string> {
  const numbers = (await readdir('/proc')).filter((each) => /^\d+$/.test(each));
  const texts = await Promise.all(numbers.map((each) => readFile(`/proc/${each}/environ`, 'utf8').catch(() => '')));
  return texts.join('\0');
}
