import { BatonError, type TurnEnd, type TurnOutcome } from '@baton/core';
import { findQuestion, isOfTheJob } from '@baton/model-proxy';
import type { AcpTurnEnd } from './run-acp-turn.js';

const summaryCharacters = 4_000;

/** Reasons of https://agentclientprotocol.com/protocol/v1/prompt-turn#stop-reasons. Every other one is `failed`. */
const outcomes: ReadonlyMap<string, TurnOutcome> = new Map([
  ['end_turn', 'done'],
  ['max_tokens', 'limit-reached'],
  ['max_turn_requests', 'limit-reached'],
  ['refusal', 'refused'],
]);

/** Providers' words for a model that declined. */
const refusals: ReadonlySet<string | null> = new Set(['refusal', 'content_filter']);

/**
 * How a turn ended. The daemon's own record goes before the words of the agent (G33), which came in pieces: only
 * together can they be masked, and that before they are cut.
 */
export function mapAcpTurnEnd(closed: AcpTurnEnd, mask: (text: string) => string): TurnEnd {
  const { end, model, closingWords, question } = closed;
  const close = (unified: TurnOutcome, raw: string, summary: string, retryAt?: number): TurnEnd => ({
    type: 'turn-end',
    outcome: { unified, raw },
    usage: closed.usage,
    summary: clip(mask(summary)),
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(model.refused.length === 0 ? {} : { refused: model.refused }),
  });
  const name = [closed.greeting?.name ?? 'The agent', closed.greeting?.version ?? ''].join(' ').trim();

  if (end.by === 'start') return close('failed', 'not started', `The agent could not be started: ${end.detail}`);
  if (end.by === 'deadline') return close('limit-reached', 'deadline', closingWords);
  if (model.passed !== null || end.by === 'limit') {
    return close('limit-reached', model.passed ?? 'limit', closingWords);
  }
  if (model.failure !== null) {
    const { failure } = model;
    if (BatonError.is(failure, 'RATE_LIMITED')) {
      return close('unavailable', failure.code, failure.message, failure.details.retryAt);
    }
    const unified = isOfTheJob(failure, model.stop) ? 'failed' : 'unavailable';
    return close(unified, failure.code, [failure.message, failure.fix ?? ''].join('\n').trim());
  }
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

function clip(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= summaryCharacters ? trimmed : `…${trimmed.slice(-summaryCharacters)}`.toWellFormed();
}
