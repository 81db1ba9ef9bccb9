import type { JsonValue } from '@baton/core';
import { z } from 'zod';
import { amount, count, described, duration } from '../config/schema-parts.js';

const oneLine = /^[^\p{Cc}\p{Cf}\u2028\u2029]+$/u;

const checkCommand = z.strictObject({
  name: described(
    z.string().min(1).max(80).regex(oneLine, { error: 'expected one line of text' }),
    'As people are told of it; differs from the others, and from those that the operator runs',
  ),
  run: described(
    z.string().min(1).max(8_000),
    'Run by sh -c in the sandbox, on the base and on the result, beside what the operator runs',
  ),
  timeout: described(duration.optional(), 'After which the command counts as failed. Default: 15m'),
  after: described(z.string().min(1).optional(), 'A check above that builds what it needs'),
  report: described(
    z
      .string()
      .max(200)
      .regex(/^[^*?[\]{}()!+@\\]+$/, { error: 'expected one path below the root, or tap' })
      .optional(),
    'A JUnit or TAP file that the command leaves, or tap, which it prints: test by test',
  ),
});

const limits = z.strictObject({
  attempts: count.optional(),
  rounds: count.optional(),
  steps: count.optional(),
  wallClock: duration.optional(),
  stall: duration.optional(),
  tokens: count.optional(),
  usd: amount.optional(),
});

const pattern = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^[\]{}()!\\]+$/, {
    error: 'expected a path, in which * and ? stand for signs of a name and ** for directories',
  });

/** `.baton.yaml`: what a repository asks. No key of it can ask for more than the operator gives. */
export const policySchema = z.strictObject({
  checks: described(z.array(checkCommand).max(20).prefault([]), "Commands that must be green beside the operator's"),
  protectedPaths: described(z.array(pattern).max(200).prefault([]), 'A change of one waits for a person at least'),
  limits: described(limits.prefault({}), "Of one job, each where it is less than the operator's"),
  instructions: described(z.string().max(16_000).optional(), 'Told to agents'),
});

/** What the schema makes of a file. */
export type ParsedPolicy = z.infer<typeof policySchema>;

/** For telling which keys there are. */
export function policyJsonSchema(): JsonValue {
  return JSON.parse(JSON.stringify(z.toJSONSchema(policySchema, { io: 'input' }))) as JsonValue;
}
