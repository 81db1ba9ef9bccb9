import { type AgentUsage, BatonError, type TurnEnd, type TurnOutcome } from '@baton/core';
import { type AgentTurnEnd, findQuestion, isOfTheJob } from '@baton/model-proxy';
import type { ClaudeCodeResult } from './line.js';
import { isOlder, oldestVersion } from './version.js';

/** What is known when a turn is over. */
export interface ClosedTurn {
  /** What the daemon saw. */
  readonly end: AgentTurnEnd;
  /** What Claude Code said. Null: nothing that closes a turn. */
  readonly result: ClaudeCodeResult | null;
  readonly version: string | null;
  readonly program: string;
  /** Where the key comes from. */
  readonly keyEnv: string;
  /** Its cost in this turn, by its own account. */
  readonly reportedMicroUsd: number | null;
}

const summaryCharacters = 4_000;

/**
 * How a turn ended. The daemon's own record goes before the words of Claude Code, which tells errors of the model
 * as `subtype: "success"` with `is_error: true` (G33).
 */
export function mapClaudeCodeEnd(closed: ClosedTurn): TurnEnd {
  const { end, result, version } = closed;
  const close = (unified: TurnOutcome, raw: string, summary: string, retryAt?: number): TurnEnd => ({
    type: 'turn-end',
    outcome: { unified, raw },
    usage: mapUsage(end.usage, closed.reportedMicroUsd),
    summary: clip(summary),
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(end.refused.length === 0 ? {} : { refused: end.refused }),
  });
  const words = result?.result ?? result?.errors?.join('\n') ?? '';

  if (end.by === 'start') {
    return close('failed', 'not started', `${closed.program} could not be started in the sandbox: ${end.detail}`);
  }
  if (version !== null && isOlder(version)) {
    const message = `Claude Code ${version} is too old: Baton needs ${oldestVersion} or newer.`;
    return close('failed', 'too old', message);
  }
  if (end.by === 'deadline') return close('limit-reached', 'deadline', words);
  if (end.passed !== null) return close('limit-reached', end.passed, words);
  if (end.by === 'flood') return close('failed', 'flood', end.detail);
  const isGood = result !== null && !result.is_error && result.subtype === 'success';
  if (end.failure !== null && !isGood) {
    const { failure } = end;
    if (BatonError.is(failure, 'RATE_LIMITED')) {
      return close('unavailable', failure.code, failure.message, failure.details.retryAt);
    }
    const unified = isOfTheJob(failure, end.stop) ? 'failed' : 'unavailable';
    const fix = BatonError.is(failure, 'AUTH_FAILED') ? `Check ${closed.keyEnv}.` : (failure.fix ?? '');
    return close(unified, failure.code, `${failure.message}\n${fix}`);
  }
  if (result === null) {
    const how = end.exitCode === null ? `signal ${end.signal ?? 'unknown'}` : `exit ${end.exitCode}`;
    return close('failed', `no result, ${how}`, `Claude Code ended with ${how} and without a result.\n\n${end.detail}`);
  }
  if (result.subtype === 'error_max_turns') return close('limit-reached', result.subtype, words);
  if (result.is_error && end.stop === 'refusal') return close('refused', end.stop, words);
  if (!isGood) return close('failed', result.terminal_reason ?? result.subtype, words);
  const question = findQuestion(words);
  return question === null ? close('done', result.subtype, words) : close('needs-person', 'question', question);
}

/** Tokens are those that the proxy counted, and so is the cost where the operator said what a token costs. */
function mapUsage(counted: AgentUsage, reported: number | null): AgentUsage {
  if (counted.basis !== 'unknown' || reported === null) return counted;
  return { ...counted, microUsd: reported, basis: 'reported' };
}

function clip(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= summaryCharacters ? trimmed : `…${trimmed.slice(-summaryCharacters)}`.toWellFormed();
}
