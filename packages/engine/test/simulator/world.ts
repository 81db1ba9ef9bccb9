import type { ManualClock } from '@baton/conformance';
import type { LeakScanner, Runtime } from '@baton/core';
import { createMemoryLeakScanner, createMemoryStore } from '@baton/memory';
import type { Baton, BatonOptions } from '../../src/index.js';
import { createManualRuntime } from '../memory-world.js';
import { actors } from './actors/all-actors.js';
import type { Turn } from './agents/simulated-agent.js';
import { createChoices } from './choices.js';
import type { DatedFact, Fact, FactOf } from './facts.js';
import { createHost, type Host } from './host/host.js';
import { mergePull, openPulls } from './host/pulls.js';
import { type InvariantName, invariants } from './invariants/all-invariants.js';
import type { Answered, Watch } from './invariants/invariant.js';
import type { JobEvent } from './job-event.js';
import type { PlannedDeed } from './plan/plan.js';
import { type Daemon, startDaemon } from './process/daemon.js';
import { type Call, type Fate, type Fault, isOnHost, isRead } from './process/fate.js';
import { createInstallation, type Installation } from './process/installation.js';

/** What jobs may use. Null: no limit. */
export interface Caps {
  microUsdPerJob: number | null;
  microUsdPerDay: number | null;
  openPullRequests: number | null;
  secondAgent: boolean;
}

/** One thing that happened, for people. */
export interface StoryLine {
  readonly step: number;
  /** Which planned deed it was. Null: none, but what came of one. */
  readonly deed: number | null;
  readonly who: string;
  readonly words: string;
}

/** A promise that didn't hold. */
export interface Violation {
  readonly invariant: InvariantName;
  readonly step: number;
  readonly words: string;
}

/** A job event as the store tells it: what the job was before is known here. */
export type ToldJobEvent =
  | Exclude<JobEvent, { readonly kind: 'recorded' }>
  | Omit<Extract<JobEvent, { readonly kind: 'recorded' }>, 'before'>;

/** Everything outside of the engine, and what has happened in it so far. */
export interface World {
  readonly seed: number;
  readonly runtime: Runtime;
  readonly clock: ManualClock;
  readonly createBaton: (options: BatonOptions) => Baton;
  readonly hosts: Host[];
  readonly installations: Installation[];
  readonly leakScanner: LeakScanner;
  readonly caps: Caps;
  /** Jobs that each daemon may work at once. */
  concurrency: number;
  /** Jobs that all daemons of an installation may work at once. Null: no limit. */
  totalConcurrency: number | null;
  /** How many states there are, and daemons for each, at the beginning. */
  stateCount: number;
  daemonsEach: number;
  daemonCount: number;
  /** Calls that daemons have made so far. */
  readonly step: number;
  readonly turns: Turn[];
  readonly story: readonly StoryLine[];
  readonly violations: readonly Violation[];
  /** Faults that the next call which fits meets. */
  readonly faults: Fault[];
  /** Whether nothing goes wrong any more. */
  isClosing: boolean;
  /** How many looks in a row nothing went on. */
  calmLooks: number;
  readonly hasDeedsLeft: boolean;
  /** Does the next deed now, whenever it was planned. */
  hurry(): void;
  tell(who: string, words: string, deed?: number | null): void;
  note(fact: Fact): void;
  facts<Kind extends Fact['kind']>(kind: Kind): readonly FactOf<Kind>[];
  addHost(): Host;
  addInstallation(): Installation;
  startAnother(installation: Installation): void;
  /** Another daemon a little later, where nobody is left. */
  replace(installation: Installation): void;
  /** Its daemons die, and those that come find an empty state directory with its checkouts in it. */
  loseStore(installation: Installation): void;
  next(daemon: Daemon, call: Call): Fate;
  recall(call: Call, args: readonly unknown[]): { readonly answer: unknown } | undefined;
  answered(answered: Answered): void;
  tellJob(event: ToldJobEvent): void;
  beginTurn(turn: Turn): void;
  /** Holds what has come to rest against every promise. */
  judgeRest(): Promise<void>;
  break(invariant: InvariantName, words: string): void;
}

/** What a world is made of. */
export interface WorldOptions {
  readonly seed: number;
  readonly createBaton: (options: BatonOptions) => Baton;
  readonly plan: readonly PlannedDeed[];
}

const longestStaleMs = 180_000;
/** Many times what the longest correct run needs. */
const mostSteps = 30_000;
const deedTries = 8;
const stepsBetweenTries = 25;

/** A world with one host, one handed-over issue, and no daemon yet. */
export function createWorld({ seed, createBaton, plan }: WorldOptions): World {
  const runtime = createManualRuntime(seed);
  const { clock } = runtime;
  const chance = createChoices(seed, 2);
  const facts: DatedFact[] = [];
  const byKind = new Map<Fact['kind'], DatedFact[]>();
  const story: StoryLine[] = [];
  const violations: Violation[] = [];
  const remembered = new Map<string, { readonly answer: unknown; readonly at: number }>();
  const left = plan.map((deed) => ({ ...deed, tries: deedTries }));
  let step = 0;
  let isBusy = false;

  const doDeed = (deed: (typeof left)[number]): void => {
    const actor = actors[deed.actor];
    const words = actor.deeds[deed.deed]?.(world, createChoices(seed, 3, deed.id, deed.tries)) ?? null;
    if (words !== null) {
      world.tell(actor.who, words, deed.id);
      return;
    }
    deed.tries -= 1;
    if (deed.tries > 0) {
      const again = { ...deed, at: step + stepsBetweenTries };
      const index = left.findIndex(({ at }) => at > again.at);
      left.splice(index < 0 ? left.length : index, 0, again);
    }
  };
  const doDeeds = (): void => {
    if (isBusy) return;
    isBusy = true;
    for (let first = left[0]; first !== undefined && first.at <= step; first = left[0]) {
      left.shift();
      doDeed(first);
    }
    isBusy = false;
  };
  const watches: (readonly [InvariantName, Watch])[] = [];
  const heldAgainst = (ask: (watch: Watch) => string | null | undefined): void => {
    for (const [name, watch] of watches) {
      const words = ask(watch);
      if (words !== null && words !== undefined) world.break(name, words);
    }
  };
  const keyOf = (call: Call, args: readonly unknown[]): string =>
    `${call.host} ${call.port} ${call.method} ${JSON.stringify(args.slice(0, call.method === 'poll' ? 2 : 1))}`;

  const world: World = {
    seed,
    runtime,
    clock,
    createBaton,
    hosts: [],
    installations: [],
    leakScanner: createMemoryLeakScanner({ secrets: () => [] }),
    caps: { microUsdPerJob: null, microUsdPerDay: null, openPullRequests: null, secondAgent: false },
    concurrency: 2,
    totalConcurrency: null,
    stateCount: 1,
    daemonsEach: 1,
    daemonCount: 0,
    get step() {
      return step;
    },
    turns: [],
    story,
    violations,
    faults: [],
    isClosing: false,
    calmLooks: 0,
    get hasDeedsLeft() {
      return left.length > 0;
    },
    hurry() {
      const first = left.shift();
      if (first) doDeed(first);
    },
    tell(who, words, deed = null) {
      story.push({ step, deed, who, words });
    },
    note(fact) {
      const dated = { ...fact, step, at: clock.monotonic() };
      facts.push(dated);
      const same = byKind.get(fact.kind) ?? [];
      same.push(dated);
      byKind.set(fact.kind, same);
    },
    // Only facts of the kind are put there.
    facts: <Kind extends Fact['kind']>(kind: Kind) => (byKind.get(kind) ?? []) as unknown as readonly FactOf<Kind>[],
    addHost() {
      const name = ['web', 'api', 'app'][world.hosts.length] ?? `p${world.hosts.length}`;
      const host: Host = createHost({
        name,
        clock,
        onJudged: (tree, verdict) => world.note({ kind: 'judged', host, tree, verdict }),
      });
      host.issues.push(host.source.seed({ title: 'issue 1', labels: ['baton'] }));
      world.hosts.push(host);
      return host;
    },
    addInstallation() {
      const installation = createInstallation(`state ${world.installations.length + 1}`, world.hosts, runtime);
      world.installations.push(installation);
      return installation;
    },
    startAnother: (installation) => void startDaemon(world, installation),
    loseStore(installation) {
      for (const daemon of installation.daemons) daemon.die();
      world.note({ kind: 'store-lost', installation });
      installation.store = createMemoryStore({ runtime });
      installation.jobs.clear();
    },
    replace(installation) {
      void clock.sleep(chance.below(60_000)).then(() => {
        if (installation.daemons.every(({ life }) => life === 'dead')) startDaemon(world, installation);
      });
    },
    next(daemon, call) {
      step += 1;
      if (step > mostSteps) {
        world.break('comes-to-rest', `No rest after ${mostSteps} calls.`);
        // It may go on and on at one instant, and never let anybody else look.
        for (const { daemons } of world.installations) for (const each of daemons) each.life = 'dead';
      }
      doDeeds();
      const now = clock.monotonic();
      const host = isOnHost(call) ? world.hosts.find(({ name }) => name === call.host) : undefined;
      if (host !== undefined && now < host.awayUntil) {
        world.note({ kind: 'failed-call', host: host.name, method: call.method, code: null });
        return 'unreached';
      }
      if (world.faults.length === 0) return 'pass';
      const index = world.faults.findIndex((fault) => fault.isFor(call));
      const [fault] = index < 0 ? [] : world.faults.splice(index, 1);
      if (!fault) return 'pass';
      world.tell(call.host ?? 'the store', `${fault.words(call)} (${daemon.name})`);
      const its = { host: call.host ?? '', method: call.method };
      if (fault.fate === 'stale') world.note({ kind: 'misled', ...its });
      else if (fault.fate !== 'twice') {
        const isError = typeof fault.fate === 'object' && fault.fate.kind === 'error';
        world.note({ kind: 'failed-call', ...its, code: isError ? fault.fate.error.code : null });
      }
      return fault.fate;
    },
    recall(call, args) {
      const old = remembered.get(keyOf(call, args));
      return old && clock.monotonic() - old.at <= longestStaleMs ? old : undefined;
    },
    answered(answered) {
      const { call, args, answer } = answered;
      // The first one of a few minutes is kept: it is the oldest that may still be told.
      if (isRead(call)) {
        const key = keyOf(call, args);
        const old = remembered.get(key);
        const at = clock.monotonic();
        if (!old || at - old.at > longestStaleMs) remembered.set(key, { answer, at });
      }
      heldAgainst((watch) => watch.answered?.(answered));
      if (call.method === 'ensurePullRequest') mergeAtOnce(world, call.host);
    },
    tellJob(told) {
      const { installation, job } = told;
      const before = installation.jobs.get(job.id) ?? job;
      if (told.kind === 'recorded' || told.kind === 'enqueued') installation.jobs.set(job.id, job);
      const event: JobEvent = told.kind === 'recorded' ? { ...told, before } : told;
      heldAgainst((watch) => watch.job?.(event));
    },
    beginTurn(turn) {
      heldAgainst((watch) => watch.turn?.(turn));
      world.turns.push(turn);
    },
    async judgeRest() {
      for (const [name, watch] of watches) {
        const words = await watch.rest?.();
        if (words !== null && words !== undefined) world.break(name, words);
      }
    },
    break(invariant, words) {
      violations.push({ invariant, step, words });
    },
  };
  for (const name of Object.keys(invariants) as InvariantName[]) watches.push([name, invariants[name].watch(world)]);
  world.addHost();
  return world;
}

/** Before whoever opened it has heard that it is open. */
function mergeAtOnce(world: World, name: string | null): void {
  for (const found of openPulls(world)) {
    const { host, number } = found;
    if (host.name !== name || host.mergesNext === null || !mergePull(world, found, host.mergesNext)) continue;
    host.mergesNext = null;
    world.tell('reviewers', `a bot merged pull request ${number} of ${host.name}`);
  }
}
