import { type CallUsage, untoldUsage } from '@baton/agent-kit';
import { z } from 'zod';
import { tokens } from './answer-fields.js';

/** What else stands there is left out: it would be kept, and a server can tell something else each time. */
const usage = z.object({
  input_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation_input_tokens: tokens,
  cache_creation: z.looseObject({ ephemeral_1h_input_tokens: tokens }).nullish().catch(null),
  output_tokens: tokens,
});

/** What was told of one answer. */
export interface AnthropicUsage extends CallUsage {
  /** Of what was written to the cache, what is kept for an hour: the rest is for five minutes. */
  readonly hourWriteTokens: number;
}

/** Puts together what the events of one answer tell of its usage. */
export interface AnthropicUsageReader {
  /** The `usage` of an event, or of a whole message. False: it tells nothing. */
  hear(told: unknown): boolean;
  read(): AnthropicUsage;
}

/** A reader of Anthropic's usage. A later figure stands for the whole answer, not for what came since. */
export function createAnthropicUsageReader(): AnthropicUsageReader {
  let used: z.infer<typeof usage> = {};
  return {
    hear(told) {
      const parsed = usage.safeParse(told);
      if (!parsed.success) return false;
      const heard = Object.entries(parsed.data).filter(([, each]) => each !== null && each !== undefined);
      used = { ...used, ...Object.fromEntries(heard) };
      return true;
    },
    /**
     * What is read from the cache and what is written to it is counted apart from other input. There is no call
     * without input: a gateway that says so doesn't know.
     */
    read() {
      const written = used.cache_creation_input_tokens ?? 0;
      const cached = used.cache_read_input_tokens ?? 0;
      const input = (used.input_tokens ?? 0) + written + cached;
      if (input === 0) return { ...untoldUsage, outputTokens: used.output_tokens || null, hourWriteTokens: 0 };
      return {
        inputTokens: input,
        cachedInputTokens: cached,
        ...(written > 0 ? { cacheWriteTokens: written } : {}),
        outputTokens: used.output_tokens ?? null,
        hourWriteTokens: Math.min(written, used.cache_creation?.ephemeral_1h_input_tokens ?? 0),
      };
    },
  };
}
