import type { CallUsage } from '@baton/agent-kit';
import { z } from 'zod';

const tokens = z.number().int().nonnegative().nullish().catch(null);
const text = z.string().nullish().catch(null);

/** Mistral's reasoning models send lists of parts, of which some are thoughts. */
const content = z
  .union([
    z.string(),
    z.array(
      z.looseObject({
        text,
        thinking: z
          .union([z.string(), z.array(z.looseObject({ text }))])
          .nullish()
          .catch(null),
      }),
    ),
  ])
  .nullish()
  .catch(null);

const call = z.looseObject({
  index: z.number().nullish().catch(null),
  id: text,
  function: z
    .looseObject({ name: text, arguments: z.json().nullish().catch(null) })
    .nullish()
    .catch(null),
});

const message = z
  .looseObject({
    content,
    refusal: text,
    reasoning_content: text,
    reasoning: text,
    tool_calls: z.array(call).nullish().catch(null),
  })
  .nullish()
  .catch(null);

const usage = z
  .looseObject({
    prompt_tokens: tokens,
    prompt_tokens_details: z.looseObject({ cached_tokens: tokens }).nullish().catch(null),
    /** DeepSeek's. */
    prompt_cache_hit_tokens: tokens,
    completion_tokens: tokens,
  })
  .nullish()
  .catch(null);

/** A chunk of Chat Completions, or a whole completion, as far as it is read. */
export const chatChunk = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        delta: message,
        /** The whole, in place of pieces or behind them. */
        message,
        finish_reason: text,
        /** Moonshot's place for it. */
        usage,
      }),
    )
    .nullish()
    .catch(null),
  usage,
  /** Groq's place for it. */
  x_groq: z.looseObject({ usage }).nullish().catch(null),
});

/** A piece of what an assistant says, or all of it. */
export type ChatPiece = NonNullable<z.infer<typeof message>>;
/** A piece of a call, or all of it. */
export type CallPiece = z.infer<typeof call>;
/** Tokens, wherever a chunk told them. */
export type ChatUsage = z.infer<typeof usage>;

/** What is said in a piece, and what is thought where that stands in its content. */
export function readContent(piece: ChatPiece): { readonly said: string; readonly thought: string } {
  if (typeof piece.content === 'string' || !piece.content) return { said: piece.content ?? '', thought: '' };
  const thoughts = piece.content.map(({ thinking }) =>
    typeof thinking === 'string' ? thinking : (thinking ?? []).map((each) => each.text ?? '').join(''),
  );
  return { said: piece.content.map((part) => part.text ?? '').join(''), thought: thoughts.join('') };
}

/** Where a chunk tells its usage. Of several, as some send one with each chunk, the last tells the whole. */
export function findUsage(chunk: z.infer<typeof chatChunk>): ChatUsage {
  return chunk.usage ?? chunk.choices?.[0]?.usage ?? chunk.x_groq?.usage;
}

/** There is no call without input: a server that says so doesn't know. */
export function mapChatUsage(told: ChatUsage): CallUsage {
  if (!told?.prompt_tokens) return { inputTokens: null, cachedInputTokens: null, outputTokens: null };
  return {
    inputTokens: told.prompt_tokens,
    cachedInputTokens: told.prompt_tokens_details?.cached_tokens ?? told.prompt_cache_hit_tokens ?? null,
    outputTokens: told.completion_tokens ?? null,
  };
}

/** Fields of which this client knows nothing, such as Gemini's signatures of thoughts. */
export const unknownFields = z.record(z.string(), z.json());
export type UnknownFields = z.infer<typeof unknownFields>;

/** What stands in `value` beside what is known, and isn't null. */
export function readUnknown(value: object | null | undefined, known: readonly string[]): UnknownFields {
  const other = Object.entries(value ?? {}).filter(
    ([key, each]) => !known.includes(key) && each !== null && each !== undefined,
  );
  return other.length === 0 ? {} : unknownFields.catch({}).parse(Object.fromEntries(other));
}
