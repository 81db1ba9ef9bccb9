import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keepLabels, type RealHost, runOnRealHost } from '@baton/conformance/real-host';
import { createFakeGitlab, type FakeGitlab } from '@baton/fake-hosts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRealGitlab } from './real-gitlab.js';

const git = (cwd: string, ...argv: readonly string[]) => promisify(execFile)('git', argv, { cwd });

const gaps = {
  source: {
    'a-brief-holds-the-text-as-it-stood-at-the-trigger':
      'GitLab keeps no earlier text of a comment: one that was edited since is left out of the brief, and told as a later edit',
  },
};

describe('a real repository of GitLab (docs/real-hosts.md)', () => {
  const {
    BATON_REAL_GITLAB: repository = '',
    BATON_REAL_GITLAB_TOKEN: token = '',
    BATON_REAL_GITLAB_URL: baseUrl = 'https://gitlab.com',
  } = process.env;
  if (repository === '' || token === '') {
    it('keeps to the contracts', (context) =>
      context.skip('needs BATON_REAL_GITLAB=owner/name and BATON_REAL_GITLAB_TOKEN'));
    return;
  }
  let host: RealHost;
  let removeLabels: () => Promise<void>;
  beforeAll(async () => {
    const personToken = process.env['BATON_REAL_GITLAB_PERSON_TOKEN'] ?? null;
    const otherToken = process.env['BATON_REAL_GITLAB_OTHER_TOKEN'] ?? null;
    // Some of GitLab's instants are whole seconds.
    host = await createRealGitlab({ repository, baseUrl, token, personToken, otherToken, pauseMs: 1_100 });
    removeLabels = await keepLabels(host);
  });
  afterAll(() => removeLabels());
  runOnRealHost(it, () => host, Date.now().toString(36), gaps);
});

// The same, by the interface and git alone, on a repository of the fake.
describe('the suites for a real repository of GitLab', () => {
  let root: string;
  let fake: FakeGitlab;
  let host: RealHost;
  let removeLabels: () => Promise<void>;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'baton-real-gitlab-'));
    await mkdir(join(root, 'acme'));
    await git(root, 'init', '-q', '--bare', '--initial-branch=main', 'acme/shop.git');
    await git(root, 'init', '-q', '--initial-branch=main', 'clone');
    const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    await git(join(root, 'clone'), ...who, 'commit', '-q', '--allow-empty', '-m', 'first');
    await git(join(root, 'clone'), 'push', '-q', '../acme/shop.git', 'main');
    fake = await createFakeGitlab({ gitRoot: root, quota: 100_000 });
    for (const login of ['pat', 'olga']) fake.project('acme/shop').allow(login, 'write');
    const [personToken, otherToken] = [fake.tokenOf('pat'), fake.tokenOf('olga')];
    const { origin: baseUrl, token } = fake;
    host = await createRealGitlab({ repository: 'acme/shop', baseUrl, token, personToken, otherToken, pauseMs: 0 });
    removeLabels = await keepLabels(host);
  });
  afterAll(async () => {
    await removeLabels();
    expect(fake.unexpected).toEqual([]);
    expect(await host.labels()).toEqual([]);
    const { stdout } = await git(join(root, 'acme', 'shop.git'), 'for-each-ref', '--format=%(refname)');
    expect(stdout.trim()).toBe('refs/heads/main');
    const { mergeRequests, issues } = fake.project('acme/shop');
    expect([...mergeRequests(), ...issues()].filter(({ state }) => state === 'opened')).toEqual([]);
    await fake.close();
    await rm(root, { recursive: true, force: true });
  });
  runOnRealHost(it, () => host, 'wiring', gaps);
});
