import { startDeadline } from '@baton/adapter-kit';
import type { Turn } from '@baton/agent-kit';
import {
  type AgentEvent,
  type AgentLimits,
  type AgentUsage,
  BatonError,
  type BatonErrorCode,
  type Clock,
  type TurnEnd,
  type TurnOutcome,
  type WorkspaceView,
} from '@baton/core';
import type { ScriptedStep } from './script.js';
import { mapActions } from './scripted-actions.js';

/** Where a step is taken. */
export interface StepPlace {
  readonly turn: Turn;
  /** Of the turn in the session, from 0. */
  readonly index: number;
  readonly clock: Clock;
  readonly workspace: WorkspaceView;
}

/** What a step can bring about by being wrong. Everything else is not the agent's doing. */
const ownFailures: readonly BatonErrorCode[] = [
  'CONFLICT',
  'NOT_FOUND',
  'PERMISSION_DENIED',
  'COMMAND_FAILED',
  'TOO_LARGE',
  'UNREADABLE',
];
const nothingUsed: AgentUsage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  microUsd: 0,
  basis: 'reported',
};

/** Does what a step says and tells of it; how it ended is returned. */
export async function* takeStep(step: ScriptedStep, place: StepPlace): AsyncGenerator<AgentEvent, TurnEnd> {
  const { turn, clock, workspace } = place;
  const usage = mapUsage(step);
  const exceeded = exceededLimit(usage, turn.limits);
  if (exceeded !== null) return mapEnd('limit-reached', exceeded, '', nothingUsed);

  const { deadline } = turn.limits;
  using time = startDeadline(clock, deadline === null ? null : deadline - clock.now(), {
    reason: () => new Error("The turn's time is over."),
    signal: turn.signal,
  });
  const { signal } = time;
  const actions = mapActions(step);
  const pauseMs = (step.delayMs ?? 0) / Math.max(1, actions.length);
  try {
    if (actions.length === 0 && pauseMs > 0) await clock.sleep(pauseMs, { signal });
    for (const [number, { tool, input, run }] of actions.entries()) {
      if (turn.limits.maxSteps !== null && number >= turn.limits.maxSteps) {
        return mapEnd('limit-reached', 'max steps', '', usage);
      }
      if (pauseMs > 0) await clock.sleep(pauseMs, { signal });
      const callId = `${place.index}-${number}`;
      yield { type: 'tool-call', callId, tool, input };
      signal.throwIfAborted();
      try {
        const { output, isError } = await turn.hold(run(workspace, { signal }));
        yield { type: 'tool-result', callId, output, isError };
      } catch (error) {
        const isOwn = ownFailures.some((code) => BatonError.is(error, code));
        if (signal.aborted || !isOwn || !BatonError.is(error)) throw error;
        yield { type: 'tool-result', callId, output: error.message, isError: true };
        return mapEnd('failed', error.code, error.message, usage);
      }
    }
    signal.throwIfAborted();
  } catch (error) {
    turn.signal.throwIfAborted();
    if (time.isOver) return mapEnd('limit-reached', 'deadline', '', usage);
    throw error;
  }
  const outcome = step.outcome ?? 'done';
  return mapEnd(outcome, outcome, step.summary ?? '', usage);
}

function mapUsage({ usage }: ScriptedStep): AgentUsage {
  const microUsd = usage?.microUsd ?? null;
  return {
    inputTokens: usage?.inputTokens ?? null,
    cachedInputTokens: usage?.cachedInputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    microUsd,
    basis: microUsd === null ? 'unknown' : 'reported',
  };
}

function exceededLimit(usage: AgentUsage, { maxTokens, maxMicroUsd }: AgentLimits): string | null {
  if (maxTokens !== null && (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0) > maxTokens) return 'max tokens';
  if (maxMicroUsd !== null && (usage.microUsd ?? 0) > maxMicroUsd) return 'max cost';
  return null;
}

function mapEnd(unified: TurnOutcome, raw: string, summary: string, usage: AgentUsage): TurnEnd {
  return { type: 'turn-end', outcome: { unified, raw }, usage, summary };
}
