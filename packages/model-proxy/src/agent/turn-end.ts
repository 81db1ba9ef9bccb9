import type { TurnEnding } from '@baton/agent-kit';
import { type AgentUsage, BatonError, type RefusedRequest, type TurnEnd } from '@baton/core';
import type { PassedLimit } from '../proxy/call-meter.js';
import { isOfTheJob } from '../wire/is-of-the-job.js';
import { findQuestion } from './person-question.js';
import { findAge, installFix, type ProgramRelease } from './program-release.js';

const summaryCharacters = 4_000;

/** What ended a program, as the daemon saw it. */
export type SeenEnd =
  /** There is no such program, or it can't be run. */
  | { readonly by: 'start'; readonly detail: string }
  | { readonly by: 'deadline' }
  /** It went on after a call was refused for a limit. */
  | { readonly by: 'limit' }
  /** It printed too much. */
  | { readonly by: 'flood'; readonly detail: string }
  /**
   * It ended, or was done with. `ending`: what it makes of its turn. `isSettled`: that holds although the last call to
   * the model failed.
   */
  | { readonly by: 'exit'; readonly ending: TurnEnding; readonly isSettled: boolean };

/** What is known when a program's turn is over. */
export interface ProgramTurnEnd {
  readonly seen: SeenEnd;
  /** Its closing words, for a turn that was ended. */
  readonly words: string;
  /** What it said of its version in this turn. Null: nothing. */
  readonly version: string | null;
  readonly usage: AgentUsage;
  /** The limit for which a call to the model was refused. */
  readonly passed: PassedLimit | null;
  /** Why the last call to the model failed. */
  readonly failure: BatonError | null;
  /** Why the model stopped, when it answered last. Null: it never did in this turn. */
  readonly stop: string | null;
  readonly refused: readonly RefusedRequest[];
}

/** What messages about a program name. */
export interface ProgramPlace {
  /** As it was set: `codex`, `/opt/codex`. */
  readonly program: string;
  /** Null: nothing is known of it. */
  readonly release: ProgramRelease | null;
  /** Where the key comes from. Null: none is asked for. */
  readonly keyEnv: string | null;
}

/** How a turn ended: the daemon's own record goes before the words of the program, which tells a failure as a success. */
export function mapProgramTurnEnd(end: ProgramTurnEnd, { program, release, keyEnv }: ProgramPlace): TurnEnding {
  const { seen, words, passed, failure } = end;
  if (seen.by === 'start') {
    const fix = release === null ? '' : `\n${installFix(release)}`;
    const summary = `${program} could not be started in the sandbox: ${seen.detail}${fix}`;
    return { unified: 'failed', raw: 'not started', summary };
  }
  const age = release === null || end.version === null ? null : findAge(end.version, release);
  if (age !== null) return { unified: 'failed', raw: 'too old', summary: age };
  if (seen.by === 'deadline') return { unified: 'limit-reached', raw: 'deadline', summary: words };
  if (passed !== null || seen.by === 'limit') {
    return { unified: 'limit-reached', raw: passed ?? 'limit', summary: words };
  }
  if (seen.by === 'flood') return { unified: 'failed', raw: 'flood', summary: seen.detail };
  return failure === null || seen.isSettled ? seen.ending : mapFailure(failure, end.stop, keyEnv);
}

/** The last event of a turn. `mask` comes before the cut: of a secret across it no mask would know a part. */
export function closeTurn(
  { unified, raw, summary, retryAt }: TurnEnding,
  { usage, refused }: Pick<ProgramTurnEnd, 'usage' | 'refused'>,
  mask: (text: string) => string,
): TurnEnd {
  return {
    type: 'turn-end',
    outcome: { unified, raw },
    usage,
    summary: clip(mask(summary)),
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(refused.length === 0 ? {} : { refused }),
  };
}

/** The end of a turn that went well: done, or with a question. */
export function mapClosingWords(words: string, raw: string): TurnEnding {
  const question = findQuestion(words);
  return question === null
    ? { unified: 'done', raw, summary: words }
    : { unified: 'needs-person', raw: 'question', summary: question };
}

/** How a process ended, in a word: `exit 1`, `signal SIGKILL`. */
export function howEnded(exit: { readonly exitCode: number | null; readonly signal: string | null }): string {
  return exit.exitCode === null ? `signal ${exit.signal ?? 'unknown'}` : `exit ${exit.exitCode}`;
}

function mapFailure(failure: BatonError, stop: string | null, keyEnv: string | null): TurnEnding {
  const { code: raw, message } = failure;
  if (BatonError.is(failure, 'RATE_LIMITED')) {
    return { unified: 'unavailable', raw, summary: message, retryAt: failure.details.retryAt };
  }
  const isKey = BatonError.is(failure, 'AUTH_FAILED') && keyEnv !== null;
  return {
    unified: isOfTheJob(failure, stop) ? 'failed' : 'unavailable',
    raw,
    summary: `${message}\n${isKey ? `Check ${keyEnv}.` : (failure.fix ?? '')}`,
  };
}

function clip(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= summaryCharacters ? trimmed : `…${trimmed.slice(-summaryCharacters)}`.toWellFormed();
}
