import { type ActorName, actors } from '../actors/all-actors.js';
import { createChoices } from '../choices.js';

/** One deed that is to be done, whatever the others come to. */
export interface PlannedDeed {
  /** Tells its choices apart from those of any other. */
  readonly id: number;
  /** At which call of the run. */
  readonly at: number;
  readonly actor: ActorName;
  readonly deed: string;
}

const lastStep = 1_000;

/**
 * What happens in a run, drawn before it begins: whoever leaves some of it away sees the rest as it was. How much each
 * actor does differs from run to run, so that some are about money, some about a bad host, and some about people.
 */
export function drawPlan(seed: number): readonly PlannedDeed[] {
  const choose = createChoices(seed, 1);
  const names = Object.keys(actors) as ActorName[];
  const weights = names.map((name) => (name === 'setup' ? 0 : choose.one<number>([0, 0, 1, 2, 4])));
  const deeds: PlannedDeed[] = [];
  const add = (actor: ActorName, at: number): void => {
    const deed = choose.pick(Object.keys(actors[actor].deeds));
    if (deed !== null) deeds.push({ id: deeds.length + 1, at, actor, deed });
  };
  for (let left = choose.below(13); left > 0; left -= 1) add('setup', 0);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  for (let left = all === 0 ? 0 : 5 + choose.below(30); left > 0; left -= 1) {
    const actor = choose.pick(names.flatMap((name, index) => Array<ActorName>(weights[index] ?? 0).fill(name)));
    // Much happens while a job is on its way, which takes some hundred calls.
    if (actor !== null) add(actor, 1 + Math.floor(choose.unit() ** 1.5 * lastStep));
  }
  return deeds.toSorted((left, right) => left.at - right.at || left.id - right.id);
}
