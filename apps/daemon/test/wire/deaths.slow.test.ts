import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LocalScene, makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

/** An agent that ends its daemon in the middle of a turn. `how`: a statement. */
async function makeDeadlyScene(how: string, env: Readonly<Record<string, string>> = {}): Promise<LocalScene> {
  const scene = await makeLocalScene({
    agent: () => 'true',
    project: () => ({ agents: [{ use: './deadly.mjs' }] }),
    env: { SOME_TOKEN: 'canary-0123456789', ...env },
  });
  await writeFile(
    join(scene.path, 'deadly.mjs'),
    `const session = {
      id: 'deadly-1',
      async *run() {
        yield { type: 'turn-start', model: null };
        setImmediate(() => { ${how} });
        await new Promise(() => setInterval(() => {}, 1000));
      },
      close: async () => {},
    };
    const agent = { spec: 'coding-agent/1', id: 'deadly', start: async () => session };
    const schema = { version: 1, vendor: 'none', validate: (value) => ({ value }), jsonSchema: { input: () => ({}) } };
    export default { id: 'deadly', settings: { '~standard': schema }, agent: () => agent };`,
  );
  return scene;
}

beforeAll(ensureBuilt, 180_000);

describe.concurrent('a daemon that dies by itself in a step', () => {
  it.each<[string, string, Readonly<Record<string, string>>, string]>([
    ['an exception', `throw new TypeError('the agent has no heart')`, {}, 'it threw TypeError: the agent has no heart'],
    ['a rejection', `void Promise.reject(new Error('nobody listens'))`, {}, 'it threw Error: nobody listens'],
    [
      'a full heap',
      'const all = []; for (;;) all.push(Array.from({ length: 1e5 }, (_, x) => ({ x })));',
      { NODE_OPTIONS: '--max-old-space-size=96' },
      'it ran out of memory',
    ],
  ])('by %s has the job held after the third time, with its story', async (_, how, env, words) => {
    await using scene = await makeDeadlyScene(how, env);
    for (let death = 0; death < 3; death += 1) {
      const { exitCode } = await scene.baton('start', '--once');
      expect(exitCode).not.toBe(0);
      expect((await scene.job()).phase).toBe('working');
    }
    expect(await scene.baton('start', '--once')).toMatchObject({ exitCode: 0 });
    const job = await scene.job();
    expect(job).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    expect(job.reason).toContain('died 3 times in the step work');
    expect(job.reason).toContain(words);
    expect(await scene.labels()).toContain('baton:needs-person');

    const directory = join(scene.path, 'state', 'deaths');
    expect((await stat(directory)).mode & 0o77).toBe(0);
    const notes = await readdir(directory);
    expect(notes).toHaveLength(3);
    for (const note of notes) expect(await readFile(join(directory, note), 'utf8')).not.toContain('canary');
  });

  it('is not one that is killed: the job is tried again each time', async () => {
    await using scene = await makeDeadlyScene(`process.kill(process.pid, 'SIGKILL')`);
    for (let death = 0; death < 4; death += 1) {
      expect((await scene.baton('start', '--once')).exitCode).not.toBe(0);
      expect((await scene.job()).phase).toBe('working');
    }
    expect(await readdir(join(scene.path, 'state', 'deaths'))).toEqual([]);
  });
});
