import { describe, expect, it, vi } from 'vitest';
import { stages } from '../support/forge-faults.js';
import { makeForgeScene } from '../support/forge-scene.js';
import { listEffects } from './contract-methods.js';
import { dieEverywhere, kindOf, learnWay, type PlainWay } from './crash-way.js';
import { makeResumableScene } from './resumable.js';

vi.setConfig({ maxConcurrency: 2 });

/** Effects at which no life dies here, and why. */
const notOnTheWay: Readonly<Record<string, string>> = {
  'forge.ensureComment': 'the engine writes below issues, and nothing below pull requests',
  'session.interject': 'the engine tells an agent nothing in the middle of its turn',
  'store.forgetJournals': 'only an operator has journals go, by baton gc',
  'workspaces.prune': 'only an operator has copies of repositories go, by baton gc',
  'workspaces.restore': 'only a person has kept work brought back, by baton rescue restore',
  'workspace.handOver': 'only a person has a checkout kept, by baton run --keep',
};

const kindsOf = ({ points }: PlainWay): ReadonlySet<string> =>
  new Set(stages.flatMap((stage) => points[stage].map(kindOf)));

/** Where lives died. */
const reached = new Set<string>();

describe.concurrent('a daemon that is killed before and after each effect, again and again (G1, G14, G17)', () => {
  it.each(['before', 'after'])(
    'ends as if nobody had, %s each: one of everything, no turn paid twice, nothing set aside or left running',
    async (side) => {
      await using plain = await makeForgeScene('github');
      const way = await learnWay(plain);
      await using scene = await makeForgeScene('github');
      const isTried = (kind: string): boolean => kind.endsWith(`:${side}`);
      const died = await dieEverywhere(scene, way, isTried);
      const missed = [...kindsOf(way)].filter((point) => isTried(point) && !died.has(point));
      expect(missed).toEqual([]);
      for (const point of died) reached.add(point);
    },
  );

  it('goes on in the middle of a turn that can be resumed, and pays for it once', async () => {
    await using plain = await makeResumableScene('gitlab');
    const way = await learnWay(plain, ['hand in']);
    await using scene = await makeResumableScene('gitlab');
    const died = await dieEverywhere(scene, way, (kind) =>
      /^(?:(?:agent|session|workspace)\.|gate\.prove:)/.test(kind),
    );
    for (const effect of ['agent.resume', 'gate.prove', 'workspace.compose', 'workspace.writeFile']) {
      expect([...died]).toEqual(expect.arrayContaining([`${effect}:before`, `${effect}:after`]));
    }
    for (const point of died) reached.add(point);
  });
});

describe('all that the contracts can do', () => {
  it('was tried, or nobody does it', () => {
    const lacking = listEffects().filter(
      (effect) => !reached.has(`${effect}:before`) && !reached.has(`${effect}:after`),
    );
    expect(lacking.toSorted()).toEqual(Object.keys(notOnTheWay).toSorted());
  });
});
