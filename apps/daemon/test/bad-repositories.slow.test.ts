import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { leftProcesses } from './support/left-processes.js';
import { type LocalScene, makeLocalScene, type SceneOptions, type ShownJob } from './support/local-scene.js';
import { ensureBuilt } from './support/run-baton.js';

const fix = (): string => 'echo right > answer.txt';

/** Works the issue to its end or its next wait. */
async function work(scene: LocalScene): Promise<{ readonly job: ShownJob; readonly log: string }> {
  const ended = await scene.baton('start', '--once');
  expect(ended).toMatchObject({ exitCode: 0 });
  expect(leftProcesses(scene.name)).toEqual([]);
  return { job: await scene.job(), log: ended.stderr };
}

const makeScene = (options: Partial<SceneOptions> = {}) => makeLocalScene({ agent: fix, ...options });

/** The job waits by itself and for no person; the issue says why. */
async function expectWaits(scene: LocalScene, job: ShownJob, wait: string, reason: RegExp): Promise<void> {
  expect(job).toMatchObject({ phase: 'waiting', wait, attempt: 1, reason: expect.stringMatching(reason) });
  expect(await scene.pulls()).toEqual([]);
  expect(await scene.comments()).toEqual([expect.stringMatching(reason)]);
}

/** The person gives up: the job ends, and what was done is kept. */
async function expectCancelKeepsWork(scene: LocalScene): Promise<void> {
  expect(await scene.baton('cancel', 'local:0001')).toMatchObject({ exitCode: 0 });
  const { job } = await work(scene);
  expect(job).toMatchObject({ phase: 'cancelled', outcome: 'cancelled' });
  await expectRescued(scene, job);
}

async function expectRescued(scene: LocalScene, { id, rescued }: ShownJob): Promise<void> {
  expect(rescued).toEqual([`refs/baton/rescue/${id}/1`]);
  expect(await scene.inVault('show', `${rescued[0]}:answer.txt`)).toBe('right');
}

async function expectHandedIn(scene: LocalScene, job: ShownJob, base = scene.base): Promise<void> {
  expect(job).toMatchObject({ phase: 'reviewing', attempt: 1, round: 1 });
  expect(await scene.pulls()).toHaveLength(1);
  expect(await scene.inRemote('rev-parse', 'baton/issue-1^')).toBe(base);
  expect(await scene.inRemote('show', 'baton/issue-1:answer.txt')).toBe('right');
}

beforeAll(ensureBuilt, 180_000);
vi.setConfig({ maxConcurrency: 2 });

describe.concurrent('a repository', () => {
  it('that is empty: waits for a first commit', async () => {
    await using scene = await makeScene();
    await scene.inRemote('update-ref', '-d', 'refs/heads/main');
    const { job } = await work(scene);
    await expectWaits(scene, job, 'retry', /has no default branch: .* is empty/);
  });

  it('whose remote is missing: waits', async () => {
    await using scene = await makeScene();
    await rm(scene.remote, { recursive: true });
    const { job } = await work(scene);
    await expectWaits(scene, job, 'unavailable', /remote\.git/);
  });

  it('whose HEAD is detached: is worked on the branch that stands there', async () => {
    await using scene = await makeScene();
    await scene.inRemote('update-ref', '--no-deref', 'HEAD', scene.base);
    const { job } = await work(scene);
    await expectHandedIn(scene, job);
    expect((await scene.pulls())[0]?.fields).toMatchObject({ base: 'main' });
  });

  it('whose HEAD names a branch that is not there: waits', async () => {
    await using scene = await makeScene();
    await scene.inRemote('symbolic-ref', 'HEAD', 'refs/heads/trunk');
    const { job } = await work(scene);
    await expectWaits(scene, job, 'retry', /has no default branch/);
  });

  it('that refuses the push: asks a person in its own words, loses nothing', async () => {
    await using scene = await makeScene();
    const hook = join(scene.remote, 'hooks', 'pre-receive');
    await writeFile(hook, '#!/bin/sh\necho "Only on Tuesdays." >&2\nexit 1\n');
    await chmod(hook, 0o755);
    const { job, log } = await work(scene);
    await expectWaits(scene, job, 'needs-person', /pre-receive hook declined/);
    expect(log).toContain('Only on Tuesdays.');
    expect(await scene.branches()).toEqual({ main: scene.base });
    await expectCancelKeepsWork(scene);
    expect(await scene.branches()).toEqual({ main: scene.base });
  });

  it('whose base moves while the agent works: is handed in on the base that was checked', async () => {
    await using scene = await makeScene({ agent: (name) => `sh -c 'sleep 3; :' at-work-of-${name}; ${fix()}` });
    const working = work(scene);
    const isWorking = (): void => expect(leftProcesses(`\0at-work-of-${scene.name}`)).not.toEqual([]);
    await vi.waitFor(isWorking, { timeout: 180_000, interval: 50 });
    await scene.git('commit', '--quiet', '--allow-empty', '-m', 'Go on');
    await scene.git('push', '--quiet', 'origin', 'main');
    const { job } = await working;
    await expectHandedIn(scene, job);
    expect(await scene.inRemote('rev-parse', 'main^')).toBe(scene.base);
  });

  it("whose branch for the issue is somebody else's: untouched, and the work is handed in on the next one", async () => {
    await using scene = await makeScene();
    await scene.git('commit', '--quiet', '--allow-empty', '-m', 'Mine');
    await scene.git('push', '--quiet', 'origin', 'HEAD:refs/heads/baton/issue-1');
    const foreign = await scene.git('rev-parse', 'HEAD');
    const { job } = await work(scene);
    expect(job).toMatchObject({ phase: 'reviewing', branch: 'baton/issue-1-2' });
    const { 'baton/issue-1': theirs, 'baton/issue-1-2': ours } = await scene.branches();
    expect(theirs).toBe(foreign);
    expect(await scene.inRemote('rev-parse', `${ours}^`)).toBe(scene.base);
  });

  it('on whose branch for the issue somebody else pushes meanwhile: conflict, untouched, the work kept (G31)', async () => {
    await using scene = await makeScene({ agent: (name) => `sh -c 'sleep 3; :' at-work-of-${name}; ${fix()}` });
    const working = work(scene);
    const isWorking = (): void => expect(leftProcesses(`\0at-work-of-${scene.name}`)).not.toEqual([]);
    await vi.waitFor(isWorking, { timeout: 180_000, interval: 50 });
    await scene.git('commit', '--quiet', '--allow-empty', '-m', 'Mine');
    await scene.git('push', '--quiet', 'origin', 'HEAD:refs/heads/baton/issue-1');
    const foreign = await scene.git('rev-parse', 'HEAD');
    const { job } = await working;
    expect(job).toMatchObject({
      phase: 'failed',
      outcome: 'conflict',
      reason: expect.stringContaining("not Baton's work"),
    });
    expect(await scene.branches()).toEqual({ main: scene.base, 'baton/issue-1': foreign });
    expect(await scene.pulls()).toEqual([]);
    await expectRescued(scene, job);
  });

  it('in whose way a branch named baton stands: waits, and the work is kept', async () => {
    await using scene = await makeScene();
    await scene.git('push', '--quiet', 'origin', 'HEAD:refs/heads/baton');
    const { job } = await work(scene);
    await expectWaits(scene, job, 'retry', /refs\/heads\/baton/);
    expect(await scene.branches()).toEqual({ main: scene.base, baton: scene.base });
    await expectCancelKeepsWork(scene);
  });

  it('whose setup fails: workspace-failed, with what it said; no agent begins', async () => {
    const workspace = { use: 'git-worktree', setup: { run: 'echo "No such registry." >&2; exit 4' } };
    await using scene = await makeScene({ project: () => ({ workspace }) });
    const { job } = await work(scene);
    expect(job).toMatchObject({ phase: 'failed', outcome: 'workspace-failed', rescued: [] });
    expect(job.reason).toMatch(/exit code 4\): No such registry\./);
    expect(await scene.comments()).toEqual([expect.stringContaining('No such registry.')]);
    expect((await scene.journal()).map(({ type }) => type)).not.toContain('turn-started');
  });

  it('whose setup hangs: waits, then workspace-failed; the setup is ended with all its children', async () => {
    const workspace = { use: 'git-worktree', setup: { run: 'sleep 600 & sleep 600', timeout: '1s' } };
    await using scene = await makeScene({ project: () => ({ workspace, limits: { attempts: 2 } }) });
    const first = await work(scene);
    await expectWaits(scene, first.job, 'retry', /still running after 1000 ms/);
    const isDue = (): void => expect(Date.now()).toBeGreaterThan(Date.parse(first.job.wakeAt));
    await vi.waitFor(isDue, { timeout: 180_000, interval: 200 });
    const { job } = await work(scene);
    expect(job).toMatchObject({ phase: 'failed', outcome: 'workspace-failed', rescued: [] });
    expect(job.reason).toMatch(/still running after 1000 ms/);
  });
});
