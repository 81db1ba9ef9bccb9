import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readStorePlace } from '../src/config/read-store-place.js';
import { makeLocalScene } from './support/local-scene.js';
import { ensureBuilt } from './support/run-baton.js';
import { makeScratch } from './support/scratch.js';

beforeAll(ensureBuilt, 180_000);

describe('a configuration that is not in order', () => {
  it('keeps nobody from looking at what was done', async () => {
    await using scene = await makeLocalScene({ agent: () => 'echo right > answer.txt' });
    const file = join(scene.path, 'baton.config.yaml');
    expect((await scene.baton('run', '1')).exitCode).toBe(0);
    const good = await readFile(file, 'utf8');
    const { id } = await scene.job();

    for (const [bad, problem] of [
      [`${good}teapot: 1\n`, 'teapot: unknown key'],
      [good.replace('use: local', `use: \${NOWHERE}`), 'NOWHERE is not set'],
      [`${good}  - [broken\n`, 'not readable as YAML'],
    ] as const) {
      await writeFile(file, bad);
      const listed = await scene.baton('list', '--json');
      expect(listed).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(problem) });
      expect(JSON.parse(listed.stdout)).toMatchObject({ items: [{ id, issue: { key: 'local:0001' } }] });
    }
    for (const argv of [['list'], ['show', id], ['show', 'local:0001'], ['logs', id], ['audit', id], ['report']]) {
      const ended = await scene.baton(...argv);
      expect([argv, ended]).toMatchObject([argv, { exitCode: 0, stderr: expect.stringContaining('warning:') }]);
      expect(ended.stdout).not.toBe('');
    }
    // What only the projects tell is refused with what is wrong.
    for (const argv of [['show', '#77'], ['show', id, '--diff'], ['cancel', id], ['status']]) {
      const ended = await scene.baton(...argv);
      expect([argv, ended]).toMatchObject([argv, { stderr: expect.stringContaining('error:') }]);
      expect(ended.exitCode).not.toBe(0);
      expect(ended.stderr).toContain('not readable as YAML');
    }

    await rm(join(scene.path, 'state'), { recursive: true });
    const empty = await scene.baton('list');
    expect(empty).toMatchObject({ stdout: '', stderr: expect.stringMatching(/^error: .*not readable as YAML/) });
  }, 60_000);

  const project = 'projects: [{ name: web, source: { use: local, tokenEnv: SHOP_KEY }, agents: 3 }]\n';
  it.each<readonly [what: string, text: string, state: string | null]>([
    ['where the state is', `state: ./there\n${project}`, 'there'],
    ['where the state is by a variable', `state: \${PLACE}/x\n${project}`, 'by/x'],
    ['where the state is, beside what can’t be parsed', `state: there\nprojects: [\n  - {{\n`, 'there'],
    ['that the state is where it is by default', project, 'home/.local/state/baton'],
    ['no state by a variable that is not set', `state: \${MISSING}/x\n${project}`, null],
    ['no state that stands twice', `state: a\nstate: b\n${project}`, null],
    ['no state that the parser lost', `- projects\nstate: a\n`, null],
    ['no state that is no text', `state: [a]\n${project}`, null],
    ['no store that stands elsewhere', `store: { use: sqlite, path: /tmp/x }\n${project}`, null],
    ['no store that is code of somebody’s', `store: { use: ./store.js }\n${project}`, null],
  ])('tells %s', async (_what, text, state) => {
    await using scratch = await makeScratch();
    const file = join(scratch.path, 'baton.config.yaml');
    await writeFile(file, text);
    const environment = { HOME: join(scratch.path, 'home'), PLACE: join(scratch.path, 'by') };
    const place = await readStorePlace(file, environment);
    expect(place?.config.state ?? null).toBe(state === null ? null : join(scratch.path, state));
    if (text.includes('tokenEnv')) expect(place?.secretNames ?? ['SHOP_KEY']).toEqual(['SHOP_KEY']);
  });
});
