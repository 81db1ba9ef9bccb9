import { randomInt } from 'node:crypto';
import type { ModelMessage } from './model.js';

/** Gives each call of a reply an id that no other call of the conversation bears. */
export interface CallIds {
  /** The provider's own where it is fit: some give none, some the same in every reply or twice in one. */
  take(told: string | null): string;
}

/** Ids for the next reply in a conversation. `fit`: what the provider takes back. */
export function createCallIds(messages: readonly ModelMessage[], fit: RegExp): CallIds {
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
      while (!fit.test(id) || used.has(id)) id = createId();
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
