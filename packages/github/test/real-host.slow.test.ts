import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keepLabels, type RealHost, runOnRealHost } from '@baton/conformance/real-host';
import { createFakeGithub, type FakeGithub } from '@baton/fake-hosts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRealGithub } from './real-github.js';

const git = (cwd: string, ...argv: readonly string[]) => promisify(execFile)('git', argv, { cwd });

describe('a real repository of GitHub (docs/real-hosts.md)', () => {
  const {
    BATON_REAL_GITHUB: repository = '',
    BATON_REAL_GITHUB_TOKEN: token = '',
    BATON_REAL_GITHUB_URL: baseUrl = 'https://api.github.com',
  } = process.env;
  if (repository === '' || token === '') {
    it('keeps to the contracts', (context) =>
      context.skip('needs BATON_REAL_GITHUB=owner/name and BATON_REAL_GITHUB_TOKEN'));
    return;
  }
  let host: RealHost;
  let removeLabels: () => Promise<void>;
  beforeAll(async () => {
    const personToken = process.env['BATON_REAL_GITHUB_PERSON_TOKEN'] ?? null;
    const otherToken = process.env['BATON_REAL_GITHUB_OTHER_TOKEN'] ?? null;
    // GitHub's instants are whole seconds.
    host = await createRealGithub({ repository, baseUrl, token, personToken, otherToken, pauseMs: 1_100 });
    removeLabels = await keepLabels(host);
  });
  afterAll(() => removeLabels());
  runOnRealHost(it, () => host, Date.now().toString(36));
});

// The same, by the interface and git alone, on a repository of the fake.
describe('the suites for a real repository of GitHub', () => {
  let root: string;
  let fake: FakeGithub;
  let host: RealHost;
  let removeLabels: () => Promise<void>;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'baton-real-github-'));
    await mkdir(join(root, 'acme'));
    await git(root, 'init', '-q', '--bare', '--initial-branch=main', 'acme/shop.git');
    await git(root, 'init', '-q', '--initial-branch=main', 'clone');
    const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    await git(join(root, 'clone'), ...who, 'commit', '-q', '--allow-empty', '-m', 'first');
    await git(join(root, 'clone'), 'push', '-q', '../acme/shop.git', 'main');
    fake = await createFakeGithub({ gitRoot: root, quota: 100_000 });
    for (const login of ['pat', 'olga']) fake.repository('acme/shop').allow(login, 'write');
    const [personToken, otherToken] = [fake.tokenOf('pat'), fake.tokenOf('olga')];
    const { baseUrl, token } = fake;
    host = await createRealGithub({ repository: 'acme/shop', baseUrl, token, personToken, otherToken, pauseMs: 0 });
    removeLabels = await keepLabels(host);
  });
  afterAll(async () => {
    await removeLabels();
    expect(fake.unexpected).toEqual([]);
    expect(await host.labels()).toEqual([]);
    const { stdout } = await git(join(root, 'acme', 'shop.git'), 'for-each-ref', '--format=%(refname)');
    expect(stdout.trim()).toBe('refs/heads/main');
    const { pulls, issues } = fake.repository('acme/shop');
    expect([...pulls(), ...issues()].filter(({ state }) => state === 'open')).toEqual([]);
    await fake.close();
    await rm(root, { recursive: true, force: true });
  });
  runOnRealHost(it, () => host, 'wiring');
});
