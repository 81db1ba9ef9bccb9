import type { TurnEnding } from '@baton/agent-kit';
import type { AgentUsage } from '@baton/core';
import { type AgentTurnEnd, howEnded, mapClosingWords } from '@baton/model-proxy';
import type { ClaudeCodeResult } from './line.js';

/** What Claude Code closed its turn with, in words. */
export function wordsOf(result: ClaudeCodeResult | null): string {
  return result?.result ?? result?.errors?.join('\n') ?? '';
}

/** Whether it closed its turn as one that went well. It tells errors of the model as `subtype: "success"`, too. */
export function isGood(result: ClaudeCodeResult | null): boolean {
  return result !== null && !result.is_error && result.subtype === 'success';
}

/** What Claude Code makes of a turn that it ended by itself. */
export function mapClaudeCodeEnd(end: AgentTurnEnd, result: ClaudeCodeResult | null): TurnEnding {
  const summary = wordsOf(result);
  if (result === null) {
    const how = howEnded(end);
    const told = `Claude Code ended with ${how} and without a result.\n\n${end.detail}`;
    return { unified: 'failed', raw: `no result, ${how}`, summary: told };
  }
  if (result.subtype === 'error_max_turns') return { unified: 'limit-reached', raw: result.subtype, summary };
  if (result.is_error && end.stop === 'refusal') return { unified: 'refused', raw: end.stop, summary };
  if (!isGood(result)) return { unified: 'failed', raw: result.terminal_reason ?? result.subtype, summary };
  return mapClosingWords(summary, result.subtype);
}

/**
 * What a turn used: tokens are those that the proxy counted, and so is the cost where the operator said what a token
 * costs. `reported`: by Claude Code's own account, in this turn.
 */
export function mapUsage(counted: AgentUsage, reported: number | null): AgentUsage {
  if (counted.basis !== 'unknown' || reported === null) return counted;
  return { ...counted, microUsd: reported, basis: 'reported' };
}
