import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createSqliteStore } from '@baton/sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import { aheadWords, findPlacesIn } from '../../src/jobs/find-places.js';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';
import { makeScratch } from '../support/scratch.js';

beforeAll(ensureBuilt, 180_000);

describe('a job that is queued behind others', () => {
  it('is as many behind as the store gives out before it', async () => {
    await using scratch = await makeScratch();
    const store = createSqliteStore({ path: join(scratch.path, 'store.db'), runtime: createSystemRuntime() });
    await using _worker = await store.join('w');
    const jobs: readonly (readonly [project: string, priority: number | null, issueCreatedAt: number])[] = [
      ['web', null, 3],
      ['web', 2, 9],
      ['web', null, 1],
      ['api', null, 5],
      ['web', 1, 8],
      ['api', null, 5],
      ['web', 2, 7],
    ];
    for (const [index, [project, priority, issueCreatedAt]] of jobs.entries()) {
      const more = { supersedes: null, requestHash: 'i', branch: `b${index}`, data: {} };
      const names = { id: `j${index}`, dedupeKey: `k${index}`, issueKey: `${index}` };
      await store.enqueue({ ...names, ...more, project, priority, issueCreatedAt });
    }
    const limits = { concurrency: 2, totalConcurrency: null, projects: [{ name: 'api', concurrency: 1 }], daemons: 0 };
    const findPlace = await findPlacesIn(store, limits, {});
    expect(findPlace(null)).toBeNull();
    const given: Record<string, (number | null)[]> = { web: [], api: [] };
    const caps = { total: 100, byProject: { web: 100, api: 100 } };
    for (let lease = await store.claim({ worker: 'w', leaseMs: 60_000, caps }); lease; ) {
      given[lease.job.project]?.push(findPlace(lease.job)?.ahead ?? null);
      lease = await store.claim({ worker: 'w', leaseMs: 60_000, caps });
    }
    expect(given).toEqual({ web: [0, 1, 2, 3, 4], api: [0, 1] });
    await store.close?.();
  });

  it('is told the setting that keeps it from being begun, the narrowest first', async () => {
    await using scratch = await makeScratch();
    const store = createSqliteStore({ path: join(scratch.path, 'store.db'), runtime: createSystemRuntime() });
    await using _worker = await store.join('w');
    for (const index of [0, 1, 2]) {
      const more = { priority: null, issueCreatedAt: index, supersedes: null, requestHash: 'i', branch: `b${index}` };
      await store.enqueue({
        id: `j${index}`,
        dedupeKey: `k${index}`,
        issueKey: `${index}`,
        project: 'web',
        data: {},
        ...more,
      });
    }
    const lease = await store.claim({ worker: 'w', leaseMs: 60_000, caps: { byProject: { web: 9 } } });
    if (lease === null) throw new Error('nothing was claimed');
    const { id: _id, ...state } = { ...lease.job, phase: 'working' as const };
    await store.record(lease, { entries: [], state, consumed: [] });
    const wide = { concurrency: 9, totalConcurrency: null, projects: [{ name: 'web', concurrency: null }], daemons: 1 };
    const told = async (change: Partial<typeof wide> | { readonly [name: string]: unknown }, id: string) =>
      aheadWords((await findPlacesIn(store, { ...wide, ...change }, {}))(await store.get(id)));
    expect(await told({}, 'j1')).toBe('behind 1 job');
    expect(await told({ concurrency: 1 }, 'j1')).toBe('behind 1 job: concurrency is 1');
    expect(await told({ concurrency: 1 }, 'j2')).toBe('behind 2 jobs: concurrency is 1');
    expect(await told({ concurrency: 1, daemons: 2 }, 'j1')).toBe('behind 1 job');
    expect(await told({ concurrency: 1, totalConcurrency: 1 }, 'j1')).toBe('behind 1 job: totalConcurrency is 1');
    const narrow = { projects: [{ name: 'web', concurrency: 1 }] };
    expect(await told({ concurrency: 1, ...narrow }, 'j1')).toBe('behind 1 job: concurrency of web is 1');
    await store.close?.();
  });

  it('is told so in list, show, explain and plan', async () => {
    await using at = await makeLocalScene({ agent: () => 'true', project: () => ({ sandbox: { mode: 'off' } }) });
    const text = '---\ntitle: Another\nlabels: [baton]\nauthor: alice\npriority: 1\n---\nIt should say so.\n';
    await writeFile(join(at.path, 'tracker', 'issues', '0002-more.md'), text);
    await at.baton('pause');
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    const listed = (await at.baton('list')).stdout;
    expect(listed).toMatch(/local:0001 +queued \(behind 1 job\)/);
    expect(listed).toMatch(/local:0002 +queued {2}/);
    const { items } = JSON.parse((await at.baton('list', '--json=issue,ahead')).stdout);
    const told = items.map((each: { issue: { key: string }; ahead: number }) => [each.issue.key, each.ahead]);
    expect(Object.fromEntries(told)).toEqual({ 'local:0001': 1, 'local:0002': 0 });
    expect((await at.baton('show', '1')).stdout.split('\n')[0]).toMatch(/queued behind 1 job$/);
    await at.baton('resume');
    expect((await at.baton('explain', '1')).stdout).toContain('will run behind 1 job ');
    expect((await at.baton('plan')).stdout).toMatch(/local:0001 +will run behind 1 job\n/);
  }, 60_000);
});
