import { describe, expect, it, vi } from 'vitest';
import { beginStage, type Stage, stages } from '../support/forge-faults.js';
import type { ForgeKind } from '../support/forge-host.js';
import { makeForgeScene } from '../support/forge-scene.js';
import { live } from './crash-run.js';
import { expectAsIfUnharmed, finishStage, learnWay, type PlainWay } from './crash-way.js';

const kinds: readonly ForgeKind[] = ['github', 'gitlab'];

vi.setConfig({ maxConcurrency: 2, testTimeout: 600_000 });

async function learn(kind: ForgeKind): Promise<PlainWay> {
  await using scene = await makeForgeScene(kind);
  // Awaited: handed on, it would go a way in a scene that is gone.
  return await learnWay(scene);
}

const most = ({ points }: PlainWay): number => Math.max(...stages.map((stage: Stage) => points[stage].length));

/** One way, on which one life of each stage is killed: at its so-manieth point, as long as it has so many. */
async function goAndDie(kind: ForgeKind, { points, creations }: PlainWay, nth: number): Promise<void> {
  await using scene = await makeForgeScene(kind);
  let head = '';
  for (const stage of stages) {
    const point = points[stage][nth];
    if (point === undefined && stages.slice(stages.indexOf(stage)).every((each) => points[each].length <= nth)) return;
    await beginStage(stage, scene);
    if (point !== undefined) expect([point, (await live(point, scene)).killed]).toEqual([point, true]);
    await finishStage(stage, scene);
    try {
      head = await expectAsIfUnharmed(stage, scene, { before: head, creations: creations[stage] });
    } catch (error) {
      throw new Error(`${stage}, killed at ${point ?? 'no point'}: ${String(error)}`, { cause: error });
    }
  }
}

// Learned before the cases are named: each point is a case of its own, so that a run of hours says how far it came.
const cases: (readonly [kind: ForgeKind, points: string, nth: number, way: PlainWay])[] = [];
for (const kind of kinds) {
  const way = await learn(kind);
  for (let nth = 0; nth < most(way); nth += 1) {
    cases.push([kind, stages.map((stage) => way.points[stage][nth] ?? '–').join(', '), nth, way]);
  }
}

describe.concurrent('a daemon that is killed once, at each point that there is (G1, G14, G17)', () => {
  it.each(cases)('%s, at %s: ends as if it had not been', async (kind, _points, nth, way) => {
    await goAndDie(kind, way, nth);
  });
});
