import { type AgentEvent, type AgentLimits, type AgentSession, BatonError } from '@baton/core';

/** What a turn is asked, and what it hears of its end. */
export interface Turn {
  readonly prompt: string;
  readonly limits: AgentLimits;
  /** Aborted by the caller, by the end of the iteration and by `close`. Whatever was begun ends with it. */
  readonly signal: AbortSignal;
  /** Marks work that `close` waits for, also where nobody takes the turn's events any more. */
  hold<Value>(work: Promise<Value>): Promise<Value>;
}

/** What a session is made of. */
export interface TurnSessionInit {
  readonly id: string;
  /** `id` of the agent. */
  readonly agent: string;
  /** The events of one turn, `turn-end` last. Need not look at `signal` between two events. */
  takeTurn(turn: Turn): AsyncGenerator<AgentEvent>;
}

/**
 * A session that takes one turn at a time. It does what a generator alone doesn't: an early `return` reaches
 * work that is under way, an abort rejects with its very reason, and `close` waits until nothing is left.
 */
export function createTurnSession(init: TurnSessionInit): AgentSession {
  const closing = new AbortController();
  const held = new Set<Promise<unknown>>();
  let underWay: object | null = null;

  const hold = <Value>(work: Promise<Value>): Promise<Value> => {
    held.add(work);
    const release = (): boolean => held.delete(work);
    work.then(release, release);
    return work;
  };

  const begin = (turn: object): void => {
    const refusal = closing.signal.aborted ? 'is closed' : underWay === null ? null : 'has a turn under way already';
    if (refusal !== null) {
      throw new BatonError('INTERNAL', `Session ${init.id} ${refusal}.`, {
        details: { session: init.id },
        adapter: init.agent,
      });
    }
    underWay = turn;
  };

  const iterate = (prompt: string, limits: AgentLimits, outer: AbortSignal | undefined): AsyncIterator<AgentEvent> => {
    const returned = new AbortController();
    const signal = AbortSignal.any([closing.signal, returned.signal, ...(outer ? [outer] : [])]);
    const turn: Turn = { prompt, limits, signal, hold };
    const events = init.takeTurn(turn);
    let state: 'new' | 'going' | 'over' = 'new';
    const finish = (): void => {
      state = 'over';
      if (underWay === turn) underWay = null;
    };
    return {
      async next() {
        try {
          if (state === 'new') begin(turn);
          if (state !== 'over') {
            state = 'going';
            signal.throwIfAborted();
          }
          const step = await events.next();
          if (step.done === true || step.value.type === 'turn-end') finish();
          return step;
        } catch (error) {
          const wasUnderWay = underWay === turn;
          finish();
          await events.return(undefined);
          throw wasUnderWay && signal.aborted ? signal.reason : error;
        }
      },
      async return() {
        returned.abort();
        await events.return(undefined);
        finish();
        return { done: true, value: undefined };
      },
    };
  };

  return {
    id: init.id,
    run: (turn, call) => ({ [Symbol.asyncIterator]: () => iterate(turn.prompt, turn.limits, call?.signal) }),
    async close() {
      closing.abort();
      await Promise.allSettled(held);
    },
  };
}
