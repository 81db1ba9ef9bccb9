import { join } from 'node:path';
import { createManualClock } from '@baton/conformance';
import type { Clock, Forge, IssueSource, JobStore } from '@baton/core';
import {
  type BatonOptions,
  createBaton,
  defaultLimits,
  type Project,
  readPollAnswer,
  requestPoll,
} from '@baton/engine';
import {
  createMemoryAgent,
  createMemoryForge,
  createMemoryGate,
  createMemoryLeakScanner,
  createMemoryRemote,
  createMemorySandbox,
  createMemorySource,
  createMemoryWorkspaces,
} from '@baton/memory';
import { createSqliteStore } from '@baton/sqlite';
import { describe, expect, it } from 'vitest';
import { makeScratch } from './support/scratch.js';

/** What one daemon asked the host of one project, each time when. */
interface Asked {
  readonly daemon: string;
  readonly project: string;
  readonly what: 'issues' | 'pull requests';
  readonly at: number;
}

const second = 1_000;
const minute = 60 * second;

/** One SQLite file, and engines over it, each by a connection of its own. */
async function createScene() {
  const scratch = await makeScratch();
  const path = join(scratch.path, 'store.db');
  const clock = createManualClock();
  let ids = 0;
  const runtime = { clock, random: () => 0.5, id: (kind: string) => `${kind[0]}${++ids}` };
  const asked: Asked[] = [];
  const stores: JobStore[] = [];
  let turnsHeld: (() => void)[] = [];
  let turnsWait = false;

  const open = (itsClock: Clock = clock): JobStore => {
    const store = createSqliteStore({ path, runtime: { ...runtime, clock: itsClock } });
    stores.push(store);
    return store;
  };
  const createHost = (name: string) => {
    const remote = createMemoryRemote({ 'app.txt': 'broken\n' }, name);
    const source = createMemorySource({ runtime, tracker: name });
    const forge = createMemoryForge({ remote, runtime, source, repository: name });
    const workspaces = createMemoryWorkspaces({ remotes: [remote], runtime });
    return { name, source, forge, workspaces };
  };
  const hosts = [createHost('web'), createHost('api')];
  const agent = createMemoryAgent({
    clock,
    turns: async ({ workspace }) => {
      if (turnsWait) await new Promise<void>((resolve) => turnsHeld.push(resolve));
      await workspace.writeFile('app.txt', 'mended\n');
      return { summary: 'Mended.' };
    },
  });
  const projectOf = (daemon: string, { name, source, forge, workspaces }: (typeof hosts)[number]): Project => {
    const note = (what: Asked['what']): void => void asked.push({ daemon, project: name, what, at: clock.monotonic() });
    const watchedSource: IssueSource = {
      ...source,
      poll(query, cursor, options) {
        // A start looks for labels that a crash left.
        if (!query.labels.includes('baton:working')) note('issues');
        return source.poll(query, cursor, options);
      },
    };
    const watchedForge: Forge = {
      ...forge,
      observe(requests, options) {
        if (requests.length > 0) note('pull requests');
        return forge.observe(requests, options);
      },
    };
    return {
      name,
      source: watchedSource,
      query: { labels: ['baton'], excludeLabels: [], assignee: null },
      forge: watchedForge,
      workspaces,
      agents: [{ agent, model: null }],
      gates: [createMemoryGate()],
      leakScanner: createMemoryLeakScanner({ secrets: () => [] }),
      sandbox: {
        sandbox: createMemorySandbox({ programs: {} }),
        network: [],
        readable: [],
        maxMemoryBytes: null,
        maxProcesses: null,
      },
      limits: defaultLimits,
      budget: { microUsdPerDay: null, openPullRequests: null },
      trust: { permission: 'write', bots: [], perActorPerHour: null },
      pullRequest: { draft: true, labels: [] },
      concurrency: null,
    };
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  const go = async (forMs: number): Promise<void> => {
    for (let passed = 0; passed < forMs; passed += second) {
      await settle();
      clock.advance(second);
    }
    await settle();
  };
  return {
    clock,
    asked,
    source: hosts[0]?.source ?? expect.unreachable(),
    /** Not started. Its clock can be made to stand still for it, as a process that is frozen. */
    create(daemon: string, names: readonly string[], options: Partial<BatonOptions> = {}) {
      let isFrozen = false;
      const mortal: Clock = {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        async sleep(milliseconds, call) {
          await clock.sleep(milliseconds, call);
          if (isFrozen) await new Promise<never>(() => {});
        },
      };
      const projects = hosts.filter(({ name }) => names.includes(name)).map((host) => projectOf(daemon, host));
      const store = open(mortal);
      const baton = createBaton({
        runtime: { ...runtime, clock: mortal },
        store,
        projects,
        worker: daemon,
        ...options,
      });
      const freeze = (): void => {
        isFrozen = true;
      };
      return { baton, store, freeze };
    },
    go,
    settle,
    /** Drives the clock until something has come about. */
    async until<Value>(look: () => Promise<Value | null> | Value | null): Promise<Value> {
      for (let seconds = 0; seconds < 600; seconds += 1) {
        const found = await look();
        if (found !== null) return found;
        await go(second);
      }
      return expect.unreachable('It did not come about within ten minutes.');
    },
    /** Agents work on until `endTurns`. How many are at work. */
    turns: {
      hold: () => {
        turnsWait = true;
      },
      count: () => turnsHeld.length,
      end: () => {
        turnsWait = false;
        for (const end of turnsHeld) end();
        turnsHeld = [];
      },
    },
    async [Symbol.asyncDispose]() {
      for (const store of stores) await store.close?.();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

/** Who asked a host for something, in order, each once in a row. */
function whoAsked(asked: readonly Asked[], project: string, what: Asked['what']): readonly string[] {
  const daemons = asked.filter((each) => each.project === project && each.what === what).map(({ daemon }) => daemon);
  return daemons.filter((daemon, index) => daemon !== daemons[index - 1]);
}

function gapsOf(asked: readonly Asked[], project: string, what: Asked['what']): readonly number[] {
  const instants = asked.filter((each) => each.project === project && each.what === what).map(({ at }) => at);
  return instants.slice(1).map((at, index) => at - (instants[index] ?? 0));
}

describe('two daemons on one store', () => {
  it('poll each project once an interval, and look at its pull requests as often', async () => {
    await using scene = await createScene();
    scene.source.seed({ labels: ['baton'] });
    const daemons = [scene.create('a', ['web', 'api']), scene.create('b', ['web', 'api'])];
    for (const { baton } of daemons) await baton.start();
    await scene.go(10 * minute);
    for (const project of ['web', 'api']) {
      const gaps = gapsOf(scene.asked, project, 'issues');
      expect(gaps.length).toBeGreaterThan(15);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(27 * second);
      expect(whoAsked(scene.asked, project, 'issues')).toHaveLength(1);
    }
    const looks = gapsOf(scene.asked, 'web', 'pull requests');
    expect(looks.length).toBeGreaterThan(10);
    // The job itself looks once as it comes to wait for its review; from then on the poll does.
    expect(looks.filter((gap) => gap < 27 * second).length).toBeLessThan(2);
    const ended = Promise.all(daemons.map(({ baton }) => baton.stop()));
    await scene.go(minute);
    await ended;
  });

  it('poll on where one stops, at the next round of the other', async () => {
    await using scene = await createScene();
    const [a, b] = [scene.create('a', ['web']), scene.create('b', ['web'])];
    await a.baton.start();
    await b.baton.start();
    await scene.go(2 * minute);
    expect(whoAsked(scene.asked, 'web', 'issues')).toEqual(['a']);
    const stopping = a.baton.stop();
    await scene.go(second);
    await stopping;
    const stoppedAt = scene.clock.monotonic();
    await scene.go(2 * minute);
    const first = scene.asked.find(({ daemon, what }) => daemon === 'b' && what === 'issues');
    expect(first?.at).toBeLessThanOrEqual(stoppedAt + 33 * second);
    const ended = b.baton.stop();
    await scene.go(second);
    await ended;
  });

  it('poll on where one is left at work while it stops', async () => {
    await using scene = await createScene();
    scene.turns.hold();
    scene.source.seed({ labels: ['baton'] });
    const a = scene.create('a', ['web']);
    await a.baton.start();
    await scene.until(() => scene.turns.count() || null);
    const b = scene.create('b', ['web']);
    await b.baton.start();
    await scene.go(minute);
    expect(whoAsked(scene.asked, 'web', 'issues')).toEqual(['a']);
    const stopping = a.baton.stop();
    await scene.go(40 * second);
    expect(scene.turns.count()).toBe(1);
    expect(whoAsked(scene.asked, 'web', 'issues')).toEqual(['a', 'b']);
    scene.turns.end();
    const ended = Promise.all([stopping, b.baton.stop()]);
    await scene.go(minute);
    await ended;
  });

  it('poll on where one is not heard of any more, a minute later', async () => {
    await using scene = await createScene();
    const [a, b] = [scene.create('a', ['web']), scene.create('b', ['web'])];
    await a.baton.start();
    await b.baton.start();
    await scene.go(5 * minute);
    a.freeze();
    const lastAt = scene.asked.at(-1)?.at ?? 0;
    await scene.go(5 * minute);
    expect(whoAsked(scene.asked, 'web', 'issues')).toEqual(['a', 'b']);
    const first = scene.asked.find(({ daemon }) => daemon === 'b');
    expect((first?.at ?? 0) - lastAt).toBeGreaterThanOrEqual(minute);
    expect((first?.at ?? 0) - lastAt).toBeLessThanOrEqual(minute + 33 * second);
    const ended = b.baton.stop();
    await scene.go(second);
    await ended;
  });

  it('leave a host alone that does not answer, while it is left alone', async () => {
    await using scene = await createScene();
    scene.source.failures.set('poll', new Error('It is away.'));
    const daemons = [scene.create('a', ['web']), scene.create('b', ['web'])];
    for (const { baton } of daemons) await baton.start();
    await scene.go(60 * minute);
    expect(scene.asked.length).toBeLessThan(20);
    expect(whoAsked(scene.asked, 'web', 'issues')).toHaveLength(1);
    const ended = Promise.all(daemons.map(({ baton }) => baton.stop()));
    await scene.go(second);
    await ended;
  });

  it('each answer for what they poll, where a person asks for a poll', async () => {
    await using scene = await createScene();
    const never = { pollIntervalMs: 24 * 60 * minute };
    const a = scene.create('a', ['web'], never);
    await a.baton.start();
    await scene.go(second);
    const b = scene.create('b', ['web', 'api'], never);
    await b.baton.start();
    await scene.go(second);
    const before = scene.asked.length;
    const request = await requestPoll(a.store);
    const answer = await scene.until(async () => {
      const found = await readPollAnswer(a.store, request);
      return found !== null && found.length === 2 ? found : null;
    });
    expect(answer.map(({ project }) => project).toSorted()).toEqual(['api', 'web']);
    await scene.go(minute);
    const polls = scene.asked.slice(before).map(({ daemon, project }) => `${daemon} ${project}`);
    expect(polls.toSorted()).toEqual(['a web', 'b api']);
    const ended = Promise.all([a, b].map(({ baton }) => baton.stop()));
    await scene.go(second);
    await ended;
  });

  it.each([
    ['each as many jobs as it may', null, 2],
    ['no more jobs together than all of them may', 1, 1],
  ] as const)('work %s', async (_, totalConcurrency, atOnce) => {
    await using scene = await createScene();
    scene.turns.hold();
    for (let issue = 0; issue < 3; issue += 1) scene.source.seed({ labels: ['baton'] });
    const daemons = ['a', 'b'].map((name) => scene.create(name, ['web'], { concurrency: 1, totalConcurrency }));
    for (const { baton } of daemons) await baton.start();
    await scene.until(() => (scene.turns.count() === atOnce ? true : null));
    await scene.go(minute);
    expect(scene.turns.count()).toBe(atOnce);
    scene.turns.end();
    const ended = Promise.all(daemons.map(({ baton }) => baton.stop()));
    await scene.go(minute);
    await ended;
  });
});
