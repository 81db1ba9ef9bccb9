import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { outlineOf } from '../src/support/support-bundle.js';
import { makeLocalScene } from './support/local-scene.js';
import { ensureBuilt, runBaton } from './support/run-baton.js';
import { makeScratch } from './support/scratch.js';

beforeAll(ensureBuilt, 180_000);

describe('a support bundle', () => {
  it('says what a job came to, and nothing of whose it is and what stands in it', async () => {
    await using at = await makeLocalScene({
      agent: () => 'echo a-word-of-the-agent; echo a-line-of-code > answer.txt',
      project: () => ({ name: 'secret-project', sandbox: { mode: 'off' }, forge: { ci: 'run' } }),
      env: { SOME_TOKEN: 'canary-of-a-token-0123456789' },
    });
    expect((await at.baton('run', '1')).exitCode).toBe(0);
    const { exitCode, stdout, stderr } = await at.baton('support');
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('read it before you send it')]);
    const bundle = JSON.parse(stdout);
    expect(bundle).toMatchObject({
      schema: 'baton.support/v1',
      hasState: true,
      daemonRuns: false,
      config: { version: 1, projects: [{ source: { use: 'local' }, sandbox: { mode: 'off' } }] },
      store: { open: { reviewing: 1 }, isPaused: false },
      jobs: [{ phase: 'reviewing', outcome: null, attempt: 1, round: 1 }],
    });
    const steps = bundle.jobs[0].journal.map(([, type]: readonly string[]) => type);
    expect(steps).toEqual(expect.arrayContaining(['claimed', 'prepared', 'published']));
    const private_ = ['secret-project', 'The answer is wrong', 'should say', 'a-word-of-the-agent', 'a-line-of-code'];
    for (const word of [...private_, 'alice', 'canary', at.path, at.name, 'answer.txt', 'local:0001', 'issue-1']) {
      expect([word, stdout.includes(word)]).toEqual([word, false]);
    }
  });

  it('is written where the configuration is broken, and says by what', async () => {
    await using scratch = await makeScratch();
    await writeFile(join(scratch.path, 'baton.config.yaml'), 'version: 1\nprojects: [{ name: hidden-name }]\n');
    const { exitCode, stdout } = await runBaton(['support', '--json'], { cwd: scratch.path });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      config: { error: { code: 'CONFIG_INVALID', setting: 'projects[0].source' } },
    });
    expect(stdout).not.toContain('hidden-name');
  });

  it('outlines a configuration without what people wrote into it', () => {
    const outline = outlineOf({
      pollInterval: '30s',
      concurrency: 3,
      projects: [
        {
          name: 'acme',
          source: { use: 'github', repository: 'acme/shop' },
          gates: [{ use: '@acme/gate', theirKey: 'theirs' }],
          trust: { permission: 'write', bots: ['acme-bot'] },
          sandbox: { mode: 'required acme', network: ['acme.example'] },
        },
      ],
      prices: { 'acme-model-1': { input: 2 } },
    });
    expect(JSON.stringify(outline)).not.toMatch(/acme|their/);
    expect(outline).toMatchObject({ concurrency: 3, projects: [{ trust: { permission: 'write' } }] });
    expect(outline).toMatchObject({ prices: { '(name 1)': { input: 2 } } });
  });
});
