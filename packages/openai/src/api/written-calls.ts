import type { JsonValue } from '@baton/core';
import { z } from 'zod';
import { parseToolArguments } from './tool-arguments.js';

/** A call that a model wrote into its text. */
interface WrittenCall {
  readonly tool: string;
  /** As it was written: an object, or text that has yet to be read. */
  readonly arguments: JsonValue;
}

/** What is left of the text, and the calls in it, in order. */
export interface WrittenCalls {
  readonly text: string;
  readonly calls: readonly WrittenCall[];
}

const callObject = z.union([
  z.strictObject({ name: z.string(), arguments: z.json(), id: z.json().optional(), type: z.json().optional() }),
  z
    .strictObject({ name: z.string(), parameters: z.json(), id: z.json().optional(), type: z.json().optional() })
    .transform((call) => ({ name: call.name, arguments: call.parameters })),
]);

/** DeepSeek: `begin` name `sep` arguments `end`; older models write `function` in place of the name, which follows. */
const deepSeekCall =
  /<｜tool▁call▁begin｜>(?:function<｜tool▁sep｜>([\w.-]+)\s*\n|([\w.-]+)<｜tool▁sep｜>)([\s\S]*?)(?:<｜tool▁call▁end｜>|$)/g;
const hermesCall = /<tool_call>([\s\S]*?)(?:<\/tool_call>|$)/g;
const fence = '```';
const fenced = /^(?:json|tool_call)?[ \t]*\n([\s\S]*)$/;
const specials = /<\|(?:python_tag|eom_id|eot_id)\|>/g;

/**
 * Calls that a model wrote as text, because its server has no parser for it: `<tool_call>{…}</tool_call>`,
 * `<|python_tag|>{…}`, DeepSeek's `<｜tool▁calls▁begin｜>…`, or a JSON object with `name` and `arguments` (or
 * `parameters`) that is the whole message or a fenced block at its end. Only calls of tools that were offered are
 * read, and all of a kind or none; anything else is a quotation and stays text. Null: there are none.
 */
export function readWrittenCalls(text: string, offered: ReadonlySet<string>): WrittenCalls | null {
  const tagged = readTagged(text);
  const found = tagged ?? readFenced(text) ?? readBare(text);
  if (found === null || found.calls.length === 0) return null;
  return found.calls.every((call) => offered.has(call.tool)) ? found : null;
}

function readTagged(text: string): WrittenCalls | null {
  if (text.includes('<｜tool▁calls▁begin｜>')) {
    const calls = [...text.matchAll(deepSeekCall)].map(([, first, second, written = '']) => ({
      tool: first ?? second ?? '',
      arguments: written.trim(),
    }));
    return { text: text.slice(0, text.indexOf('<｜tool▁calls▁begin｜>')).trim(), calls };
  }
  if (text.includes('<tool_call>')) {
    const calls = [...text.matchAll(hermesCall)].map(([, written = '']) => parseCall(written));
    return calls.includes(null)
      ? null
      : { text: text.replaceAll(hermesCall, '').trim(), calls: calls.filter((call) => call !== null) };
  }
  if (text.includes('<|python_tag|>')) {
    const [before = '', ...rest] = text.split('<|python_tag|>');
    const parts = rest.flatMap((part) => part.replaceAll(specials, '').split(/;\s*(?=\{)/));
    const calls = parts.map(parseCall);
    return calls.includes(null) ? null : { text: before.trim(), calls: calls.filter((call) => call !== null) };
  }
  return null;
}

function readFenced(text: string): WrittenCalls | null {
  const whole = text.trimEnd();
  if (!whole.endsWith(fence)) return null;
  // The last block alone: what stands before it may hold others.
  const start = whole.slice(0, -fence.length).lastIndexOf(fence);
  const [, written] = (start !== -1 && fenced.exec(whole.slice(start + fence.length, -fence.length))) || [];
  const call = written === undefined ? null : parseCall(written);
  return call === null ? null : { text: text.slice(0, start).trim(), calls: [call] };
}

function readBare(text: string): WrittenCalls | null {
  const bare = text.replaceAll(specials, '').trim();
  const call = bare.startsWith('{') ? parseCall(bare) : null;
  return call === null ? null : { text: '', calls: [call] };
}

function parseCall(written: string): WrittenCall | null {
  const { input } = parseToolArguments(written);
  const call = callObject.safeParse(input);
  return call.success ? { tool: call.data.name, arguments: call.data.arguments } : null;
}
