import {
  type AgentEvent,
  type AgentLimits,
  type AgentResumeState,
  type AgentSession,
  type AgentStart,
  type AgentUsage,
  BatonError,
  type Clock,
  type CodingAgent,
  type Instant,
  type TurnEnd,
  type TurnOutcome,
  type WorkspaceView,
} from '@baton/core';

/** What the function that stands for the model is told of one turn. */
export interface MemoryTurn {
  /** From 0, counted on through `resume`. */
  readonly index: number;
  readonly prompt: string;
  readonly instructions: string;
  readonly workspace: WorkspaceView;
  readonly limits: AgentLimits;
  /** Whether this session was begun by `resume`. */
  readonly resumed: boolean;
  /** Aborted when the turn is over for whatever reason: hand it to every call on the workspace. */
  readonly signal: AbortSignal;
}

/** What a turn came to. Everything has a default: `done`, without words, at no known cost. */
export interface MemoryTurnResult {
  readonly outcome?: TurnOutcome;
  /** The provider's word for the outcome. Default: the outcome itself. */
  readonly raw?: string;
  readonly summary?: string;
  /** Of this turn alone. What is left out is unknown. */
  readonly usage?: Partial<AgentUsage>;
  readonly retryAt?: Instant;
  /** Told by `turn-end`. Default: nobody looked. */
  readonly refused?: TurnEnd['refused'];
  /** Told between `turn-start` and `usage`, in this order. */
  readonly events?: readonly Exclude<
    AgentEvent,
    { readonly type: 'turn-start' | 'checkpoint' | 'usage' | 'turn-end' }
  >[];
}

/** How an in-memory agent is made. */
export interface MemoryAgentOptions {
  /** Default `memory`. */
  readonly id?: string;
  /** Told by `turn-start`. Default null. */
  readonly model?: string | null;
  /** Judges `limits.deadline`. Default: deadlines are not kept. */
  readonly clock?: Clock;
  /**
   * Stands for the model. It works in `turn.workspace`, and may hang: an abort, a deadline and the end of the
   * session pass over it. What it throws rejects the turn, as a bug of an adapter would; to fail as a
   * provider does, return the outcome `failed`.
   */
  readonly turns: (turn: MemoryTurn) => MemoryTurnResult | Promise<MemoryTurnResult>;
}

const unknownUsage: AgentUsage = {
  inputTokens: null,
  cachedInputTokens: null,
  outputTokens: null,
  microUsd: null,
  basis: 'unknown',
};

/**
 * A coding agent whose model is a function. It begins no process and sets no timer of its own: a turn takes
 * microtasks, so that it runs in a simulator. A turn tells a checkpoint when it begins and another when its
 * work is done; a session resumed from the first does the turn again, from the second the next one.
 */
export function createMemoryAgent(options: MemoryAgentOptions): CodingAgent {
  const id = options.id ?? 'memory';
  let sessions = 0;
  const begin = (request: AgentStart, firstTurn: number, resumed: boolean): AgentSession =>
    createMemorySession(options, id, `${id}-${++sessions}`, request, firstTurn, resumed);
  return {
    spec: 'coding-agent/1',
    id,
    async start(request, call) {
      call?.signal?.throwIfAborted();
      return begin(request, 0, false);
    },
    async resume(request, call) {
      call?.signal?.throwIfAborted();
      return begin(request, turnOf(request.state, id), true);
    },
  };
}

function turnOf(state: AgentResumeState, id: string): number {
  const { agent, version, data } = state;
  const turn = typeof data === 'object' && data !== null && 'turn' in data ? data.turn : null;
  if (agent !== id || version !== 1 || typeof turn !== 'number') {
    throw new BatonError('PROTOCOL_VIOLATION', `The checkpoint is not one of the agent ${id}, version 1.`, {
      details: { received: `${agent}/${version}` },
      adapter: id,
    });
  }
  return turn;
}

function createMemorySession(
  options: MemoryAgentOptions,
  agentId: string,
  sessionId: string,
  request: AgentStart,
  firstTurn: number,
  resumed: boolean,
): AgentSession {
  const closing = new AbortController();
  let index = firstTurn;
  let underWay: AbortController | null = null;

  async function* takeTurn(prompt: string, limits: AgentLimits, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    if (underWay !== null) {
      throw new BatonError('INTERNAL', `A turn of session ${sessionId} is under way already.`, {
        details: { session: sessionId },
        adapter: agentId,
      });
    }
    const over = new AbortController();
    underWay = over;
    const either = AbortSignal.any([signal, over.signal]);
    const checkpoint = (turn: number): AgentEvent => ({
      type: 'checkpoint',
      state: { agent: agentId, version: 1, data: { turn }, session: sessionId },
    });
    try {
      signal.throwIfAborted();
      yield { type: 'turn-start', model: options.model ?? null };
      yield checkpoint(index);
      signal.throwIfAborted();
      const result = await untilAborted(
        Promise.race([
          work({
            index,
            prompt,
            instructions: request.instructions,
            workspace: request.workspace,
            limits,
            resumed,
            signal: either,
          }),
          pastDeadline(limits.deadline, either),
        ]),
        signal,
      );
      over.abort();
      for (const event of result.events ?? []) {
        signal.throwIfAborted();
        yield event;
      }
      const usage: AgentUsage = { ...unknownUsage, ...result.usage };
      yield { type: 'usage', usage };
      index += 1;
      yield checkpoint(index);
      signal.throwIfAborted();
      underWay = null;
      yield turnEnd(result, usage);
    } finally {
      over.abort();
      if (underWay === over) underWay = null;
    }
  }

  async function work(turn: MemoryTurn): Promise<MemoryTurnResult> {
    return options.turns(turn);
  }

  async function pastDeadline(deadline: Instant | null, signal: AbortSignal): Promise<MemoryTurnResult> {
    if (deadline === null || options.clock === undefined) return new Promise(() => {});
    await options.clock.sleep(deadline - options.clock.now(), { signal });
    return { outcome: 'limit-reached', raw: 'deadline' };
  }

  return {
    id: sessionId,
    run: (turn, call) =>
      abortable(closing.signal, call?.signal, (signal) => takeTurn(turn.prompt, turn.limits, signal)),
    async close() {
      closing.abort();
    },
  };
}

function turnEnd(result: MemoryTurnResult, usage: AgentUsage): TurnEnd {
  const unified = result.outcome ?? 'done';
  return {
    type: 'turn-end',
    outcome: { unified, raw: result.raw ?? unified },
    usage,
    summary: result.summary ?? '',
    ...(result.retryAt === undefined ? {} : { retryAt: result.retryAt }),
    ...(result.refused === undefined ? {} : { refused: result.refused }),
  };
}

/** An iterable whose early end reaches work that is under way, which a generator's own `return` waits for. */
function abortable(
  closing: AbortSignal,
  outer: AbortSignal | undefined,
  produce: (signal: AbortSignal) => AsyncGenerator<AgentEvent>,
): AsyncIterable<AgentEvent> {
  return {
    [Symbol.asyncIterator]() {
      const ended = new AbortController();
      const signal = AbortSignal.any([closing, ended.signal, ...(outer ? [outer] : [])]);
      const events = produce(signal);
      return {
        next: () => events.next(),
        return: (value?: unknown) => {
          ended.abort();
          return events.return(value);
        },
      };
    },
  };
}

function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
