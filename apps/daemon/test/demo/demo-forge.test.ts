import { beforeAll, describe, expect, it } from 'vitest';
import { tryDemoOver } from '../support/demo-over-forge.js';
import { ensureBuilt, runBaton } from '../support/run-baton.js';
import { makeScratch } from '../support/scratch.js';

beforeAll(ensureBuilt, 180_000);

describe.concurrent('baton demo --forge', () => {
  it('gitlab: two merge requests and a question, over HTTP and git with a token', async () => {
    await tryDemoOver('gitlab');
  }, 120_000);

  it('nonsense: says what there is', async () => {
    await using scratch = await makeScratch();
    const ended = await runBaton(['demo', '--forge', 'nonsense'], { cwd: scratch.path });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toBe(
      'error: There is no demo over nonsense.\nfix: pass --forge with one of local, github, gitlab\n',
    );
  });
});
