import { type CallUsage, untoldUsage } from '@baton/agent-kit';
import { z } from 'zod';
import { tokens } from './answer-fields.js';

const chatFigures = z
  .looseObject({
    prompt_tokens: tokens,
    prompt_tokens_details: z.looseObject({ cached_tokens: tokens }).nullish().catch(null),
    /** DeepSeek's. */
    prompt_cache_hit_tokens: tokens,
    completion_tokens: tokens,
  })
  .nullish()
  .catch(null);

const chatAnswer = z.looseObject({
  usage: chatFigures,
  /** Moonshot's place for it. */
  choices: z
    .array(z.looseObject({ usage: chatFigures }))
    .nullish()
    .catch(null),
  /** Groq's place for it. */
  x_groq: z.looseObject({ usage: chatFigures }).nullish().catch(null),
});

const response = z.looseObject({
  usage: z
    .looseObject({
      input_tokens: tokens,
      input_tokens_details: z.looseObject({ cached_tokens: tokens }).nullish().catch(null),
      output_tokens: tokens,
    })
    .nullish()
    .catch(null),
});

/**
 * What a chunk of Chat Completions, or a whole one, tells of its usage. Null: nothing. Of several, as some servers send
 * one with each chunk, the last tells the whole.
 */
export function readChatUsage(answer: unknown): CallUsage | null {
  const { usage, choices, x_groq } = chatAnswer.catch({}).parse(answer);
  const told = usage ?? choices?.[0]?.usage ?? x_groq?.usage;
  if (!told) return null;
  const cached = told.prompt_tokens_details?.cached_tokens ?? told.prompt_cache_hit_tokens;
  return mapFigures(told.prompt_tokens, cached, told.completion_tokens);
}

/** What an object of Responses tells of its usage. Null: nothing. */
export function readResponsesUsage(answer: unknown): CallUsage | null {
  const { usage: told } = response.catch({}).parse(answer);
  return told ? mapFigures(told.input_tokens, told.input_tokens_details?.cached_tokens, told.output_tokens) : null;
}

type Figure = number | null | undefined;

/** There is no call without input: a server that says so doesn't know. */
function mapFigures(input: Figure, cached: Figure, output: Figure): CallUsage {
  return input
    ? { inputTokens: input, cachedInputTokens: cached ?? null, outputTokens: output ?? null }
    : { ...untoldUsage, outputTokens: output || null };
}
