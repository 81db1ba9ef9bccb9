import type { Instant, WaitReason } from '@baton/core';
import type { StepContext } from '../job/step-context.js';
import type { ProjectAgent } from '../project/project.js';
import { agentName } from './agent-order.js';
import { isOutageFor, readOutage } from './agent-outage.js';

/** Which agent takes the next turn, or why none does now. */
export type AgentChoice =
  | { readonly kind: 'go'; readonly chosen: ProjectAgent }
  | { readonly kind: 'wait'; readonly wait: WaitReason; readonly until: Instant; readonly reason: string };

/**
 * The first agent of the job's line-up whose provider can be asked; after a failed attempt the next one is
 * first. One that was cut off in a turn and can go on from its checkpoint comes before all others.
 */
export async function chooseAgent(context: StepContext): Promise<AgentChoice> {
  const { project, store, runtime, signal } = context;
  const now = runtime.clock.now();
  const outages = [];
  for (const each of candidates(context)) {
    const outage = await readOutage(store, { project: project.name, name: agentName(each) }, { signal });
    const isAway = outage !== null && outage.until > now && isOutageFor(outage, context.job().id);
    if (!isAway) return { kind: 'go', chosen: each };
    outages.push({ name: agentName(each), ...outage });
  }
  const [soonest] = outages.toSorted((left, right) => left.until - right.until);
  if (soonest === undefined) return { kind: 'go', chosen: project.agents[0] };
  const others = outages.length > 1 ? ' No other agent can be asked either.' : '';
  return {
    kind: 'wait',
    wait: soonest.announced ? 'usage-limit' : 'unavailable',
    until: soonest.until,
    reason: `The agent ${soonest.name} can't be asked now: ${soonest.reason}.${others}`,
  };
}

/** A job keeps the agents that it was claimed for, as far as the project still has them. */
function candidates(context: StepContext): readonly ProjectAgent[] {
  const { agents } = context.project;
  const { attempt, data } = context.job();
  const named = data.lineup.flatMap((name) => agents.filter((each) => agentName(each) === name));
  const order = named.length > 0 ? named : agents;
  const first = (attempt - 1) % order.length;
  const rotated = [...order.slice(first), ...order.slice(0, first)];
  const cutOff = data.turnTree === null ? undefined : data.checkpoint?.agent;
  const goesOn = rotated.filter(({ agent }) => agent.id === cutOff && agent.resume !== undefined);
  return [...goesOn, ...rotated.filter((each) => !goesOn.includes(each))];
}
