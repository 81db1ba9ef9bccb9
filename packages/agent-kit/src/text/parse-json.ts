import type { JsonValue } from '@baton/core';

/** What a text holds as JSON, or why it holds none. */
export type ParsedJson =
  | { readonly value: JsonValue; readonly flaw: null }
  | { readonly value: null; readonly flaw: string };

/** Deeper than anything that is meant; what walks a value by calling itself runs out of stack somewhere behind it. */
const mostLevels = 200;

/** Reads JSON of others, which may be broken, or nested without end. */
export function parseJson(text: string): ParsedJson {
  try {
    const value: JsonValue = JSON.parse(text);
    return nestsTooDeep(value)
      ? { value: null, flaw: `it is nested over ${mostLevels} levels deep` }
      : { value, flaw: null };
  } catch (error) {
    // Nothing else is thrown (ECMA-262, 25.5.1).
    const { message } = error as SyntaxError;
    return { value: null, flaw: message.slice(0, 200).toWellFormed() };
  }
}

function nestsTooDeep(value: JsonValue): boolean {
  let level: readonly JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > mostLevels) return true;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}
