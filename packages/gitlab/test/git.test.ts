import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createFakeGitlab } from '@baton/fake-hosts';
import { expect, it } from 'vitest';
import { createGitlabWorld, repository } from './gitlab-world.js';

const run = promisify(execFile);
const environment = {
  ...{ PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0' },
  ...{
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@x.example',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@x.example',
  },
};

it('lets git push with what remote() tells, and nobody else', async () => {
  const root = await mkdtemp(join(tmpdir(), 'baton-gitlab-git-'));
  const git = (...args: readonly string[]) => run('git', args, { cwd: root, env: environment, timeout: 20_000 });
  try {
    const bare = join('hosted', `${repository}.git`);
    await git('init', '--bare', '--initial-branch=main', bare);
    await git('-C', bare, 'config', 'http.receivepack', 'true');
    await using world = await createGitlabWorld({ gitRoot: join(root, 'hosted') });
    const { forge } = world.createGitlab();
    await expect(forge.defaultBranch()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const { url, username = '', password = '' } = await forge.remote();
    await git('init', '--initial-branch=main', 'work');
    await git('-C', 'work', 'commit', '--allow-empty', '-m', 'First');
    const basic = Buffer.from(`${username}:${password}`).toString('base64');
    const push = (header: string) =>
      git(
        '-C',
        'work',
        '-c',
        `http.extraHeader=Authorization: Basic ${header}`,
        'push',
        url,
        'HEAD:refs/heads/main',
        'HEAD:refs/heads/baton/issue-1',
      );
    await expect(push(Buffer.from('oauth2:wrong').toString('base64'))).rejects.toThrow();
    await push(basic);
    expect(await forge.defaultBranch()).toBe('main');
    const head = (await git('-C', 'work', 'rev-parse', 'HEAD')).stdout.trim();
    const request = { head: 'baton/issue-1', base: 'main', title: 'T', body: 'B', draft: true, labels: [] };
    expect((await forge.ensurePullRequest(request)).pullRequest.headCommit).toBe(head);
    // Git is led on from the path before, and Baton's never follows: it is told the present one at once.
    world.project.rename('acme/store');
    expect((await forge.remote()).url).toBe(`${world.fake.origin}/acme/store.git`);
    const look = (path: string) =>
      git(
        ...['-c', `http.extraHeader=Authorization: Basic ${basic}`, '-c', 'http.followRedirects=false'],
        ...['ls-remote', `${world.fake.origin}/${path}.git`, 'refs/heads/baton/issue-1'],
      );
    await expect(look(repository)).rejects.toThrow(/301/);
    expect((await look('acme/store')).stdout).toContain(head);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

it('is a fake that fails loudly where it knows no route', async () => {
  await using fake = await createFakeGitlab();
  const headers = { authorization: `Bearer ${fake.token}` };
  expect((await fetch(`${fake.origin}/api/v4/version`, { headers })).status).toBe(599);
  expect(fake.unexpected).toEqual([expect.stringContaining('GET /api/v4/version')]);
});
