import type { JsonValue } from '@baton/core';
import fc from 'fast-check';

const likely: readonly JsonValue[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, '', 'x', '\ud800', '\u0000', '__proto__'],
  ...[[], {}, [null], '{', '{}', '{"path":"a"}', '{"path":', '[]', '\n', ' '],
];

/** JSON where something else was expected: mostly what parsers stumble over, else anything. */
export const anyOdd: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...likely) },
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.jsonValue({ maxDepth: 2 }).map((value): JsonValue => JSON.parse(JSON.stringify(value))),
);

/** An object of which any field may be missing. */
export function some(
  shape: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Partial<Record<string, unknown>>> {
  return fc.record(shape, { requiredKeys: [] });
}
