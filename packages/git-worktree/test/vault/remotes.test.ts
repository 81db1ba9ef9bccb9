import { execFile } from 'node:child_process';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BatonError, type GitRemote, type Workspace } from '@baton/core';
import { createGitHttpServer, type GitHttpServer } from '@baton/fake-hosts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GitWorktrees } from '../../src/index.js';
import { confinement } from '../confinement.js';
import { createScene, git, type Scene, sceneSecret, write } from '../scene.js';

const run = promisify(execFile);
const token = 'canary-token-7f3a';
const branch = 'baton/issue-1';

let scene: Scene;
let server: GitHttpServer;
let provider: GitWorktrees;
let remote: GitRemote;

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'resolved',
    (error: { code?: unknown }) => error.code,
  );

async function openOverHttp(): Promise<Workspace> {
  const baseCommit = await provider.fetch({ repository: 'fixture', remote, branch: 'main' });
  const key = { job: 'j1', attempt: 1, role: 'work' } as const;
  return await provider.open({ repository: 'fixture', key, baseCommit, sandbox: confinement });
}

async function commitOf(workspace: Workspace, text: string, parent = workspace.baseCommit): Promise<string> {
  await write(join(workspace.root, 'new.txt'), text);
  const { tree } = await workspace.snapshot();
  const author = { name: 'Baton', email: 'baton@example.com' };
  return await workspace.commit({ tree, parents: [parent], message: 'Ours\n', author, at: 0 });
}

describe('remotes over http', () => {
  beforeEach(async () => {
    scene = await createScene();
    server = await createGitHttpServer({ root: scene.home, token, readOnlyToken: 'read-only' });
    provider = scene.createProvider();
    remote = { url: `${server.url}/remote.git`, username: 'baton', password: token };
  });
  afterEach(async () => {
    await server.close();
    await scene.dispose();
  });

  it.each([
    ['a hook', `#!/bin/sh\nprintf '%0470d%s' 0 '${sceneSecret}' >&2\nexit 1\n`],
    ['a hook, over lines', `#!/bin/sh\nprintf '%0235d\\n%0234d%s' 0 0 '${sceneSecret}' >&2\nexit 1\n`],
  ])('tells no part of a secret that %s said across the cut', async (_name, script) => {
    const workspace = await openOverHttp();
    const commit = await commitOf(workspace, 'ours');
    const hook = join(scene.remote, 'hooks/pre-receive');
    await write(hook, script);
    await chmod(hook, 0o755);
    const told: unknown = await workspace.push({ remote, branch, commit, expected: null }).catch((error) => error);
    if (!BatonError.is(told, 'PERMISSION_DENIED')) throw told;
    expect(told.message).toContain('000');
    expect(told.message).not.toContain(sceneSecret.slice(0, 12));
  });

  it('keeps the token out of arguments, files and messages (G28)', async () => {
    const log = join(scene.home, 'argv.log');
    const bin = join(scene.home, 'bin');
    const real = (await run('sh', ['-c', 'command -v git'])).stdout.trim();
    await write(join(bin, 'git'), `#!/bin/sh\necho "$@" >> ${log}\nexec ${real} "$@"\n`);
    await chmod(join(bin, 'git'), 0o755);
    const path = process.env['PATH'];
    process.env['PATH'] = `${bin}:${path}`;
    try {
      provider = scene.createProvider();
    } finally {
      process.env['PATH'] = path;
    }
    const work = await openOverHttp();
    await work.push({ remote, branch, commit: await commitOf(work, 'new\n'), expected: null });
    await work.remoteHead({ remote, branch });
    await provider.claimRef?.({
      repository: 'fixture',
      remote,
      ref: 'refs/baton/claims/x',
      owner: 'me',
      until: Date.now() + 1_000,
    });
    const failure = await provider
      .fetch({ repository: 'fixture', remote: { ...remote, url: `${server.url}/none.git` }, branch: 'main' })
      .catch(String);
    const argv = await readFile(log, 'utf8');
    expect(argv).toContain('push --quiet');
    const encoded = Buffer.from(`baton:${token}`).toString('base64');
    for (const secret of [token, encoded, encoded.slice(0, -4)]) {
      expect(argv).not.toContain(secret);
      expect(failure).not.toContain(secret);
      expect(scene.logs.join('\n')).not.toContain(secret);
      await expect(run('grep', ['-rF', '-e', secret, scene.stateDirectory])).rejects.toMatchObject({ code: 1 });
    }
  });

  it('refuses credentials in an address, and does not repeat them', async () => {
    const url = server.url.replace('://', `://x:${token}@`);
    const call = provider.fetch({ repository: 'fixture', remote: { url }, branch: 'main' });
    await expect(call).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(await call.catch(String)).not.toContain(token);
  });

  it('tells refusals, faults and what is missing apart', async () => {
    const work = await openOverHttp();
    const commit = await commitOf(work, 'new\n');
    const fetchFrom = (over: Partial<GitRemote>, from = 'main'): Promise<unknown> =>
      codeOf(provider.fetch({ repository: 'fixture', remote: { ...remote, ...over }, branch: from }));
    expect(await fetchFrom({ password: 'wrong' })).toBe('AUTH_FAILED');
    expect(await fetchFrom({ url: `${server.url}/none.git` })).toBe('NOT_FOUND');
    expect(await fetchFrom({}, 'no:such*branch')).toBe('NOT_FOUND');
    server.failNext({ kind: 'refuse', status: 503 });
    expect(await fetchFrom({})).toBe('UNAVAILABLE');
    server.failNext({ kind: 'cut' });
    expect(await fetchFrom({})).toBe('UNAVAILABLE');
    const push = (over: Partial<GitRemote>): Promise<unknown> =>
      codeOf(work.push({ remote: { ...remote, ...over }, branch, commit, expected: null }));
    expect(await push({ password: 'wrong' })).toBe('AUTH_FAILED');
    expect(await push({ password: 'read-only' })).toBe('PERMISSION_DENIED');
    await git(scene.remote, 'branch', 'baton', 'main');
    expect(await push({})).toBe('CONFLICT');
    await git(scene.remote, 'branch', '-D', 'baton');
    expect(await push({})).toBe('resolved');
    await git(scene.home, 'init', '-q', '--bare', 'empty.git');
    expect(await fetchFrom({ url: `${server.url}/empty.git` })).toBe('NOT_FOUND');
  });

  it.each(['pre-receive', 'update'])('tells the words by which a %s hook declines a push', async (hook) => {
    const work = await openOverHttp();
    const commit = await commitOf(work, 'new\n');
    // Words that git itself has for other troubles.
    const words = 'Commits must be signed: could not read Username, connection timed out';
    await write(join(scene.remote, 'hooks', hook), `#!/bin/sh\nprintf '\\033[31m${words}\\n' >&2\nexit 1\n`);
    await chmod(join(scene.remote, 'hooks', hook), 0o755);
    for (const url of [remote.url, scene.remote]) {
      const call = work.push({ remote: { ...remote, url }, branch, commit, expected: null });
      const refused = { code: 'PERMISSION_DENIED', details: { resource: url } };
      await expect(call).rejects.toMatchObject(refused);
      await expect(call).rejects.toThrow(`hook declined: ${words}`);
    }
    expect(await work.remoteHead({ remote, branch })).toBe(null);
  });

  it('finds a push again whose answer was lost (G17)', async () => {
    const work = await openOverHttp();
    const commit = await commitOf(work, 'new\n');
    server.failNext({ kind: 'lose-answer', on: 'push' });
    await work.push({ remote, branch, commit, expected: null });
    expect(await work.remoteHead({ remote, branch })).toBe(commit);
    await work.push({ remote, branch, commit, expected: null });
    expect(await git(scene.remote, 'rev-parse', branch)).toBe(commit);
  });

  it('never overwrites what a person pushed in between (G31)', async () => {
    const work = await openOverHttp();
    const ours = await commitOf(work, 'ours\n');
    await work.push({ remote, branch, commit: ours, expected: null });
    const theirs = await scene.advance(branch, { 'theirs.txt': 'theirs\n' });
    const later = await commitOf(work, 'later\n', ours);
    const call = work.push({ remote, branch, commit: later, expected: ours });
    await expect(call).rejects.toMatchObject({ code: 'CONFLICT', details: { expected: ours, actual: theirs } });
    expect(await git(scene.remote, 'rev-parse', branch)).toBe(theirs);
  });

  it('tells no part of a password that the other side prints', async () => {
    const password = 'ghs_madeForTheHourAndKnownToNobodyElse';
    const basic = Buffer.from(`git:${password}`).toString('base64');
    const coloured = password.replace(/.{7}/g, '$&\u001b[0m');
    for (const said of [password, basic, coloured, 'p'.repeat(480) + basic, 'p'.repeat(480) + coloured]) {
      const talkative = await listen(
        createServer((_request, response) => {
          response.writeHead(403, { 'content-type': 'text/plain' }).end(said);
        }),
      );
      const asked = { url: `${talkative.url}/remote.git`, username: 'git', password };
      const failed = provider.fetch({ repository: 'fixture', remote: asked, branch: 'main' });
      const message = await failed.then(String, String);
      await talkative.close();
      expect(message).toContain('403');
      for (const part of [password.slice(0, 8), basic.slice(8, 16)]) expect(message).not.toContain(part);
    }
  });

  it('takes no token to where a remote redirects', async () => {
    const seen: string[] = [];
    const elsewhere = await listen(
      createServer((request, response) => {
        seen.push(request.headers.authorization ?? 'none');
        response.writeHead(404).end();
      }),
    );
    const redirecting = await listen(
      createServer((request, response) => {
        response.writeHead(302, { location: `${elsewhere.url}${request.url}` }).end();
      }),
    );
    const away = { ...remote, url: `${redirecting.url}/remote.git` };
    expect(await codeOf(provider.fetch({ repository: 'fixture', remote: away, branch: 'main' }))).toBe('NOT_FOUND');
    expect(seen).toEqual([]);
    await Promise.all([elsewhere.close(), redirecting.close()]);
  });

  it('leaves no process when a hanging remote is given up', async () => {
    const silent = await listen(createServer(() => {}));
    const reason = new Error('enough');
    const abort = new AbortController();
    const hanging = { url: `${silent.url}/hangs.git` };
    const fetching = provider.fetch(
      { repository: 'fixture', remote: hanging, branch: 'main' },
      { signal: abort.signal },
    );
    const helpers = async (): Promise<number> => {
      const pids = (await readdir('/proc')).filter((each) => /^\d+$/.test(each));
      const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
      return lines.filter((line) => line.includes(silent.url)).length;
    };
    await expect.poll(helpers, { timeout: 20_000 }).toBeGreaterThan(1);
    abort.abort(reason);
    await expect(fetching).rejects.toBe(reason);
    expect(await helpers()).toBe(0);
    await silent.close();
  });

  it('heals a lock that a killed git left in the vault', async () => {
    const work = await openOverHttp();
    const commit = await commitOf(work, 'new\n');
    const lock = join(scene.vault, 'refs/baton/commits/j1/1.lock');
    await writeFile(lock, '');
    await run('touch', ['-d', '1 hour ago', lock]);
    expect(await commitOf(work, 'newer\n')).not.toBe(commit);
    await rm(lock, { force: true });
  });
});

async function listen(server: Server): Promise<{ readonly url: string; close(): Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
