import type { AgentUsage, Instant, TurnEnd, TurnOutcome } from '@baton/core';

/** How a turn ends, before it is known what it used. */
export interface TurnEnding {
  readonly unified: TurnOutcome;
  readonly raw: string;
  readonly summary: string;
  readonly retryAt?: Instant;
}

const maxSummaryCharacters = 8_000;

/** The last event of a turn. `mask` comes before the cut: of a secret across it no mask would know a part. */
export function mapTurnEnd(
  { unified, raw, summary, retryAt }: TurnEnding,
  usage: AgentUsage,
  mask: (text: string) => string = (text) => text,
): TurnEnd {
  return {
    type: 'turn-end',
    outcome: { unified, raw },
    usage,
    summary: mask(summary).slice(0, maxSummaryCharacters).toWellFormed(),
    ...(retryAt === undefined ? {} : { retryAt }),
  };
}

/** The end by one of the turn's limits. */
export function limitReached(limit: string): TurnEnding {
  return { unified: 'limit-reached', raw: limit, summary: `A limit of the turn ended it: ${limit}.` };
}
