import { chmod, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createSqliteStore } from '@baton/sqlite';
import { beforeAll, expect, it } from 'vitest';
import { leftProcesses } from '../support/left-processes.js';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

it("an agent whose program vanishes: people are told which it is, and the job goes on once it's back", async () => {
  await using scene = await makeLocalScene({
    agent: (name) => join(tmpdir(), name, 'agent'),
    project: () => ({
      sandbox: { mode: 'off' },
      verify: { commands: [{ name: 'answer', run: 'grep -q right answer.txt' }] },
    }),
  });
  const program = join(scene.path, 'agent');
  await writeFile(program, '#!/bin/sh\necho right > answer.txt\n');
  await chmod(program, 0o755);
  await rename(program, `${program}.away`);
  const { exitCode, stderr } = await scene.baton('start', '--once');
  expect([exitCode, stderr.match(/^\s+at .*|unhandled.*/gm)]).toEqual([0, null]);
  const job = await scene.job();
  expect(job).toMatchObject({ phase: 'waiting', wait: 'retry', reason: expect.stringContaining('not found') });
  expect(await scene.pulls()).toEqual([]);
  expect(leftProcesses(scene.name)).toEqual([]);

  await rename(`${program}.away`, program);
  const store = createSqliteStore({
    path: join(scene.path, 'state', 'sqlite', 'store.db'),
    runtime: createSystemRuntime(),
  });
  await store.signal(job.id, { type: 'wake', data: null });
  await store.close?.();
  expect(await scene.baton('start', '--once')).toMatchObject({ exitCode: 0 });
  expect(await scene.job()).toMatchObject({ phase: 'reviewing', attempt: 2 });
  expect(await scene.pulls()).toHaveLength(1);
});
