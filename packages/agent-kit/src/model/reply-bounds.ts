import { BatonError } from '@baton/core';

/** Holds a reply that is on its way within what anybody can mean by one: it is put together while others wait. */
export interface ReplyBounds {
  /** Another call, or whatever else a reply is made of. Throws `PROTOCOL_VIOLATION` where it is one too many. */
  addPart(): void;
  /** Something more was written into it. Throws `PROTOCOL_VIOLATION` where that is too much. */
  addText(text: string): void;
}

const mostParts = 1_000;
/** As long as the longest event, which holds a whole reply. */
const mostCharacters = 8_388_608;

/** The bounds of one reply. */
export function createReplyBounds(adapter: string): ReplyBounds {
  let [parts, characters] = [0, 0];
  const check = (count: number, most: number, what: string): void => {
    if (count <= most) return;
    throw new BatonError('PROTOCOL_VIOLATION', `The model's reply has more than ${most} ${what}.`, {
      details: { received: `${most} ${what}` },
      adapter,
    });
  };
  return {
    addPart() {
      parts += 1;
      check(parts, mostParts, 'parts');
    },
    addText(text) {
      characters += text.length;
      check(characters, mostCharacters, 'characters');
    },
  };
}
