import type { AgentEvent, AgentSession, AgentStart, AgentUsage, CodingAgent, TurnEnd } from '@baton/core';
import { createChoices } from '../choices.js';
import type { Host } from '../host/host.js';
import type { Daemon } from '../process/daemon.js';
import type { World } from '../world.js';

/** A turn, as who pays for it sees it. */
export interface Turn {
  readonly daemon: Daemon;
  readonly host: Host;
  readonly issueKey: string;
  readonly job: string;
  /** The checkout that it works in. */
  readonly root: string;
  readonly prompt: string;
  /** Micro-dollars that were told, and those of them whose telling was heard to its end. */
  told: number;
  heard: number;
  isOver: boolean;
  /** Whether it said that it failed. */
  hasFailed: boolean;
  /** When it began, and when what it said last had been dealt with, by the monotonic clock. */
  readonly begunAt: number;
  heardAt: number;
}

const hours = 3_600_000;
const leastPerPart = 10_000;
/** What a turn costs, in micro-dollars, from one look at what is left to the next: less than this. */
export const mostPerPart = 60_000;
const noUsage: AgentUsage = {
  ...{ inputTokens: null, cachedInputTokens: null, outputTokens: null, microUsd: null },
  basis: 'unknown',
};

/** An agent that costs money, takes time, and tells what it costs as it goes. */
export function createSimulatedAgent(world: World, daemon: Daemon, host: Host, id: string): CodingAgent {
  const begin = (request: AgentStart): AgentSession => {
    const open = new Set<Turn>();
    return {
      id: `${id} of ${daemon.name}`,
      run: ({ prompt, limits }, call) =>
        takeTurn(world, { daemon, host, request, prompt, limits, open, id }, call?.signal),
      async close() {
        for (const turn of open) turn.isOver = true;
      },
    };
  };
  return {
    spec: 'coding-agent/1',
    id,
    start: async (request) => begin(request),
    resume: async (request) => begin(request),
  };
}

interface TurnRequest {
  readonly daemon: Daemon;
  readonly host: Host;
  readonly request: AgentStart;
  readonly prompt: string;
  readonly limits: { readonly maxMicroUsd: number | null };
  readonly open: Set<Turn>;
  readonly id: string;
}

async function* takeTurn(
  world: World,
  { daemon, host, request, prompt, limits, open, id }: TurnRequest,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<AgentEvent> {
  const issueKey = /^Issue: (.+)$/m.exec(prompt)?.[1] ?? '';
  const { root } = request.workspace;
  const job = /^\/memory\/([^-/]+)-/.exec(root)?.[1] ?? '';
  const begunAt = world.clock.monotonic();
  const turn: Turn = {
    ...{ daemon, host, issueKey, job, root, prompt },
    ...{ told: 0, heard: 0, isOver: false, hasFailed: false, begunAt, heardAt: begunAt },
  };
  const count = world.turns.filter((each) => each.host === host && each.issueKey === issueKey).length;
  open.add(turn);
  world.beginTurn(turn);
  try {
    yield { type: 'turn-start', model: null };
    yield checkpoint(id, count);
    yield* work(world, turn, { request, limits, count, id, signal });
  } finally {
    turn.isOver = true;
  }
}

async function* work(
  world: World,
  turn: Turn,
  {
    request,
    limits,
    count,
    id,
    signal,
  }: Pick<TurnRequest, 'request' | 'limits' | 'id'> & {
    readonly count: number;
    readonly signal: AbortSignal;
  },
): AsyncGenerator<AgentEvent> {
  const { host, issueKey, prompt } = turn;
  const choose = createChoices(world.seed, count, issueKey.length, Number(/\d+/.exec(issueKey)?.[0] ?? 0), 77);
  const temper = host.tempers.get(issueKey) ?? 'fixes';
  const end = (unified: TurnEnd['outcome']['unified'], raw: string, rest: Partial<TurnEnd> = {}): TurnEnd => ({
    ...{ type: 'turn-end', outcome: { unified, raw }, usage: usageOf(turn, temper), summary: raw, ...rest },
  });
  for (let part = choose.below(3); part >= 0; part -= 1) {
    const cost = leastPerPart + choose.below(mostPerPart - leastPerPart);
    if (limits.maxMicroUsd !== null && turn.told + cost > limits.maxMicroUsd) {
      yield end('limit-reached', 'max cost');
      return;
    }
    if (temper !== 'tells no cost') {
      turn.told += cost;
      const toldAt = world.clock.monotonic();
      yield { type: 'usage', usage: usageOf(turn, temper) };
      // Whoever asks for the next event has dealt with the last one.
      turn.heard = turn.told;
      turn.heardAt = toldAt;
    }
    if (choose.chance(0.7)) await world.clock.sleep(choose.below(60_000), { signal });
  }
  const isFirst = count === 0;
  if (temper === 'falls silent once' && isFirst) await new Promise(() => {});
  if (temper === 'is out of quota once' && isFirst) {
    yield end('unavailable', 'limit', { retryAt: world.clock.now() + hours });
    return;
  }
  if (temper === 'asks once' && isFirst) {
    yield end('needs-person', 'Which one?');
    return;
  }
  if (temper === 'fails once' && isFirst) {
    turn.hasFailed = true;
    yield end('failed', 'crashed');
    return;
  }
  const isReview = prompt.includes('handed in as a pull request');
  if (temper !== 'changes nothing' && !(isReview && choose.chance(0.25))) {
    const isRed = temper === 'red always' || (temper === 'red once' && isFirst) || (isReview && choose.chance(0.25));
    const words = isRed ? 'red' : temper === 'makes something risky' ? 'risky' : 'mended';
    await request.workspace.writeFile('app.txt', `${words} ${issueKey} ${count}\n`, { signal });
  }
  if (isReview && choose.chance(0.15)) {
    turn.hasFailed = true;
    yield end('failed', 'crashed in review');
    return;
  }
  yield checkpoint(id, count + 1);
  yield end('done', 'Done.');
}

function checkpoint(agent: string, turn: number): AgentEvent {
  return { type: 'checkpoint', state: { agent, version: 1, data: { turn } } };
}

function usageOf({ told }: Turn, temper: string): AgentUsage {
  if (temper === 'tells no cost') return noUsage;
  return { inputTokens: told / 10, cachedInputTokens: 0, outputTokens: told / 100, microUsd: told, basis: 'reported' };
}
