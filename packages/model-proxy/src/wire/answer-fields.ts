import { z } from 'zod';

/** More tokens than any answer holds: whoever tells of more has not counted. */
const mostTokens = 1_000_000_000;
/** A provider's word for something, or a sentence of it. */
const longest = 1_000;

/** A number of tokens; anything else counts as not said. */
export const tokens = z.number().nonnegative().max(mostTokens).transform(Math.round).nullish().catch(null);

/** A text, clipped; anything else counts as not said. */
export const text = z
  .string()
  .transform((value) => value.slice(0, longest).toWellFormed())
  .nullish()
  .catch(null);
