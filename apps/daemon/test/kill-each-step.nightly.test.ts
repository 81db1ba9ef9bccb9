import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EndedPhase, JobPhase } from '@baton/core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type DaemonProcess, startDaemon } from './support/daemon-process.js';
import { leftProcesses } from './support/left-processes.js';
import { type LocalScene, makeLocalScene } from './support/local-scene.js';
import { ensureBuilt } from './support/run-baton.js';

type StepPhase = Exclude<JobPhase, EndedPhase | 'queued' | 'waiting'>;

/** One step, at whose phase the daemon is killed. */
interface Case {
  readonly step: string;
  /** Begins what stands in the arguments of a process while the step runs; null where the step is over at once. */
  readonly process: 'setup-of' | 'check-of' | '\0survivor-of' | 'push-of' | null;
}

const cases: Readonly<Record<StepPhase, Case>> = {
  claiming: { step: 'claim', process: null },
  preparing: { step: 'prepare', process: 'setup-of' },
  baseline: { step: 'baseline', process: 'check-of' },
  // As an argument of its own: by then the agent has changed everything that it will.
  working: { step: 'work', process: '\0survivor-of' },
  verifying: { step: 'verify', process: 'check-of' },
  publishing: { step: 'publish', process: 'push-of' },
  reviewing: { step: 'review', process: null },
  settling: { step: 'settle', process: null },
};
const phases = Object.keys(cases) as readonly StepPhase[];
const inTheMiddle = phases.filter((phase) => cases[phase].process !== null);

/** Far below the lease of 60 s, and far above what a busy machine needs to start. */
const takeUpMs = 30_000;

async function makeScene(sandbox: 'best-effort' | 'off' = 'best-effort'): Promise<LocalScene> {
  const scene = await makeLocalScene({
    // Every turn leaves a draft of its own, so that what a killed one did can be told from what is handed in.
    agent: (name) => `mkdir -p drafts
date > drafts/$(date +%s%N).txt
echo right > answer.txt
setsid sh -c 'while :; do sleep 1; done' survivor-of-${name} >/dev/null 2>&1 </dev/null &
sleep 1.5
echo The answer is right now.`,
    project: (name) => ({
      sandbox: { mode: sandbox },
      workspace: {
        use: 'git-worktree',
        spares: 1,
        setup: { run: `: setup-of-${name}; sleep 0.5; mkdir -p node_modules` },
      },
      verify: { commands: [{ name: 'answer', run: `: check-of-${name}; sleep 0.5; grep -qx right answer.txt` }] },
    }),
  });
  // A host that takes its time, so that a push can be hit in its middle.
  const hook = join(scene.remote, 'hooks', 'pre-receive');
  await writeFile(hook, `#!/bin/sh\ncat >/dev/null\nsh -c 'sleep 0.7; :' push-of-${scene.name}\n`);
  await chmod(hook, 0o755);
  return scene;
}

const inPhase = (daemon: DaemonProcess, phase: string) =>
  daemon.waitFor(`the phase ${phase}`, (line) => line.phase === phase);

/** Kills the daemon as soon as its job is in the phase, or as soon as the step's own process runs. */
async function killIn(phase: StepPhase, moment: 'beginning' | 'middle', scene: LocalScene): Promise<void> {
  await using daemon = startDaemon(scene.path);
  if (phase === 'settling') {
    await inPhase(daemon, 'reviewing');
    await scene.merge();
  }
  await inPhase(daemon, phase);
  if (moment === 'middle') {
    const isRunning = (): void => expect(leftProcesses(`${cases[phase].process}-${scene.name}`)).not.toEqual([]);
    await vi.waitFor(isRunning, { timeout: 90_000, interval: 20 });
  }
  await daemon.kill();
}

async function expectHandedInOnce(scene: LocalScene): Promise<void> {
  const [pull, ...others] = await scene.pulls();
  expect(others).toEqual([]);
  const head = await scene.inRemote('rev-parse', 'refs/heads/baton/issue-1');
  expect(pull?.fields).toMatchObject({ head: 'baton/issue-1', base: 'main', headCommit: head });
  expect(await scene.branches()).toEqual({ main: scene.base, 'baton/issue-1': head });
  expect(await scene.inRemote('rev-list', '--parents', '-1', head)).toBe(`${head} ${scene.base}`);
  expect(await scene.inRemote('show', `${head}:answer.txt`)).toBe('right');
  expect((await scene.inRemote('ls-tree', '--name-only', head, 'drafts/')).split('\n')).toHaveLength(1);
  const comments = await scene.comments();
  expect(comments.map((each) => each.includes('baton:topic=status'))).toEqual([true]);
}

/** What a turn had done that was killed stands aside; nothing else was ever in danger. */
async function expectNothingLost(scene: LocalScene, hadWorked: boolean): Promise<void> {
  const refs = await scene.inVault('for-each-ref', '--format=%(refname)', 'refs/baton/rescue');
  const { id, rescued } = await scene.job();
  expect(rescued).toEqual(refs === '' ? [] : [refs]);
  if (!hadWorked) {
    expect(refs).toBe('');
    return;
  }
  expect(refs).toBe(`refs/baton/rescue/${id}/1`);
  const head = await scene.inRemote('rev-parse', 'refs/heads/baton/issue-1');
  const aside = await scene.inVault('ls-tree', '--name-only', refs, 'drafts/');
  expect(aside).toMatch(/^drafts\/\d+\.txt$/);
  expect(aside).not.toBe(await scene.inRemote('ls-tree', '--name-only', head, 'drafts/'));
  expect(await scene.inVault('show', `${refs}:answer.txt`)).toBe('right');
}

/** The person merges; the job ends, and so does everything that it began. */
async function expectEndsClean(scene: LocalScene, daemon: DaemonProcess): Promise<void> {
  await scene.merge();
  const isDone = async (): Promise<void> => {
    expect(await scene.job()).toMatchObject({ phase: 'done', outcome: 'merged', attempt: 1, round: 1 });
  };
  await vi.waitFor(isDone, { timeout: 180_000, interval: 200 });
  await expectHandedInOnce(scene);
  expect(await scene.labels()).toEqual(['baton', 'baton:done']);
  expect(await daemon.stop()).toBe(0);
  expect(leftProcesses(scene.name)).toEqual([]);
  const journal = await scene.journal();
  expect(journal.map(({ seq }) => seq)).toEqual(journal.map((_, index) => index + 1));
}

beforeAll(ensureBuilt, 180_000);
vi.setConfig({ maxConcurrency: 2 });

describe.concurrent('a daemon that is killed in the middle of a step (G11, G14, G17)', () => {
  it('would otherwise go through exactly the phases and steps that are tried here', async () => {
    await using scene = await makeScene();
    await using daemon = startDaemon(scene.path);
    await inPhase(daemon, 'reviewing');
    await expectHandedInOnce(scene);
    await expectEndsClean(scene, daemon);
    await expectNothingLost(scene, false);
    const seen = new Set(daemon.log.flatMap((line) => line.phase ?? []));
    expect([...seen].filter((phase) => phase !== 'queued' && phase !== 'done').toSorted()).toEqual(phases.toSorted());
    const tried = Object.values(cases).map(({ step }) => step);
    const begun = (await scene.journal()).flatMap(({ type, data }) => (type === 'step-begun' ? [data['step']] : []));
    // Review only looks, so it announces nothing.
    expect(begun).toEqual(tried.filter((step) => step !== 'review'));
  });

  it.each([
    ...phases.map((phase) => ['beginning', phase, 'best-effort'] as const),
    ...inTheMiddle.map((phase) => ['middle', phase, 'best-effort'] as const),
    // Without a sandbox nothing dies with the daemon: the next one has to find what is left.
    ['middle', 'working', 'off'] as const,
  ])('at the %s of %s, sandbox %s: one pull request, nothing lost, nothing left', async (moment, phase, sandbox) => {
    const { step } = cases[phase];
    await using scene = await makeScene(sandbox);
    await killIn(phase, moment, scene);
    await using daemon = startDaemon(scene.path);
    await daemon.waitFor('the start', ({ msg }) => msg === 'ready');
    const handedIn = phase === 'reviewing' || phase === 'settling';
    if (!handedIn) await inPhase(daemon, 'reviewing');
    await expectHandedInOnce(scene);
    const goesOnAt = phase === 'reviewing' ? Date.now() : daemon.startedAt;
    await expectEndsClean(scene, daemon);
    await expectNothingLost(scene, phase === 'working' && moment === 'middle');
    const journal = await scene.journal();
    const interrupted = journal.flatMap(({ type, data }) => (type === 'step-interrupted' ? [data['step']] : []));
    if (moment === 'middle') expect(interrupted).toEqual([step]);
    else expect([[], [step]]).toContainEqual(interrupted);
    const takenUp = journal.find(({ at }) => Date.parse(at) >= goesOnAt);
    // A job that had come to its end in the instant of the kill needs nobody.
    if (phase === 'settling' && takenUp === undefined) return;
    expect(Date.parse(takenUp?.at ?? '') - goesOnAt).toBeLessThan(takeUpMs);
  });
});
