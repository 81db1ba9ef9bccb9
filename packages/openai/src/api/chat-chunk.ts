import { z } from 'zod';

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

/** A chunk of Chat Completions, or a whole completion, as far as it is read. */
export const chatChunk = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        delta: message,
        /** The whole, in place of pieces or behind them. */
        message,
        finish_reason: text,
        /** OpenRouter's, beside the reason `error`. */
        error: z.json().optional().catch(undefined),
      }),
    )
    .nullish()
    .catch(null),
});

/** A piece of what an assistant says, or all of it. */
export type ChatPiece = NonNullable<z.infer<typeof message>>;
/** A piece of a call, or all of it. */
export type CallPiece = z.infer<typeof call>;
/** What is said in a piece, and what is thought where that stands in its content. */
export function readContent(piece: ChatPiece): { readonly said: string; readonly thought: string } {
  if (typeof piece.content === 'string' || !piece.content) return { said: piece.content ?? '', thought: '' };
  const thoughts = piece.content.map(({ thinking }) =>
    typeof thinking === 'string' ? thinking : (thinking ?? []).map((each) => each.text ?? '').join(''),
  );
  return { said: piece.content.map((part) => part.text ?? '').join(''), thought: thoughts.join('') };
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
