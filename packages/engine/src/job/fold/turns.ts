import type { AgentUsage } from '@baton/core';
import { addUsage, joinBasis } from '../agent-usage.js';
import type { EntryOf } from '../entry.js';
import { type FoldedJob, type JobData, noUsage } from '../job-data.js';
import { go, leaveTurn, withData } from './transitions.js';

/** A turn begins: with nothing used, and from its checkpoint where it goes on. */
export function startTurn(job: FoldedJob, entry: EntryOf<'turn-started'>): FoldedJob {
  const { agent, model, resumed, tree } = entry.data;
  return withData(job, {
    agent: { id: agent, model },
    ...leaveTurn(job),
    turnTree: tree,
    ...(resumed ? {} : { checkpoint: null }),
  });
}

/** What the running turn has used until now is more than was known. */
export function useMore(job: FoldedJob, turnUsage: AgentUsage): FoldedJob {
  return withData(job, { usage: withTurn(job, turnUsage), turnUsage });
}

/** The usage of a job whose running turn came to this until now. */
function withTurn({ data }: FoldedJob, turn: AgentUsage): AgentUsage {
  const sum = addUsage(addUsage(data.usage, data.turnUsage, -1), turn);
  return { ...sum, basis: joinBasis(data.endedBasis, turn.basis) };
}

/** A turn is over: it is judged, or gone on with by whoever can. */
export function endTurn(job: FoldedJob, entry: EntryOf<'turn-ended'>): FoldedJob {
  const { usage, summary, model, outcome, agent, raw } = entry.data;
  const told: Partial<JobData> = {
    usage: withTurn(job, usage),
    endedBasis: joinBasis(job.data.endedBasis, usage.basis),
    turnUsage: noUsage,
    turns: job.data.turns + 1,
    summary,
    agent: job.data.agent && { ...job.data.agent, model: model ?? job.data.agent.model },
  };
  // The turn is not over: its agent goes on from its checkpoint later, or another one begins it anew.
  if (outcome === 'unavailable') {
    const reason = [raw, summary].filter((part) => part !== '').join('. ');
    return go(job, 'working', { ...told, leftOff: { agent, reason } });
  }
  const ended = go(job, 'verifying', { ...told, turnTree: null, checkpoint: null });
  // What a turn that came to nothing was told, the next one is told again.
  if (outcome !== 'done') return ended;
  return withData(ended, { feedback: null, steering: [], leftOff: null });
}
