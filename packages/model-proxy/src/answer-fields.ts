import { z } from 'zod';

/** A number of tokens; anything else counts as not said. */
export const tokens = z.number().nonnegative().transform(Math.round).nullish().catch(null);

/** A text; anything else counts as not said. */
export const text = z.string().nullish().catch(null);

/** What providers tell of a failure. */
export const failure = z.looseObject({ type: text, code: text, message: text }).nullish().catch(null);
