import { isEnded } from '@baton/core';
import type { Baton, BatonOptions } from '../../src/index.js';
import { settle } from '../memory-world.js';
import { setup } from './actors/setup.js';
import { allJobs, isCalm } from './calm.js';
import { createChoices } from './choices.js';
import { bringToAnEnd, clearUp } from './closing.js';
import type { InvariantName } from './invariants/all-invariants.js';
import { drawPlan, type PlannedDeed } from './plan/plan.js';
import { startDaemon } from './process/daemon.js';
import { createWorld, type StoryLine, type Violation, type World } from './world.js';

/** What a simulated run is made of. */
export interface SimulationOptions {
  readonly seed: number;
  /** The engine under test. */
  readonly createBaton: (options: BatonOptions) => Baton;
  /** Deeds of the plan, by id, that are left away. Default: none. */
  readonly without?: ReadonlySet<number>;
  /** The run goes on past every broken promise but this one. Default: null, which is that it ends at the first. */
  readonly only?: InvariantName | null;
  /** Handed the world before anything happens in it, to look into it afterwards. */
  readonly onWorld?: (world: World) => void;
}

/** What a simulated run came to. */
export interface SimulationReport {
  readonly seed: number;
  /** The promises that were broken, the first one first. */
  readonly violations: readonly Violation[];
  readonly story: readonly StoryLine[];
  /** Calls that daemons made on the world outside of them. */
  readonly steps: number;
  /** What was to happen, without what was left away. */
  readonly plan: readonly PlannedDeed[];
}

/** Many times what the longest correct run needs. */
const mostLooks = 20_000;
const hours = 3_600_000;
const longestEndMs = 200 * hours;
/** What was replaced long ago may still wake up and write: the end is looked at once it has. */
const quietLooks = 8;
/** So much more for a look at what seems to be at rest: a project whose polls failed is left alone for five minutes. */
const calmMs = 45_000;

/** Runs the engine over the in-memory adapters as the seed has it, until everything has come to rest. The same seed is the same run. */
export async function simulate({
  seed,
  createBaton,
  without,
  only = null,
  onWorld,
}: SimulationOptions): Promise<SimulationReport> {
  const plan = drawPlan(seed).filter(({ id }) => !without?.has(id));
  const world = createWorld({ seed, createBaton, plan: plan.filter(({ actor }) => actor !== 'setup') });
  onWorld?.(world);
  setUp(
    world,
    seed,
    plan.filter(({ actor }) => actor === 'setup'),
  );
  const { clock } = world;
  const choose = createChoices(seed, 4);
  // What never comes to rest can't be judged at rest, and would go on for ever.
  const isOver = (): boolean =>
    world.violations.some(({ invariant }) => only === null || invariant === only || invariant === 'comes-to-rest');
  let looks = 0;
  let endsAt = Number.POSITIVE_INFINITY;
  for (let quiet = 0; quiet < quietLooks && !isOver(); ) {
    await settle();
    looks += 1;
    if (looks > mostLooks || clock.monotonic() > endsAt) {
      world.break('comes-to-rest', describeUnrest(world));
      break;
    }
    if (world.hasDeedsLeft) {
      const isQuiet = isCalm(world) && allJobs(world).length > 0;
      // Where no daemon runs nobody makes calls, and people go on all the same.
      if (isQuiet || (isUnattended(world) && choose.chance(0.5))) world.hurry();
    } else {
      if (!world.isClosing) {
        clearUp(world);
        endsAt = clock.monotonic() + longestEndMs;
      }
      quiet = (await bringToAnEnd(world, choose)) ? quiet + 1 : 0;
    }
    const more = world.isClosing && isCalm(world) ? calmMs : 0;
    clock.advance(1_000 + choose.below(29_000) + idleMs(world) + more);
  }
  if (!isOver()) await world.judgeRest();
  for (const { daemons } of world.installations) for (const daemon of daemons) daemon.life = 'dead';
  return { plan, seed, violations: world.violations, story: world.story, steps: world.step };
}

function setUp(world: World, seed: number, plan: ReturnType<typeof drawPlan>): void {
  for (const { id, deed } of plan) {
    const words = setup.deeds[deed]?.(world, createChoices(seed, 3, id));
    if (words) world.tell(setup.who, words, id);
  }
  for (let state = 0; state < world.stateCount; state += 1) {
    const installation = world.addInstallation();
    for (let count = 0; count < world.daemonsEach; count += 1) startDaemon(world, installation);
  }
}

function isUnattended({ installations }: World): boolean {
  return installations.every(({ daemons }) => daemons.every(({ life }) => life !== 'alive'));
}

/** How long nothing but polls would happen: jumped over, so that an hour's wait costs no more than a minute's. */
function idleMs(world: World): number {
  if (!isCalm(world)) return 0;
  const now = world.clock.now();
  const waits = allJobs(world).flatMap(({ job }) =>
    job.phase === 'waiting' && job.wait !== 'needs-person' ? [job.wakeAt - now] : [],
  );
  return waits.length === 0 ? 0 : Math.max(0, Math.min(...waits) - 15_000);
}

function describeUnrest(world: World): string {
  const open = allJobs(world).filter(({ job }) => !isEnded(job.phase));
  const jobs = open.map(
    ({ installation, job }) =>
      `job ${job.id} of ${job.issueKey} in ${installation.name} is ${job.phase} ${job.wait ?? ''}`,
  );
  return `No rest after ${world.step} calls: ${jobs.join('; ') || 'no job is open'}.`;
}
