import { describe, expect, it, vi } from 'vitest';
import { beginStage, type Stage, stages } from '../support/forge-faults.js';
import type { ForgeKind } from '../support/forge-host.js';
import { makeForgeScene } from '../support/forge-scene.js';
import { live } from './crash-run.js';
import { expectAsIfUnharmed, finishStage, learnWay, type PlainWay } from './crash-way.js';

const parts = 8;
const kinds: readonly ForgeKind[] = ['github', 'gitlab'];
const ways = new Map<ForgeKind, Promise<PlainWay>>();

vi.setConfig({ maxConcurrency: 2, testTimeout: 3_600_000 });

async function learn(kind: ForgeKind): Promise<PlainWay> {
  await using scene = await makeForgeScene(kind);
  // Awaited: handed on, it would go a way in a scene that is gone.
  return await learnWay(scene);
}

function wayOf(kind: ForgeKind): Promise<PlainWay> {
  const way = ways.get(kind) ?? learn(kind);
  ways.set(kind, way);
  return way;
}

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

const most = ({ points }: PlainWay): number => Math.max(...stages.map((stage: Stage) => points[stage].length));

describe.concurrent('a daemon that is killed once, at each point that there is (G1, G14, G17)', () => {
  const table = kinds.flatMap((kind) => Array.from({ length: parts }, (_, part) => [kind, part + 1] as const));

  it.each(table)(`%s, part %i of ${parts}: ends as if it had not been`, async (kind, part) => {
    const way = await wayOf(kind);
    const broken: string[] = [];
    for (let nth = part - 1; nth < most(way); nth += parts) {
      await goAndDie(kind, way, nth).catch((error: unknown) => broken.push(String(error)));
    }
    expect(broken).toEqual([]);
  });
});
