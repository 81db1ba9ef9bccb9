import { randomInt } from 'node:crypto';
import type { ModelMessage } from '@baton/agent-kit';

/** Gives each call of a reply an id that no other call of the conversation bears. */
export interface CallIds {
  /** The server's own where it is fit: some give none, some the same in every reply. */
  take(told: string | null): string;
}

/** Ids for the next reply in a conversation. */
export function createCallIds(messages: readonly ModelMessage[]): CallIds {
  const used = new Set(
    messages.flatMap((message) =>
      message.role === 'assistant'
        ? message.parts.flatMap((part) => (part.type === 'tool-call' ? [part.callId] : []))
        : [],
    ),
  );
  return {
    take(told) {
      let id = told ?? '';
      while (id === '' || id.length > 64 || used.has(id)) id = createId();
      used.add(id);
      return id;
    },
  };
}

/** Nine letters and digits: Mistral's templates take no other. */
function createId(): string {
  return `c${randomInt(36 ** 8)
    .toString(36)
    .padStart(8, '0')}`;
}
