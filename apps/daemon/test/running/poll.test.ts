import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { startDaemon } from '../support/daemon-process.js';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

const issue = '---\ntitle: Another answer\nlabels: [baton]\nauthor: alice\n---\nIt should say so.\n';

describe('baton poll', () => {
  it('has the running daemon poll now, and tells what came of it', async () => {
    await using at = await makeLocalScene({
      agent: () => 'true',
      project: () => ({ sandbox: { mode: 'off' } }),
      config: { pollInterval: '1h' },
    });
    expect(await at.baton('poll')).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('fix: start one with baton start'),
    });
    expect((await at.baton('status')).stdout).toContain('no daemon runs: nothing is polled or worked');
    await using daemon = startDaemon(at.path);
    await daemon.waitFor('ready', ({ msg }) => msg === 'ready');
    expect((await at.baton('status')).stdout).not.toContain('no daemon runs');
    const settled = await at.baton('poll');
    expect(settled).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^web {2}\S/) });

    await writeFile(join(at.path, 'tracker', 'issues', '0002-another.md'), issue);
    const found = await at.baton('poll', '--json');
    expect(JSON.parse(found.stdout)).toEqual({
      schema: 'baton.poll/v1',
      items: [{ project: 'web', found: expect.any(Number), enqueued: 1, error: null }],
    });
    await rename(join(at.path, 'tracker'), join(at.path, 'away'));
    const failed = await at.baton('poll');
    expect(failed).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^web {2}failed: /) });
    expect(await daemon.stop()).toBe(0);
  }, 60_000);
});
