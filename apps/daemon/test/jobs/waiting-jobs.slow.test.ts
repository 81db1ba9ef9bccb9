import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

const second = `---
title: The answer is wrong again
labels: [baton]
author: alice
---
Say right.
`;

describe('a job that waits for an operator', () => {
  it('says until when, takes no answer, and goes on at the next start once the cause is mended', async () => {
    await using at = await makeLocalScene({
      agent: () => 'echo right > answer.txt',
      // One at a time: of two that are begun at once either may be the first to be counted.
      project: () => ({ trust: { perActorPerHour: 1 }, concurrency: 1, sandbox: { mode: 'off' } }),
    });
    await writeFile(join(at.path, 'tracker', 'issues', '0002-again.md'), second);
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    expect((await at.baton('list')).stdout).toMatch(/local:0002 +waiting: budget until (\d{4}-\d\d-\d\d )?\d\d:\d\d /);
    expect((await at.baton('show', '2')).stdout).toMatch(/waiting: budget until .*\d\d:\d\d\n/);

    for (const verb of ['approve', 'reject']) {
      const unasked =
        /asks for nothing: it waits \(budget\) until .+ alice has set 1 job.+\nfix: mend what it waits for/s;
      expect(await at.baton(verb, '2')).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(unasked) });
      const inReview = /asks for nothing: its pull request #\d+ is in review\.\nfix: /;
      expect(await at.baton(verb, '1')).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(inReview) });
    }
    expect(await at.baton('retry', '2')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/has not ended: it waits \(budget\) until .+: alice has set/),
    });

    const config = join(at.path, 'baton.config.yaml');
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace('perActorPerHour: 1', 'perActorPerHour: 2'));
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    expect(JSON.parse((await at.baton('show', '2', '--json')).stdout)).toMatchObject({
      phase: 'reviewing',
      waitUntil: null,
    });
  });

  it('is told with what it waits for, also where every rule lets it run', async () => {
    await using at = await makeLocalScene({
      agent: () => 'echo boom >&2; exit 3',
      project: () => ({ sandbox: { mode: 'off' } }),
    });
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    const waits = /waiting: retry until (?:\d{4}-\d\d-\d\d )?\d\d:\d\d \(job j\w+\)\s.*The agent failed: exit 3\./s;
    expect((await at.baton('explain', '1')).stdout).toMatch(waits);
    expect((await at.baton('plan')).stdout).toMatch(waits);
  });
});
