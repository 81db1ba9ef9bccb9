import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createSqliteStore } from '@baton/sqlite';
import { expect } from 'vitest';
import { beginStage, expectArrived, hasArrived, type Stage, stages } from '../support/forge-faults.js';
import type { ForgeScene } from '../support/forge-scene.js';
import { leftProcesses } from '../support/left-processes.js';
import { live, traceIn } from './crash-run.js';

/** A way that nobody interrupts. */
export interface PlainWay {
  /** The points of each stage, in the order in which a daemon comes to them, such as `store.record:before:3`. */
  readonly points: Readonly<Record<Stage, readonly string[]>>;
  /** What it had made at the host by the end of each stage. */
  readonly creations: Readonly<Record<Stage, readonly string[]>>;
}

/** `store.record:before:3 j1 settled` → `store.record:before:3`. */
function pointOf(line: string): string {
  return line.split(' ')[0] ?? '';
}

/** `store.record:before:3` → `store.record:before`. */
export function kindOf(point: string): string {
  return point.replace(/:\d+$/, '');
}

/** Requests by which something came to stand at the host, of which two would be one too many. */
function creationsAt({ host }: ForgeScene): readonly string[] {
  return host.server.requests
    .filter(({ method, path, status }) => method === 'POST' && status === 201 && !/labels|assignees/.test(path))
    .map(({ path }) => path)
    .toSorted();
}

/** Turns that began although one had ended already in their round, and had been recorded as ended; of each job. */
export function paidTwice(trace: readonly string[]): readonly string[] {
  const ended = new Set<string>();
  return trace.filter((line) => {
    const [point = '', job = '', entries = ''] = line.split(' ');
    if (point.startsWith('store.record:after:') && entries.includes('rework-asked')) ended.delete(job);
    if (point.startsWith('store.record:after:') && entries.includes('turn-ended')) ended.add(job);
    return ended.has(job) && point.startsWith('session.run:before:');
  });
}

/** What the ledger has against each job is what the job says of its turns: nothing that was set aside stays so. */
export async function expectLedgerAgrees(scene: ForgeScene): Promise<void> {
  const path = join(scene.path, 'state', 'sqlite', 'store.db');
  const store = createSqliteStore({ path, runtime: createSystemRuntime() });
  try {
    for await (const { id, data } of store.list({})) {
      const { usage } = data as { readonly usage: { readonly microUsd: number | null } };
      const spent = await store.spent({ scope: `job/${id}`, period: 'all', unit: 'micro-usd' });
      expect([id, spent]).toEqual([id, usage.microUsd ?? 0]);
    }
  } finally {
    await store.close?.();
  }
}

/** Goes on until a stage is over, through lives that nobody kills. What a job waits for is not sat out. */
export async function finishStage(stage: Stage, scene: ForgeScene): Promise<void> {
  for (let lives = 0; lives < 4; lives += 1) {
    await live(null, scene);
    if (await hasArrived(stage, scene)) return;
    const job = await scene.stored();
    if (job?.phase === 'waiting') await scene.wake(job);
  }
  throw new Error(`${stage} is never over: ${JSON.stringify(await scene.stored())}`);
}

/** What must be so at the end of a stage, whatever kills came: as it is without them. The commit on the branch. */
export async function expectAsIfUnharmed(
  stage: Stage,
  scene: ForgeScene,
  { before, creations }: { readonly before: string; readonly creations: readonly string[] },
): Promise<string> {
  const head = await expectArrived(stage, scene, before);
  expect(await scene.job()).toMatchObject({ attempt: 1 });
  if (stage === 'hand in')
    expect(await scene.inRemote('rev-list', '--parents', '-1', head)).toBe(`${head} ${scene.base}`);
  expect(creationsAt(scene)).toEqual(creations);
  expect(scene.host.server.unexpected).toEqual([]);
  const claimed = await scene.inRemote('for-each-ref', '--format=%(refname)', 'refs/baton/claims');
  expect(claimed.split('\n').filter((ref) => ref !== '')).toHaveLength(stage === 'end' ? 0 : 1);
  expect(paidTwice((await readFile(traceIn(scene), 'utf8')).split('\n'))).toEqual([]);
  await expectLedgerAgrees(scene);
  expect(leftProcesses(scene.name)).toEqual([]);
  return head;
}

/** Goes a way without a kill, so that the table of points is never behind the code. */
export async function learnWay(scene: ForgeScene, upTo: readonly Stage[] = stages): Promise<PlainWay> {
  const points: Record<Stage, readonly string[]> = { 'hand in': [], rework: [], end: [] };
  const creations: Record<Stage, readonly string[]> = { 'hand in': [], rework: [], end: [] };
  let head = '';
  for (const stage of upTo) {
    await beginStage(stage, scene);
    const { trace } = await live(null, scene);
    points[stage] = trace.map(pointOf);
    creations[stage] = creationsAt(scene);
    head = await expectAsIfUnharmed(stage, scene, { before: head, creations: creations[stage] });
  }
  return { points, creations };
}

/**
 * Goes a way on which each kind of point kills a life, one after another, so that each life has to go on where another
 * one died. What is only reached where one died before is tried as soon as it was seen. The kinds that did kill one.
 */
export async function dieEverywhere(
  scene: ForgeScene,
  { points, creations }: PlainWay,
  isTried: (kind: string) => boolean,
): Promise<ReadonlySet<string>> {
  const died = new Set<string>();
  let head = '';
  for (const stage of stages.filter((each) => points[each].length > 0)) {
    await beginStage(stage, scene);
    const known = new Set(points[stage].map(kindOf));
    const due = [...known].filter((kind) => isTried(kind) && !died.has(kind));
    for (let kind = due.shift(); kind !== undefined; kind = due.shift()) {
      const { killed, trace } = await live(`${kind}:1`, scene);
      if (killed) died.add(kind);
      const seen = new Set(trace.filter((line) => !line.startsWith('killed')).map((line) => kindOf(pointOf(line))));
      const fresh = [...seen].filter((each) => !known.has(each) && isTried(each) && !died.has(each));
      for (const each of fresh) known.add(each);
      due.unshift(...fresh);
    }
    await finishStage(stage, scene);
    head = await expectAsIfUnharmed(stage, scene, { before: head, creations: creations[stage] });
  }
  return died;
}
