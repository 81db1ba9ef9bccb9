import type { LineReader, ProgramLine } from '@baton/model-proxy';
import { mapCodexLine } from './line.js';
import { type CodexAccount, isSettled, mapCodexEnd } from './turn-end.js';

/** Where a thread stands. */
export type Position = {
  readonly thread: string;
};

const nothing: ProgramLine<Position> = { type: 'events', events: [] };

/** Reads what Codex prints in one turn. */
export function createCodexReader(first: Position | null): LineReader<Position> {
  let position = first;
  let isBegun = false;
  let account: CodexAccount = { closed: null, error: null, words: '' };
  return {
    read(value) {
      const line = mapCodexLine(value);
      switch (line.type) {
        case 'thread':
          // It comes first, and once: any other was not said by Codex itself.
          if (isBegun) return nothing;
          isBegun = true;
          position = { thread: line.thread };
          return { type: 'session', position, model: null };
        case 'words':
          account = { ...account, words: line.text };
          return { type: 'events', events: [{ type: 'text-delta', text: `${line.text}\n` }] };
        case 'event':
          return { type: 'events', events: [line.event] };
        case 'call':
          return { type: 'events', events: [line.call, line.result] };
        case 'error':
          account = { ...account, error: line.message };
          return { type: 'other', value: { error: line.message } };
        case 'closed':
          // A turn that failed stays so, whatever is printed behind it.
          if (account.closed?.error == null) account = { ...account, closed: { error: line.error } };
          return nothing;
        case 'other':
          return line;
      }
    },
    close: (end) => ({
      position,
      ending: mapCodexEnd(end, account),
      isSettled: isSettled(end, account),
      words: account.words,
      version: null,
      usage: end.usage,
    }),
  };
}
