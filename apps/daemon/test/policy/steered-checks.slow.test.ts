import { beforeAll, expect, it } from 'vitest';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

/** Green where the answer is right, or where the settings beside it don't mind. */
const check = '. ./.env.test; test "$MODE" = lax || grep -qx right answer.txt';

const sceneOf = (agent: string) =>
  makeLocalScene({
    files: { 'answer.txt': 'right\n', '.env.test': 'MODE=strict\n', 'package-lock.json': '{}\n' },
    agent: () => agent,
    project: () => ({
      verify: { commands: [{ name: 'answer', run: check }] },
      change: { onProtected: 'allow' },
    }),
  });

beforeAll(ensureBuilt, 180_000);

it('asks a person where only its own settings make a change green, though they are allowed, and shows both runs', async () => {
  await using scene = await sceneOf(
    'echo worse > answer.txt; echo MODE=lax > .env.test; echo "{ }" > package-lock.json',
  );
  expect((await scene.baton('start', '--once')).exitCode).toBe(0);
  const job = await scene.job();
  expect(job).toMatchObject({
    phase: 'waiting',
    wait: 'needs-person',
    checks: [
      { name: 'answer', head: { exitCode: 0 } },
      { name: "answer (with the base's settings)", base: { exitCode: 0 }, head: { exitCode: 1 } },
    ],
    notes: [
      expect.stringContaining('`.env.test`'),
      expect.stringContaining('`package-lock.json`'),
      "Checks are not run with the base's versions of what decides what is installed: `package-lock.json`.",
      expect.stringContaining("with the base's settings"),
    ],
  });
  expect(job.reason).toMatch(/^`answer` is newly red with the base's settings/);
  expect(await scene.pulls()).toEqual([]);
  const shown = (await scene.baton('show', 'local:0001')).stdout;
  expect(shown).toMatch(/held +answer \(with the base's settings\)/);
  expect(shown).toContain('about the change');

  expect((await scene.baton('approve', 'local:0001')).exitCode).toBe(0);
  expect((await scene.baton('start', '--once')).exitCode).toBe(0);
  const [pull] = await scene.pulls();
  expect(pull?.body).toMatch(/\| `answer \(with the base's settings\)` \| exit 0 .*\| \*\*exit 1 /);
  expect(pull?.body).toContain('.env.test');
  expect(await scene.inRemote('show', 'baton/issue-1:.env.test')).toBe('MODE=lax');
});

it('hands in what is green either way', async () => {
  await using scene = await sceneOf('echo right > answer.txt; echo more > other.txt; echo MODE=lax > .env.test');
  expect((await scene.baton('start', '--once')).exitCode).toBe(0);
  expect(await scene.job()).toMatchObject({ phase: 'reviewing', round: 1 });
  const [pull] = await scene.pulls();
  expect(pull?.body).toMatch(/\| `answer \(with the base's settings\)` \| exit 0 .*\| \*\*exit 0 /);
});
