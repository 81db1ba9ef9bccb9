import type { AgentEvent, AgentLimits, AgentSession, CallOptions, TurnEnd } from '@baton/core';

/** A turn that has ended. */
export interface CollectedTurn {
  readonly events: readonly AgentEvent[];
  readonly end: TurnEnd;
  /** All of its `text-delta`s. */
  readonly text: string;
}

/** No limit of any kind. */
export const unlimited: AgentLimits = { maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: null };

/** Takes a turn to its end. Rejects as the turn does. */
export async function collectTurn(
  session: AgentSession,
  prompt: string,
  limits: Partial<AgentLimits> = {},
  options: CallOptions = {},
): Promise<CollectedTurn> {
  const events: AgentEvent[] = [];
  for await (const event of session.run({ prompt, limits: { ...unlimited, ...limits } }, options)) events.push(event);
  const end = events.at(-1);
  if (end?.type !== 'turn-end') throw new Error('the turn has no end');
  return { events, end, text: events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('') };
}
