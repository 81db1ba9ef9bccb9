import { setTimeout as wait } from 'node:timers/promises';
import type { Job } from '@baton/core';
import type { FaultMatch } from '@baton/fake-hosts';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startDaemon } from '../support/daemon-process.js';
import {
  beginStage,
  expectArrived,
  hasArrived,
  isWrite,
  learnRoutes,
  nameOf,
  oddFaults,
  passingFaults,
  type Routes,
  type Stage,
  stages,
} from '../support/forge-faults.js';
import type { ForgeKind } from '../support/forge-host.js';
import { type ForgeScene, makeForgeScene } from '../support/forge-scene.js';
import { expectMerged, expectNoToken, trackingComment } from '../support/forge-way.js';
import { ensureBuilt } from '../support/run-baton.js';

const kinds: readonly ForgeKind[] = ['github', 'gitlab'];
const learned = new Map<ForgeKind, Routes>();
const withinMs = 300_000;

/**
 * Each route of a stage. Of the last stage one route that writes, another for each fault: an ending that fails
 * is tried again after ten seconds, and then after twice as long each time, whoever would have it sooner.
 */
function routesOf(kind: ForgeKind, stage: Stage, turn: number): readonly FaultMatch[] {
  const routes = learned.get(kind)?.[stage] ?? [];
  if (stage !== 'end') return routes;
  const writes = routes.filter(isWrite);
  return writes.slice(turn % writes.length).slice(0, 1);
}

/** Lets a daemon go on until a stage is over. What its job waits for is not sat out; one that failed is `onFailed`'s. */
async function goThrough(stage: Stage, scene: ForgeScene, onFailed: (job: Job) => Promise<void>): Promise<void> {
  const end = Date.now() + withinMs;
  // The last look at the request may fail just as the daemon is asked to stop.
  while (!(await hasArrived(stage, scene))) {
    await using daemon = startDaemon(scene.path, scene.env);
    await daemon.waitFor('the start', ({ msg }) => msg === 'ready');
    while (!(await hasArrived(stage, scene))) {
      const job = await scene.stored();
      const log = (): string => daemon.log.map((line) => JSON.stringify(line)).join('\n');
      if (Date.now() > end) throw new Error(`${stage}: not within ${withinMs} ms: ${JSON.stringify(job)}\n${log()}`);
      if (job?.phase === 'failed') await onFailed(job);
      if (job?.phase === 'waiting') await scene.wake(job);
      await wait(100);
    }
    expect(await daemon.stop()).toBe(0);
  }
}

const neverFails = async (job: Job): Promise<void> => {
  throw new Error(`the job ended: ${job.outcome}, ${JSON.stringify(job.data)}`);
};

/** A fault, and the host that has it. */
export type ForgeFault = readonly [kind: ForgeKind, fault: string];

const overBoth = (faults: Readonly<Record<string, unknown>>): readonly ForgeFault[] =>
  kinds.flatMap((kind) => Object.keys(faults).map((fault) => [kind, fault] as const));
export const everyPassingFault = overBoth(passingFaults);
export const everyOddFault = overBoth(oddFaults);

/** Tests each of these faults at every route of its host. */
export function testForgeFaults(passing: readonly ForgeFault[], odd: readonly ForgeFault[]): void {
  beforeAll(ensureBuilt, 180_000);
  beforeAll(async () => {
    for (const [kind, routes] of await Promise.all(
      kinds.map(async (each) => [each, await learnRoutes(each)] as const),
    )) {
      learned.set(kind, routes);
    }
  });
  vi.setConfig({ maxConcurrency: 8 });

  describe.concurrent('every route of a host fails once', () => {
    it.each(passing)('%s, with %s: one request, one comment, nothing lost, no token', async (kind, name) => {
      await using scene = await makeForgeScene(kind);
      const fault = passingFaults[name]?.(kind);
      if (fault === undefined) throw new Error(`no fault ${name}`);
      const turn = Object.keys(passingFaults).indexOf(name);
      const missed = (): readonly FaultMatch[] => scene.host.server.waitingFaults().filter(isWrite);
      let head = '';
      for (const stage of stages) {
        scene.host.server.clearFaults();
        await beginStage(stage, scene);
        for (const route of routesOf(kind, stage, turn)) scene.host.server.failNext(fault, route);
        await goThrough(stage, scene, neverFails);
        head = await expectArrived(stage, scene, head);
        // Reads aren't all made again where another one failed, nor is what only shows people where the job is.
        expect(
          missed()
            .map(nameOf)
            .filter((each) => !/labels|comments|notes|issues/.test(each)),
        ).toEqual([]);
      }
      expect(missed()).toEqual([]);
      await expectNoToken(scene);
    });
  });

  describe.concurrent('every route of a host answers oddly once', () => {
    it.each(odd)('%s, with %s: one request, one comment, nothing lost, no token', async (kind, name) => {
      await using scene = await makeForgeScene(kind);
      const fault = oddFaults[name];
      if (fault === undefined) throw new Error(`no fault ${name}`);
      const retried: string[] = [];
      for (const route of routesOf(kind, 'hand in', 0)) scene.host.server.failNext(fault, route);
      await goThrough('hand in', scene, async (job) => {
        // Before there is a workspace, that it can't be made is what the job ends on.
        expect(job.outcome).toMatch(job.round > 0 ? /^forge-failed$/ : /^(?:forge|workspace)-failed$/);
        // What was worked stands on the branch, or is kept aside.
        const { rescued = [] } = JSON.parse((await scene.baton('show', job.id, '--json')).stdout);
        const branches = await scene.branches();
        if (job.round > 0) expect([...rescued, branches['baton/issue-1']]).not.toEqual([undefined]);
        retried.push(job.id);
        expect(retried.length).toBeLessThan(20);
        expect(await scene.baton('retry', job.id)).toMatchObject({ exitCode: 0 });
      });
      scene.host.server.clearFaults();
      const head = await scene.inRemote('rev-parse', 'refs/heads/baton/issue-1');
      expect(await scene.branches()).toEqual({ main: scene.base, 'baton/issue-1': head });
      expect(scene.host.requests()).toMatchObject([{ head: 'baton/issue-1', state: 'open', draft: true }]);
      trackingComment(scene);
      await scene.host.merge('bob');
      await goThrough('end', scene, neverFails);
      await expectMerged(scene);
      await expectNoToken(scene);
    });
  });
}
