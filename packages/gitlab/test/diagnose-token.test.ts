import { readFile } from 'node:fs/promises';
import type { Diagnosis } from '@baton/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gitlabNeeds } from '../src/host/diagnose-token.js';
import { createGitlabWorld, type GitlabWorld } from './gitlab-world.js';

let world: GitlabWorld;

beforeEach(async () => {
  world = await createGitlabWorld();
  world.project.allow(world.fake.self.username, 'write');
});
afterEach(async () => {
  await world.dispose();
  expect(world.fake.unexpected).toEqual([]);
});

/** What both roles are told, in another process each time. */
async function tell(): Promise<readonly Diagnosis[]> {
  const { changes } = world.fake;
  const { source, forge } = world.createGitlab();
  const lines = [
    ...(await Array.fromAsync(source.diagnose?.() ?? [])),
    ...(await Array.fromAsync(forge.diagnose?.() ?? [])),
  ];
  // A doctor writes nothing.
  expect(world.fake.changes).toBe(changes);
  expect(world.fake.requests.every(({ method }) => method === 'GET')).toBe(true);
  for (const { ok, fix, detail } of lines) {
    expect(fix === null).toBe(ok);
    expect(`${detail} ${fix}`).not.toContain(world.fake.token);
  }
  return lines;
}

const failing = (lines: readonly Diagnosis[]): readonly string[] => [
  ...new Set(lines.filter(({ ok }) => !ok).map(({ check }) => check)),
];
/** What the doctor calls a need. */
const checkOf = ({ kind, name }: (typeof gitlabNeeds)[number]): string =>
  kind === 'feature' ? name : `${kind} ${name}`;

it('is content where everything is given, and tells until when', async () => {
  const lines = await tell();
  expect(failing(lines)).toEqual([]);
  const checks = lines.map(({ check }) => check);
  for (const need of gitlabNeeds) expect(checks).toContain(checkOf(need));
  expect(lines[0]?.detail).toMatch(/until 2027-01-01/);
});

it.each([['read_api'], ['read_user'], ['write_repository'], []])(
  'names api where the token has %s',
  async (...scopes) => {
    world.fake.setScopes(scopes);
    const lines = await tell();
    expect(failing(lines)).toEqual(['scope api']);
    expect(lines[0]?.fix).toMatch(/the scope api/);
  },
);

it.each([
  ['Guest', 10],
  ['Planner', 15],
  ['Reporter', 20],
  ['Minimal access', 5],
])('names the role Developer where the account is %s', async (_name, level) => {
  world.project.setAccess(world.fake.self.username, level);
  const lines = await tell();
  expect(failing(lines)).toEqual(['role Developer']);
  expect(lines.find(({ ok }) => !ok)?.fix).toMatch(/the role Developer/);
});

it.each([
  ['issues', 'Issues'],
  ['merge requests', 'Merge requests'],
] as const)('names %s where they are switched off', async (feature, name) => {
  world.project.switchOff(feature);
  const lines = await tell();
  expect(failing(lines)).toEqual([name]);
  expect(lines.find(({ ok }) => !ok)?.fix).toContain(`switch ${name} on`);
});

it('tells of a project that is archived', async () => {
  world.project.archive();
  expect(failing(await tell())).toEqual(['project']);
});

it('tells of a project that has another name now, and of one out of sight', async () => {
  world.project.rename('acme/shop');
  expect((await tell()).filter(({ ok }) => !ok)[0]).toMatchObject({
    check: 'project',
    fix: 'set repository to acme/shop',
  });
  world.project.hide();
  expect(failing(await tell())).toContain('project');
  world.fake.revokeToken();
  const [line] = await tell();
  expect(line).toMatchObject({ check: 'scope api', ok: false, fix: expect.stringMatching(/new access token/) });
});

it('knows what docs/gitlab.md asks for, all of it and nothing else', async () => {
  const text = await readFile(new URL('../../../docs/gitlab.md', import.meta.url), 'utf8');
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith('| What | Name |')) + 2;
  const end = lines.findIndex((line, index) => index >= first && !line.startsWith('|'));
  const rows = lines.slice(first, end).map((line) =>
    line
      .split('|')
      .slice(1, 3)
      .map((cell) => cell.trim()),
  );
  expect(rows).toEqual(gitlabNeeds.map(({ kind, name }) => [kind, kind === 'scope' ? `\`${name}\`` : name]));
});
