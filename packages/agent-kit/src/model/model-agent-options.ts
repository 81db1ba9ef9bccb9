import type { Clock, ModelPrice } from '@baton/core';
import type { ModelClient } from './model.js';

/** How an agent on a model's API is made. */
export interface ModelAgentOptions {
  /** In kebab-case. */
  readonly id: string;
  readonly client: ModelClient;
  /** Deadlines and waits go by it. */
  readonly clock: Clock;
  /** What the model costs. Null: nobody says, and a limit in money can't hold. */
  readonly price: ModelPrice | null;
  /** What input that is written to the provider's cache costs, as a multiple of other input. Default 1. */
  readonly cacheWriteFactor?: number;
  /** What texts pass before they are kept in the transcript, or cut to a summary. Default: nothing is masked. */
  readonly mask?: (text: string) => string;
  /** In tokens: input and output together. */
  readonly contextWindow: number;
  /** Of one reply, in tokens. */
  readonly maxOutputTokens: number;
}
