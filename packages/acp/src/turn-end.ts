import type { TurnEnding } from '@baton/agent-kit';
import type { TurnOutcome } from '@baton/core';
import { findQuestion, type ProgramTurnEnd, type SeenEnd } from '@baton/model-proxy';
import type { AcpTurnEnd } from './run-acp-turn.js';
import type { TalkEnd } from './talk.js';

/** Reasons of https://agentclientprotocol.com/protocol/v1/prompt-turn#stop-reasons. Every other one is `failed`. */
const outcomes: ReadonlyMap<string, TurnOutcome> = new Map([
  ['end_turn', 'done'],
  ['max_tokens', 'limit-reached'],
  ['max_turn_requests', 'limit-reached'],
  ['refusal', 'refused'],
]);

/** Providers' words for a model that declined. */
const refusals: ReadonlySet<string | null> = new Set(['refusal', 'content_filter']);

/** How a turn ended, as far as that is seen here. */
export function mapAcpTurnEnd(closed: AcpTurnEnd): ProgramTurnEnd {
  const { closingWords: words, usage, model } = closed;
  const { passed, failure, stop, refused } = model;
  return { seen: mapSeen(closed), words, version: null, usage, passed, failure, stop, refused };
}

function mapSeen(closed: AcpTurnEnd): SeenEnd {
  const { end } = closed;
  switch (end.by) {
    case 'start':
      return end;
    case 'deadline':
    case 'limit':
      return { by: end.by };
    default:
      return { by: 'exit', ending: mapEnding(closed, end), isSettled: false };
  }
}

/** What the agent makes of a turn that it ended by itself. */
function mapEnding(
  closed: AcpTurnEnd,
  end: Exclude<TalkEnd, { readonly by: 'start' | 'deadline' | 'limit' }>,
): TurnEnding {
  const { model, closingWords, question } = closed;
  const close = (unified: TurnOutcome, raw: string, summary: string): TurnEnding => ({ unified, raw, summary });
  const name = [closed.greeting?.name ?? 'The agent', closed.greeting?.version ?? ''].join(' ').trim();

  switch (end.by) {
    case 'provider':
      // The last call went well while the turn was being ended.
      return close('unavailable', 'provider', `${name} kept asking a provider that could not answer.`);
    case 'silent':
      return close('failed', 'silent', `${name} was not ready for a prompt in time.\n\n${closed.stderr}`);
    case 'exit':
      return close('failed', end.how, `${name} ended with ${end.how} and without an answer.\n\n${closed.stderr}`);
    case 'error': {
      const { failure } = end;
      // Its model was asked with the key that it has: what it says then is of a text that it read, and for this job alone.
      if (failure.kind === 'login' && model.stop !== null) {
        return close(
          'failed',
          'auth_required',
          `${name} asks to be logged in after its model answered: ${failure.message}`,
        );
      }
      if (failure.kind === 'login') {
        const message = `${name} asks to be logged in: ${failure.message}. Set it up to take its key from the environment.`;
        return close('unavailable', 'auth_required', message);
      }
      if (failure.kind === 'unreadable') return close('failed', 'unreadable', failure.message);
      if (refusals.has(model.stop)) return close('refused', model.stop ?? '', closingWords);
      return close('failed', `error ${failure.code}`, `${name} failed: ${failure.message}\n\n${closingWords}`);
    }
    case 'stop': {
      const unified = refusals.has(model.stop) ? 'refused' : (outcomes.get(end.reason) ?? 'failed');
      if (unified === 'done' || question !== null) {
        const asked = question ?? findQuestion(closingWords);
        if (asked !== null) return close('needs-person', 'question', asked);
      }
      return close(unified, end.reason, closingWords);
    }
  }
}
