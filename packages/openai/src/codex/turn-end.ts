import { BatonError, type TurnEnd, type TurnOutcome } from '@baton/core';
import { type AgentTurnEnd, findQuestion, isOfTheJob } from '@baton/model-proxy';
import { installFix } from './version.js';

/** What is known when a turn is over. */
export interface ClosedTurn {
  /** What the daemon saw. */
  readonly end: AgentTurnEnd;
  /** How Codex closed the turn. Null: it didn't. */
  readonly closed: { readonly error: string | null } | null;
  /** The last of its errors, where one was told. */
  readonly error: string | null;
  /** The last message. */
  readonly words: string;
  readonly program: string;
  /** Where the key comes from. Null: there is none. */
  readonly keyEnv: string | null;
}

const summaryCharacters = 4_000;

/** How a turn ended. The daemon's own record goes before the words of Codex, and those before its exit code (G33). */
export function mapCodexEnd({ end, closed, error, words, program, keyEnv }: ClosedTurn): TurnEnd {
  const close = (unified: TurnOutcome, raw: string, summary: string, retryAt?: number): TurnEnd => ({
    type: 'turn-end',
    outcome: { unified, raw },
    usage: end.usage,
    summary: clip(summary),
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(end.refused.length === 0 ? {} : { refused: end.refused }),
  });
  const how = end.exitCode === null ? `signal ${end.signal ?? 'unknown'}` : `exit ${end.exitCode}`;

  if (end.by === 'start') {
    const message = `${program} could not be started in the sandbox: ${end.detail}`;
    return close('failed', 'COMMAND_FAILED', `${message}\n${installFix}`);
  }
  if (end.by === 'deadline') return close('limit-reached', 'deadline', words);
  if (end.passed !== null) return close('limit-reached', end.passed, words);
  if (end.by === 'flood') return close('failed', 'flood', end.detail);
  if (end.stop === 'content_filter') return close('refused', end.stop, words || (closed?.error ?? ''));
  const isGood = closed !== null && closed.error === null;
  const { failure } = end;
  if (failure !== null && !isGood) {
    if (BatonError.is(failure, 'RATE_LIMITED')) {
      return close('unavailable', failure.code, failure.message, failure.details.retryAt);
    }
    const unified = isOfTheJob(failure, end.stop) ? 'failed' : 'unavailable';
    const isKey = BatonError.is(failure, 'AUTH_FAILED') && keyEnv !== null;
    return close(unified, failure.code, `${failure.message}\n${isKey ? `Check ${keyEnv}.` : (failure.fix ?? '')}`);
  }
  if (closed === null) {
    const detail = [error ?? '', end.detail].filter((each) => each !== '').join('\n\n');
    return close('failed', `not closed, ${how}`, `Codex ended with ${how} before its turn was closed.\n\n${detail}`);
  }
  if (closed.error !== null) return close('failed', 'turn.failed', closed.error);
  if (end.exitCode !== 0 && end.exitCode !== null) {
    return close('failed', how, `Codex closed its turn and ended with ${how}.\n\n${error ?? end.detail}`);
  }
  const question = findQuestion(words);
  return question === null ? close('done', 'turn.completed', words) : close('needs-person', 'question', question);
}

function clip(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= summaryCharacters ? trimmed : `…${trimmed.slice(-summaryCharacters)}`.toWellFormed();
}
