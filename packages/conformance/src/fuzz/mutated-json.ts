import type { JsonValue } from '@baton/core';
import fc from 'fast-check';
import { anyOdd } from './odd-values.js';

const hostileNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '0'];

/** A walk through a sample, and what is done where it ends. */
interface Mutation {
  readonly steps: readonly number[];
  readonly deed: 'replace' | 'add' | 'drop' | 'double' | 'nest';
  readonly name: string;
  readonly value: JsonValue;
}

/**
 * Texts of JSON grown from real samples: a value is replaced by an odd one or by another of the samples, nested or
 * left out, a name is added or stands twice. Without a mutation it is a sample. `most` is how many, default 4.
 */
export function mutatedJson(samples: readonly JsonValue[], most = 4): fc.Arbitrary<string> {
  const inside = samples.flatMap(valuesIn);
  const names = [...new Set(inside.flatMap((each) => (isObject(each) ? Object.keys(each) : [])))];
  const mutation: fc.Arbitrary<Mutation> = fc.record({
    steps: fc.array(fc.nat(), { minLength: 1, maxLength: 7 }),
    deed: fc.constantFrom('replace', 'replace', 'add', 'drop', 'double', 'nest'),
    name: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names, ...hostileNames) }, fc.string({ maxLength: 6 })),
    value: fc.oneof(anyOdd, fc.constantFrom(...inside)),
  });
  return fc
    .record({ sample: fc.constantFrom(...samples), mutations: fc.array(mutation, { maxLength: most }) })
    .map(({ sample, mutations }) =>
      mutations.reduce((text, each) => mutate(JSON.parse(text), each), JSON.stringify(sample)),
    );
}

function isObject(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valuesIn(value: JsonValue): readonly JsonValue[] {
  const inner: readonly JsonValue[] = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return [value, ...inner.flatMap(valuesIn)];
}

/** Objects are lists of pairs on their way, so that a name may stand there twice. */
function mutate(value: JsonValue, mutation: Mutation): string {
  const { deed, name, value: other } = mutation;
  const entries: readonly (readonly [string, JsonValue])[] =
    typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const [step, ...steps] = mutation.steps;
  if (step === undefined || entries.length === 0) return JSON.stringify(deed === 'replace' ? other : value);
  const write = (field: string, text: string): string =>
    Array.isArray(value) ? text : `${JSON.stringify(field)}:${text}`;
  const chosen = step % entries.length;
  const texts = entries.flatMap(([field, inner], at) => {
    const plain = write(field, JSON.stringify(inner));
    if (at !== chosen) return [plain];
    if (steps.length > 0 && typeof inner === 'object' && inner !== null) {
      return [write(field, mutate(inner, { ...mutation, steps }))];
    }
    const replaced = write(field, JSON.stringify(other));
    const deeds: Readonly<Record<Mutation['deed'], readonly string[]>> = {
      replace: [replaced],
      add: [plain, write(name, JSON.stringify(other))],
      drop: [],
      double: [plain, replaced],
      nest: [write(field, JSON.stringify(name === '0' ? [inner] : { [name]: inner }))],
    };
    return deeds[deed];
  });
  return Array.isArray(value) ? `[${texts.join(',')}]` : `{${texts.join(',')}}`;
}
