import { BatonError, type CallOptions, type JobStore, type JsonValue } from '@baton/core';
import type { ZodType } from 'zod';

/** A small durable fact: what it is kept under in the store, and what of that counts as one. */
export interface Fact<Value> {
  readonly key: string;
  readonly shape: ZodType<Value>;
  /** What becomes of a value without that shape. By a fact that decides nothing is decided; one that saves work is done without. */
  readonly ifDamaged: 'refuse' | 'forget';
}

/** A fact as it stands in the store. */
export interface StoredFact<Value> {
  /** Null: nobody has written it yet. */
  readonly value: Value | null;
  /** To write it by, unless somebody else did meanwhile. */
  readonly version: number | null;
}

/** Reads a fact. `STORE_UNREADABLE` where something is decided by it and it isn't what was written. */
export async function readFact<Value>(
  store: JobStore,
  fact: Fact<Value>,
  options: CallOptions = {},
): Promise<StoredFact<Value>> {
  return parseFact(fact, await store.readFact(fact.key, options));
}

type Setting = Awaited<ReturnType<JobStore['readFact']>>;

function parseFact<Value>({ key, shape, ifDamaged }: Fact<Value>, setting: Setting): StoredFact<Value> {
  if (setting === null) return { value: null, version: null };
  const { value, version } = setting;
  const parsed = value === null ? null : shape.safeParse(value);
  if (parsed?.success) return { value: parsed.data, version };
  if (parsed === null || ifDamaged === 'forget') return { value: null, version };
  const message = `What the store holds as ${key} is not what Baton writes there. Put back a copy of the store, or take that line out of its settings.`;
  throw new BatonError('STORE_UNREADABLE', message, { details: { path: key } });
}

/** Writes a fact, or with null that there is none. False where somebody else wrote it after `version`. */
export function writeFact<Value>(
  store: JobStore,
  { key }: Fact<Value>,
  { value, version }: StoredFact<Value>,
  options: CallOptions = {},
): Promise<boolean> {
  return store.writeFact(key, toJson(value), version, options);
}

/** What becomes of a fact: written, or left as it is. */
export interface FactUpdate<Value, Answer> {
  readonly answer: Answer;
  /** Absent: nothing is written. */
  readonly write?: Value | null;
}

const mostTries = 10;

/**
 * Decides on a fact and writes it in one step: where somebody else wrote in between, it is decided anew. Of two
 * daemons that decide at once, one sees what the other wrote. `CONFLICT` where others keep writing.
 */
export async function updateFact<Value, Answer>(
  store: JobStore,
  fact: Fact<Value>,
  decide: (value: Value | null) => FactUpdate<Value, Answer> | Promise<FactUpdate<Value, Answer>>,
  options: CallOptions = {},
): Promise<Answer> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { value, version } = parseFact(fact, await store.readFact(fact.key, options));
    const { answer, write } = await decide(value);
    if (write === undefined) return answer;
    if (await writeFact(store, fact, { value: write, version }, options)) return answer;
  }
  throw new BatonError('CONFLICT', `${fact.key} could not be written: somebody else kept changing it.`, {
    details: {},
  });
}

/** Facts hold nothing but what JSON has; this says so to the compiler, too. */
function toJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value));
}
