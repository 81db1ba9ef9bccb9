/** What is known of a conversation before a call. */
export interface ConversationSize {
  readonly contextWindow: number;
  readonly maxOutputTokens: number;
  /** Estimated, of the whole call. */
  readonly inputTokens: number;
  /** Of the messages. */
  readonly bytes: number;
  /** What the last trim left; 0 where there was none. */
  readonly trimmedBytes: number;
}

/**
 * From here on old outputs cost more, call by call, than they are worth: a turn's tokens grow with the square
 * of its length.
 */
const comfortableTokens = 64_000;
/** A trim makes the provider's cache worthless from there on, so there are few of them, and big ones. */
const keptShare = 0.4;
const leastGrowth = 1.5;

/** How far to trim before a call; null where nothing needs to be. `drops`: whole exchanges may go, else it won't fit. */
export function planCompaction(size: ConversationSize): { readonly keepBytes: number; readonly drops: boolean } | null {
  const { contextWindow, maxOutputTokens, inputTokens, bytes, trimmedBytes } = size;
  const room = contextWindow - maxOutputTokens;
  const limit = Math.min(room, comfortableTokens);
  const drops = inputTokens > room;
  if (inputTokens <= limit || (!drops && bytes < trimmedBytes * leastGrowth)) return null;
  return { keepBytes: Math.floor((bytes * limit * keptShare) / inputTokens), drops };
}
