import type { TurnEnding } from '@baton/agent-kit';
import { type AgentTurnEnd, howEnded, mapClosingWords } from '@baton/model-proxy';

/** What Codex told of a turn. */
export interface CodexAccount {
  /** How it closed the turn. Null: it didn't. */
  readonly closed: { readonly error: string | null } | null;
  /** The last of its errors, where one was told. */
  readonly error: string | null;
  /** The last message. */
  readonly words: string;
}

/** What Codex makes of a turn that it ended by itself. Its words go before its exit code. */
export function mapCodexEnd(end: AgentTurnEnd, { closed, error, words }: CodexAccount): TurnEnding {
  const how = howEnded(end);
  if (isDeclined(end)) return { unified: 'refused', raw: 'content_filter', summary: words || (closed?.error ?? '') };
  if (closed === null) {
    const detail = [error ?? '', end.detail].filter((each) => each !== '').join('\n\n');
    const summary = `Codex ended with ${how} before its turn was closed.\n\n${detail}`;
    return { unified: 'failed', raw: `not closed, ${how}`, summary };
  }
  if (closed.error !== null) return { unified: 'failed', raw: 'turn.failed', summary: closed.error };
  if (end.exitCode !== 0 && end.exitCode !== null) {
    const summary = `Codex closed its turn and ended with ${how}.\n\n${error ?? end.detail}`;
    return { unified: 'failed', raw: how, summary };
  }
  return mapClosingWords(words, 'turn.completed');
}

/** Whether what Codex told holds although the last call to the model failed: it went on, or the model had declined. */
export function isSettled(end: AgentTurnEnd, { closed }: CodexAccount): boolean {
  return isDeclined(end) || (closed !== null && closed.error === null);
}

function isDeclined({ stop }: AgentTurnEnd): boolean {
  return stop === 'content_filter';
}
