import { readFile } from 'node:fs/promises';
import type { Diagnosis } from '@baton/core';
import type { FakeGithubOptions } from '@baton/fake-hosts';
import { afterEach, describe, expect, it } from 'vitest';
import { accessName, neededPermissions, neededScopes } from '../../src/host/diagnose-permissions.js';
import { createGithubWorld, type GithubWorld, repositoryName } from '../github-world.js';

let world: GithubWorld;

afterEach(async () => {
  await world?.[Symbol.asyncDispose]();
  expect(world?.fake.unexpected).toEqual([]);
});

/** What both roles are told, in another process each time. */
async function tell(): Promise<readonly Diagnosis[]> {
  const { changes } = world.fake;
  const account = world.connect();
  const lines = [
    ...(await Array.fromAsync(account.source({ repository: repositoryName }).diagnose?.() ?? [])),
    ...(await Array.fromAsync(account.forge({ repository: repositoryName }).diagnose?.() ?? [])),
  ];
  // A doctor writes nothing.
  expect(world.fake.changes).toBe(changes);
  expect(world.fake.requests.every(({ method, path }) => method === 'GET' || path.endsWith('/access_tokens'))).toBe(
    true,
  );
  for (const { ok, fix, detail } of lines) {
    expect(fix === null).toBe(ok);
    expect(`${detail} ${fix}`).not.toContain(world.fake.token);
  }
  return lines;
}

const failing = (lines: readonly Diagnosis[]): readonly string[] => [
  ...new Set(lines.filter(({ ok }) => !ok).map(({ check }) => check)),
];
const begin = async (options: FakeGithubOptions): Promise<void> => {
  world = await createGithubWorld(options);
};
const required = neededPermissions.filter(({ isRequired }) => isRequired);

describe('the doctor of an App', () => {
  it('is content where everything is given', async () => {
    await begin({ app: true });
    const lines = await tell();
    expect(failing(lines)).toEqual([]);
    const checks = lines.map(({ check }) => check);
    for (const { name } of neededPermissions) expect(checks).toContain(name);
  });

  it.each(required.map(({ key, name }) => [name, key]))('names %s where it is withheld', async (name, key) => {
    await begin({ app: true });
    world.fake.setPermissions({ [key]: 'none' });
    const lines = await tell();
    expect(failing(lines)).toEqual([name]);
    expect(lines.find(({ ok }) => !ok)?.fix).toContain(`set ${name} to Read`);
  });

  it.each(required.filter(({ access }) => access === 'write').map(({ key, name }) => [name, key]))(
    'names %s where it is given for reading only',
    async (name, key) => {
      await begin({ app: true });
      world.fake.setPermissions({ [key]: 'read' });
      const lines = await tell();
      expect(failing(lines)).toEqual([name]);
      expect(lines.find(({ ok }) => !ok)?.fix).toContain(`set ${name} to Read and write`);
    },
  );

  it('tells of an installation that is suspended, or not there', async () => {
    await begin({ app: true });
    const path = /\/installation$/;
    const suspended = { suspended_at: '2026-01-01T00:00:00Z', permissions: {} };
    world.fake.failNext(
      { kind: 'change', change: (answer) => ({ ...answer, body: { ...Object(answer.body), ...suspended } }) },
      { path, times: 2 },
    );
    expect(failing(await tell())[0]).toBe('installation');
    world.fake.failNext({ kind: 'answer', status: 404, body: { message: 'Not Found' } }, { path, times: 2 });
    const [line] = (await tell()).filter(({ ok }) => !ok);
    expect(line).toMatchObject({ check: 'repository', fix: expect.stringMatching(/install the App/) });
  });

  it('tells what cannot be done without Workflows', async () => {
    await begin({ app: true });
    world.fake.setPermissions({ workflows: 'none' });
    const line = (await tell()).find(({ check }) => check === 'Workflows');
    expect(line?.ok).toBe(true);
    expect(line?.detail).toMatch(/doesn't have Workflows: .*\.github\/workflows/);
  });
});

describe('the doctor of a fine-grained token', () => {
  it('is content where everything is given, and says what GitHub does not tell', async () => {
    await begin({ fineGrained: true });
    world.fake.setPermissions({ checks: 'read' });
    const lines = await tell();
    expect(failing(lines)).toEqual([]);
    expect(lines.find(({ check }) => check === 'Issues')?.detail).toMatch(/at the first write/);
    const checks = lines.map(({ check }) => check);
    for (const { name } of neededPermissions) expect(checks).toContain(name);
  });

  it.each(required.map(({ key, name }) => [name, key]))('names %s where it is withheld', async (name, key) => {
    await begin({ fineGrained: true });
    world.fake.setPermissions({ checks: 'read', [key]: 'none' });
    const lines = await tell();
    expect(failing(lines)).toEqual([name]);
    expect(lines.find(({ ok }) => !ok)?.fix).toContain(name);
    if (key !== 'metadata' && key !== 'contents') {
      expect(lines.find(({ ok }) => !ok)?.detail).toContain(`GitHub asks for ${key}=read`);
    }
  });

  it('names Contents where it may be read only: git is asked whether it may push', async () => {
    await begin({ fineGrained: true });
    world.fake.setPermissions({ checks: 'read', contents: 'read' });
    expect(failing(await tell())).toEqual(['Contents']);
  });

  it('says of a private repository that nobody can give Checks to such a token, and asks nothing of a public one', async () => {
    await begin({ fineGrained: true });
    const [line] = (await tell()).filter(({ ok }) => !ok);
    expect(line?.fix).toMatch(/GitHub App .*classic token/);
    world.repository.setPrivate(false);
    expect(failing(await tell())).toEqual([]);
  });

  it('names the role where the account may only read', async () => {
    await begin({ fineGrained: true });
    world.fake.setPermissions({ checks: 'read' });
    world.repository.allow(world.fake.self.login, 'read');
    const lines = await tell();
    expect(failing(lines)).toEqual(['role']);
    expect(lines.find(({ check }) => check === 'Contents')?.detail).toMatch(/at the first write/);
  });

  it('does not take a limit or single sign-on for a missing permission', async () => {
    await begin({ fineGrained: true });
    world.fake.setPermissions({ checks: 'read' });
    // GitHub says with every answer what it accepts.
    const accepted = { 'x-accepted-github-permissions': 'pull_requests=read' };
    const headers = { ...accepted, 'x-github-sso': 'required; url=x' };
    world.fake.failNext(
      { kind: 'answer', status: 403, headers, body: { message: 'Resource protected by SAML' } },
      { path: '/pulls', times: 2 },
    );
    const lines = (await tell()).filter(({ ok }) => !ok);
    expect(lines).toMatchObject([{ check: 'Pull requests', fix: expect.stringMatching(/single sign-on/) }]);
    world.fake.failNext(
      {
        kind: 'answer',
        status: 403,
        headers: { ...accepted, 'x-ratelimit-remaining': '0' },
        body: { message: 'API rate limit' },
      },
      { path: '/pulls', times: 2 },
    );
    expect((await tell()).filter(({ ok }) => !ok)).toMatchObject([
      { check: 'access', detail: expect.stringMatching(/until/) },
    ]);
  });

  it('tries no check of commits where there is no commit', async () => {
    await begin({ fineGrained: true });
    world.fake.setPermissions({ checks: 'read' });
    await world.repository.emptyRepository();
    const lines = (await tell()).filter(({ ok }) => !ok);
    expect(lines.map(({ check, fix }) => [check, fix])).toEqual([
      ['Checks', 'push a first commit'],
      ['Commit statuses', 'push a first commit'],
    ]);
  });
});

describe('the doctor of a classic token', () => {
  it('is content with both scopes', async () => {
    await begin({});
    const lines = await tell();
    expect(failing(lines)).toEqual([]);
    const checks = lines.map(({ check }) => check);
    for (const { name } of neededScopes) expect(checks).toContain(`scope ${name}`);
  });

  it('names repo where it is missing, of a public repository too', async () => {
    await begin({});
    world.fake.setScopes(['workflow', 'read:org']);
    const lines = await tell();
    expect(failing(lines)).toEqual(['scope repo', 'repository']);
    world.repository.setPrivate(false);
    expect(failing(await tell())).toEqual(['scope repo']);
    world.fake.setScopes(['public_repo']);
    expect(failing(await tell())).toEqual([]);
  });

  it('tells what cannot be done without workflow', async () => {
    await begin({});
    world.fake.setScopes(['repo']);
    const line = (await tell()).find(({ check }) => check === 'scope workflow');
    expect(line?.ok).toBe(true);
    expect(line?.detail).toMatch(/doesn't have the scope workflow: .*\.github\/workflows/);
  });
});

describe('the doctor', () => {
  it('tells of what stands in the way in the repository itself', async () => {
    await begin({});
    world.repository.archive();
    world.repository.switchOffIssues();
    expect(failing(await tell())).toEqual(['repository', 'issues']);
    const nowhere = await Array.fromAsync(world.connect().source({ repository: 'acme/nowhere' }).diagnose?.() ?? []);
    expect(nowhere.filter(({ ok }) => !ok)).toMatchObject([
      { check: 'repository', fix: expect.stringMatching(/access/) },
    ]);
    world.fake.revokeTokens();
    const [refused] = await tell();
    expect(refused).toMatchObject({ check: 'access', ok: false, fix: expect.stringMatching(/token/) });
  });

  it('knows the permissions and scopes of docs/github.md, all and no others', async () => {
    const text = await readFile(new URL('../../../../docs/github.md', import.meta.url), 'utf8');
    expect(rowsUnder(text, '| Repository permission |')).toEqual(
      neededPermissions.map(({ name, access, isRequired }) => [name, accessName(access), isRequired ? 'yes' : 'no']),
    );
    expect(rowsUnder(text, '| Scope |')).toEqual(
      neededScopes.map(({ name, isRequired }) => [`\`${name}\``, isRequired ? 'yes' : 'no']),
    );
  });
});

/** The rows of the table that begins so, without its last column, which is prose. */
function rowsUnder(text: string, heading: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith(heading)) + 2;
  const end = lines.findIndex((line, index) => index >= first && !line.startsWith('|'));
  return lines.slice(first, end).map((line) =>
    line
      .split('|')
      .slice(1, -2)
      .map((cell) => cell.trim()),
  );
}
