import { type ParsedJson, parseJson } from '@baton/agent-kit';
import type { JsonValue } from '@baton/core';

/** What a model wrote as the input of a call. `flaw` says what was wrong, for the model. */
export type ToolArguments =
  | { readonly input: JsonValue; readonly flaw: null }
  | { readonly input: null; readonly flaw: string };

/**
 * Reads the arguments of a call, which have to be one JSON object. Mends only what can mean just one thing: a code
 * fence around it, JSON inside a JSON string, bare control characters in strings, commas before a closing bracket,
 * Python's True, False and None, closing brackets too many, and the same object twice. What was cut is never closed:
 * half a file would be written.
 */
export function parseToolArguments(text: string): ToolArguments {
  const bare = withoutFence(text.trim());
  if (bare === '') return { input: {}, flaw: null };
  const direct = parseJson(bare);
  const result = direct.flaw === null ? direct : (mend(bare) ?? direct);
  if (result.flaw !== null) return { input: null, flaw: `The arguments are no JSON: ${result.flaw.slice(0, 200)}` };
  const value = typeof result.value === 'string' ? parseJson(result.value) : result;
  if (value.flaw === null && isObject(value.value)) return { input: value.value, flaw: null };
  return { input: null, flaw: 'The arguments have to be one JSON object.' };
}

function isObject(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const fence = '```';

/** No pattern: one that seeks the end from each place takes for ever on a row of blanks. */
function withoutFence(text: string): string {
  if (text.length < 2 * fence.length || !text.startsWith(fence) || !text.endsWith(fence)) return text;
  const inner = text.slice(fence.length, -fence.length).replace(/^json/, '');
  const firstEnd = inner.indexOf('\n');
  return firstEnd === -1 || inner.slice(0, firstEnd).trim() !== '' ? text : inner.slice(firstEnd).trim();
}

const controls: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const literals: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' };

/** The first object in the text, mended, where nothing that means anything follows it. Null: it can't be mended. */
function mend(text: string): ParsedJson | null {
  let mended = '';
  let depth = 0;
  let index = 0;
  for (; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '"') {
      const end = endOfString(text, index);
      if (end === null) return null;
      mended += text.slice(index, end).replaceAll(/[\n\r\t]/g, (each) => controls[each] ?? each);
      index = end - 1;
      continue;
    }
    if (character === ',' && /^\s*[}\]]/.test(text.slice(index + 1, index + 100))) continue;
    const [literal] = 'TFN'.includes(character)
      ? (/^(True|False|None)\b/.exec(text.slice(index, index + 6)) ?? [])
      : [];
    if (literal !== undefined) {
      mended += literals[literal];
      index += literal.length - 1;
      continue;
    }
    mended += character;
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    if (depth === 0) break;
  }
  const parsed = parseJson(mended);
  if (depth !== 0 || parsed.flaw !== null) return null;
  const rest = text.slice(index + 1).trim();
  return /^[}\]\s]*$/.test(rest) || rest === text.slice(0, index + 1) ? parsed : null;
}

/** Behind the closing quote of a string that begins at `start`. Null: it is never closed. */
function endOfString(text: string, start: number): number | null {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '"') return index + 1;
  }
  return null;
}
