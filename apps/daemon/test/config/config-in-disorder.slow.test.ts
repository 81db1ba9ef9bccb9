import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readStorePlace } from '../../src/config/read-store-place.js';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';
import { makeScratch } from '../support/scratch.js';

beforeAll(ensureBuilt, 180_000);

/** A scene with one job, whose pull request stands. */
async function makeWorkedScene() {
  const scene = await makeLocalScene({ agent: () => 'echo right > answer.txt' });
  expect((await scene.baton('run', '1')).exitCode).toBe(0);
  const { id } = await scene.job();
  const file = join(scene.path, 'baton.config.yaml');
  const good = await readFile(file, 'utf8');
  return { scene, id, file, good, spoil: () => writeFile(file, `${good}teapot: 1\n`) };
}

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
    const looks = [
      'list',
      `show ${id}`,
      'show local:0001',
      `logs ${id}`,
      `audit ${id}`,
      'report',
      'status',
      'rescue list',
    ];
    for (const argv of looks.map((each) => each.split(' '))) {
      const ended = await scene.baton(...argv);
      expect([argv, ended]).toMatchObject([argv, { exitCode: 0, stderr: expect.stringContaining('warning:') }]);
      expect(ended.stdout).not.toBe('');
    }
    // What only the projects tell is refused with what is wrong.
    for (const argv of [['show', '#77'], ['show', id, '--diff'], ['retry', id], ['plan'], ['explain', '1']]) {
      const ended = await scene.baton(...argv);
      expect([argv, ended]).toMatchObject([argv, { stderr: expect.stringContaining('error:') }]);
      expect(ended.exitCode).not.toBe(0);
      expect(ended.stderr).toContain('not readable as YAML');
    }

    await rm(join(scene.path, 'state'), { recursive: true });
    const empty = await scene.baton('list');
    expect(empty).toMatchObject({ stdout: '', stderr: expect.stringMatching(/^error: .*not readable as YAML/) });
  });

  it('keeps nobody from answering, stopping and pausing what goes on', async () => {
    const { scene, id, file, good, spoil } = await makeWorkedScene();
    await using _ = scene;
    await spoil();
    const { exitCode, stdout } = await scene.baton('status');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\nweb\n +jobs +1 open \(1 reviewing\)\n +polled .+\n +today +\$0\.00 spent/);
    expect(JSON.parse((await scene.baton('status', '--json')).stdout)).toMatchObject({
      projects: [],
      unconfigured: [{ name: 'web', open: 1, states: [{ state: 'reviewing', jobs: 1 }] }],
    });
    const support = JSON.parse((await scene.baton('support')).stdout);
    expect(support).toMatchObject({ config: { error: { code: 'CONFIG_INVALID' } }, jobs: [{ phase: 'reviewing' }] });

    expect((await scene.baton('pause', '--reason', 'mending')).exitCode).toBe(0);
    expect((await scene.baton('status')).stdout).toContain('mending');
    expect((await scene.baton('resume')).stdout).toBe('resumed\n');
    expect((await scene.baton('wait', '1')).exitCode).toBe(0);
    expect((await scene.baton('poll')).exitCode).toBe(5);
    expect((await scene.baton('approve', '1')).stderr).toContain(`Job ${id} asks for nothing`);
    for (const argv of [
      ['steer', '1', '-m', 'mind the gap'],
      ['cancel', '#1'],
    ]) {
      const ended = await scene.baton(...argv);
      expect([argv, ended]).toMatchObject([
        argv,
        { exitCode: 0, stderr: expect.stringContaining('teapot: unknown key') },
      ]);
    }
    await writeFile(file, good);
    expect((await scene.baton('start', '--once')).exitCode).toBe(0);
    expect((await scene.job()).phase).toBe('cancelled');
  });

  it('has issues named as with one that is', async () => {
    const { scene, id, spoil } = await makeWorkedScene();
    await using _ = scene;
    await spoil();
    const file = join('tracker', 'issues', '0001-answer.md');
    for (const reference of ['1', '#1', '001', 'local:1', 'local#1', 'LOCAL:0001', 'web#1', 'web#local:0001', file]) {
      const { exitCode, stdout } = await scene.baton('show', reference, '--json=id');
      expect([reference, exitCode, JSON.parse(stdout)]).toEqual([reference, 0, { schema: 'baton.job/v1', id }]);
    }
    for (const reference of ['2', '11', 'shop#1', 'web#', 'issues/0001.txt']) {
      expect([reference, (await scene.baton('show', reference)).exitCode]).toEqual([reference, 2]);
    }
  });

  it('is none of a project that was taken out: its jobs are told of beside the others', async () => {
    const { scene, file, good } = await makeWorkedScene();
    await using _ = scene;
    await writeFile(file, good.replace('name: web', 'name: shop').replace('./tracker', './else'));
    const { stdout, stderr } = await scene.baton('status');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/shop\n +jobs +0 open\n/);
    expect(stdout).toMatch(/web +not in the configuration: .+\n +jobs +1 open \(1 reviewing\)\n/);
    expect(JSON.parse((await scene.baton('status', '--json')).stdout)).toMatchObject({
      projects: [{ name: 'shop', open: 0 }],
      unconfigured: [{ name: 'web', open: 1 }],
    });
    expect((await scene.baton('show', 'web#1')).exitCode).toBe(0);
  });

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
