import { durationPattern, parseDuration } from '@baton/adapter-kit';
import { z } from 'zod';

const durationHint = 'expected a duration such as 30s, 45m, 1h, 500ms or a number of milliseconds';

/** A written duration, as milliseconds. */
export const duration = z
  .union(
    [z.string().regex(durationPattern, { error: durationHint }), z.number().nonnegative({ error: durationHint })],
    {
      error: durationHint,
    },
  )
  .transform((value) => parseDuration(value) ?? 0)
  .meta({ description: 'A duration: 500ms, 30s, 45m, 1h, or a number of milliseconds' });

/** A duration in which something can be done. */
export const limitOfTime = duration.refine((value) => value > 0, { error: 'expected a duration above zero' });

const leastPollMs = 100;

/** A duration that keeps no host, and no core, busy for nothing. */
export const pollInterval = duration.refine((value) => value >= leastPollMs, {
  error: `expected at least ${leastPollMs}ms`,
});

/** A whole number from one up. */
export const count = z.int().positive();

/** A number above zero. */
export const amount = z.number().positive();

/** A schema, and what people are told of it. */
export const described = <Schema extends z.ZodType>(schema: Schema, description: string): Schema =>
  schema.meta({ description });
