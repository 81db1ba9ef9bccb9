import type { JsonValue } from '@baton/core';

/**
 * Makes a function that copies and freezes JSON values, so that nobody can reach into what is kept. A value
 * that it made is taken as it is. Like JSON, it drops members that are undefined.
 */
export function createFreezer(): <Value>(value: Value) => Value {
  const made = new WeakSet<object>();
  const copy = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || made.has(value)) return value;
    const result = Array.isArray(value) ? value.map((each) => copy(each)) : copyMembers(value, copy);
    made.add(result);
    return Object.freeze(result);
  };
  // The copy of a JSON value has the type of that value.
  return <Value>(value: Value) => copy(value as JsonValue) as Value;
}

function copyMembers(value: object, copy: (value: unknown) => unknown): object {
  const result: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) if (each !== undefined) result[key] = copy(each);
  return result;
}
