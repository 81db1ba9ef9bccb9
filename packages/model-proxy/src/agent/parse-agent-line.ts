import type { JsonValue } from '@baton/core';
import { JsonFlaw, parseJson } from '../wire/parse-json.js';

/** Parsed, values of a few bytes take ten times as much. Agents tell of a few thousand in a line. */
const bounds = { depth: 100, values: 100_000 } as const;

/** What a line of an agent's output holds as JSON. Null where it holds none, or too much of it to be looked at. */
export function parseAgentLine(line: string): { readonly value: JsonValue } | null {
  try {
    return { value: parseJson(line, bounds) };
  } catch (error) {
    if (!(error instanceof JsonFlaw)) throw error;
    return null;
  }
}
