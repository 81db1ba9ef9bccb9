import type { JsonValue } from '@baton/core';

/** What a text of JSON may come to. */
export interface JsonBounds {
  /** How many lists and objects may stand in each other. */
  readonly depth: number;
  /** How many values there may be in all. One of a few bytes takes ten times as much once it is parsed. */
  readonly values: number;
}

/** Why a text isn't parsed. */
export class JsonFlaw extends Error {
  /** `deep`, `many`: it is beyond its bounds, and was not parsed. `malformed`: it is no JSON. */
  readonly kind: 'deep' | 'many' | 'malformed';

  constructor(kind: JsonFlaw['kind']) {
    super(`The text can't be read as JSON: ${kind}.`);
    this.kind = kind;
  }
}

/** Parses what stays within its bounds, which are looked at first. Throws `JsonFlaw`. */
export function parseJson(text: string, bounds: JsonBounds): JsonValue {
  measure(text, bounds);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new JsonFlaw('malformed');
  }
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const [list, listEnd] = [0x5b, 0x5d];
const [object, objectEnd] = [0x7b, 0x7d];

/** Counts what stands outside of strings. On malformed texts it counts something, and the parser then says no. */
function measure(text: string, bounds: JsonBounds): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = endOfString(text, at);
        break;
      case list:
      case object:
        depth++;
        values++;
        if (depth > bounds.depth) throw new JsonFlaw('deep');
        break;
      case listEnd:
      case objectEnd:
        depth--;
        break;
      case comma:
        values++;
        break;
    }
    if (values > bounds.values) throw new JsonFlaw('many');
  }
}

/** Where the string that begins here ends: at a quote behind an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}
