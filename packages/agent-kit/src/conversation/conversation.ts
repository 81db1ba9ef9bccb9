import type { ModelMessage, ReplyPart, StopReason, ToolAnswer } from '../model/model.js';
import { bytesOf } from '../text/bytes-of.js';
import { toWellFormed } from '../text/well-formed.js';
import { compactMessages } from './compact-messages.js';
import type { TranscriptEntry } from './transcript-entry.js';

/** A call that a model made. */
export type ToolCall = Extract<ReplyPart, { readonly type: 'tool-call' }>;

/** The last reply, as long as nothing was said to it. */
export interface OpenReply {
  readonly parts: readonly ReplyPart[];
  readonly stop: StopReason;
  /** Those that no answer stands for yet, in order. */
  readonly calls: readonly ToolCall[];
}

/** What was said so far, folded from a transcript. */
export interface Conversation {
  readonly messages: readonly ModelMessage[];
  /** Of the messages as JSON. */
  readonly bytes: number;
  /** Of the turn under way; null between turns. */
  readonly prompt: string | null;
  /** Replies in the turn under way. */
  readonly steps: number;
  readonly open: OpenReply | null;
  apply(entry: TranscriptEntry): void;
}

/** What stands in place of an answer that nobody knows. */
export const interrupted =
  'Interrupted: the process that worked for you ended while this call was due. It may have been carried out, in part or not at all. Look before you repeat it.';

const unanswered = 'No answer: the turn ended before. It may have been carried out in part.';

/** An empty conversation. */
export function createConversation(): Conversation {
  let messages: readonly ModelMessage[] = [];
  let bytes = 0;
  let prompt: string | null = null;
  let steps = 0;
  let open: OpenReply | null = null;
  let answers: readonly ToolAnswer[] = [];

  const push = (message: ModelMessage): void => {
    messages = [...messages, message];
    bytes += bytesOf(message);
  };
  const answer = (given: ToolAnswer): void => {
    // An answer to nothing that was asked would be refused by every provider.
    if (open === null || open.calls[0]?.callId !== given.callId) return;
    answers = [...answers, given];
    open = { ...open, calls: open.calls.slice(1) };
    if (open.calls.length > 0) return;
    push({ role: 'tools', answers });
    open = null;
    answers = [];
  };
  const close = (): void => {
    while (open !== null && open.calls.length > 0) {
      answer({ callId: open.calls[0]?.callId ?? '', output: unanswered, isError: true });
    }
    open = null;
  };

  const apply = (written: TranscriptEntry): void => {
    const entry: TranscriptEntry = toWellFormed(written);
    switch (entry.type) {
      case 'turn':
        close();
        prompt = entry.prompt;
        steps = 0;
        push({ role: 'user', text: entry.prompt });
        break;
      case 'reply':
        steps += 1;
        open = { parts: entry.parts, stop: entry.stop, calls: entry.parts.filter((part) => part.type === 'tool-call') };
        if (entry.parts.length > 0) push({ role: 'assistant', parts: entry.parts });
        break;
      case 'answer':
        answer(entry.answer);
        break;
      case 'note':
        close();
        push({ role: 'user', text: entry.text });
        break;
      case 'trim':
        messages = compactMessages(messages, entry.keepBytes, entry.drops);
        bytes = messages.reduce((sum, message) => sum + bytesOf(message), 0);
        break;
      case 'turn-end':
        close();
        prompt = null;
        break;
    }
  };

  return {
    get messages() {
      return messages;
    },
    get bytes() {
      return bytes;
    },
    get prompt() {
      return prompt;
    },
    get steps() {
      return steps;
    },
    get open() {
      return open;
    },
    apply,
  };
}
