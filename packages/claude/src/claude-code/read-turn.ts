import type { LineReader } from '@baton/model-proxy';
import { type ClaudeCodeResult, mapClaudeCodeLine } from './line.js';
import { isGood, mapClaudeCodeEnd, mapUsage, wordsOf } from './turn-end.js';

/** Where a session stands. */
export type Position = {
  readonly session: string;
  /** What the session cost up to here, by Claude Code's account, in dollars. */
  readonly reportedUsd: number;
};

/** Reads what Claude Code prints in one turn. */
export function createClaudeCodeReader(first: Position | null): LineReader<Position> {
  let position = first;
  let version: string | null = null;
  let result: ClaudeCodeResult | null = null;
  const before = first?.reportedUsd ?? 0;
  return {
    read(value) {
      const line = mapClaudeCodeLine(value);
      switch (line.type) {
        case 'init':
          version = line.version;
          position = { session: line.session, reportedUsd: before };
          return { type: 'session', position, model: line.model };
        case 'result':
          if ((line.result.session_id ?? null) === (position?.session ?? null)) result = line.result;
          return { type: 'events', events: [] };
        case 'events':
        case 'other':
          return line;
      }
    },
    close(end) {
      const total = result?.total_cost_usd ?? null;
      return {
        position: position === null ? null : { ...position, reportedUsd: total ?? before },
        ending: mapClaudeCodeEnd(end, result),
        isSettled: isGood(result),
        words: wordsOf(result),
        version,
        usage: mapUsage(end.usage, mapReported(total, before)),
      };
    },
  };
}

/** Its account goes over the whole session; where it began anew, over what came since. */
function mapReported(total: number | null, before: number): number | null {
  if (total === null) return null;
  const microUsd = Math.round((total >= before ? total - before : total) * 1_000_000);
  return Number.isSafeInteger(microUsd) ? microUsd : null;
}
