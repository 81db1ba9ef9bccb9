import type { CallIds, ReplyBounds, ReplyPart } from '@baton/agent-kit';
import type { JsonValue } from '@baton/core';
import { type CallPiece, readUnknown, type UnknownFields } from './chat-chunk.js';
import { parseToolArguments } from './tool-arguments.js';

/** A call as it comes together. */
export interface OpenCall {
  readonly index: number | null;
  id: string;
  name: string;
  /** Text, piece by piece; some servers send the object itself. */
  arguments: JsonValue;
  /** How many pieces named it again. */
  named: number;
  /** Of the call and of its function: what goes back with it. */
  unknown: { readonly call: UnknownFields; readonly function: UnknownFields };
}

/** Begins a call without anything in it. */
export function openCall(index: number | null, id: string, name: string, given: JsonValue): OpenCall {
  return { index, id, name, arguments: given, named: 0, unknown: { call: {}, function: {} } };
}

/**
 * Puts a piece to the call that it belongs to. Pieces of one call bear its index; some servers give none, or 0 to all
 * of several whole calls, with ids or without. What can't be told apart runs together, is no JSON then, and so is
 * refused to the model in words.
 */
export function addCall(calls: OpenCall[], piece: CallPiece, bounds: ReplyBounds): void {
  const id = piece.id ?? '';
  const index = piece.index ?? null;
  const name = piece.function?.name ?? '';
  const more = piece.function?.arguments ?? '';
  bounds.addText(typeof more === 'string' ? more : JSON.stringify(more));
  const found = find(calls, index, id);
  let call = found;
  if (call === undefined || isAnother(call, id, name, more)) {
    bounds.addPart();
    call = openCall(index, id, name, more);
    calls.push(call);
  } else {
    call.id ||= id;
    call.name ||= name;
    if (typeof more !== 'string') call.arguments = more;
    else if (typeof call.arguments === 'string') call.arguments += more;
    else if (more !== '') call.arguments = JSON.stringify(call.arguments) + more;
  }
  call.unknown = {
    call: addUnknown(call.unknown.call, readUnknown(piece, ['index', 'id', 'type', 'function'])),
    function: addUnknown(call.unknown.function, readUnknown(piece.function, ['name', 'arguments'])),
  };
}

const mostUnknown = 100;

function addUnknown(before: UnknownFields, more: UnknownFields): UnknownFields {
  const isFull = Object.keys(before).length + Object.keys(more).length > mostUnknown;
  return isFull ? before : { ...before, ...more };
}

function find(calls: readonly OpenCall[], index: number | null, id: string): OpenCall | undefined {
  const same = id === '' ? undefined : calls.findLast((call) => call.id === id && call.index === index);
  if (same !== undefined || (index === null && id !== '')) return same;
  return index === null ? calls.at(-1) : calls.findLast((call) => call.index === index);
}

/** Servers that name a call with each of its pieces are known by then: each look goes through all of its arguments. */
const mostNamed = 20;

/** Whether a piece begins a call beside the one that its index leads to. Without a name it never does. */
function isAnother(call: OpenCall, id: string, name: string, more: JsonValue): boolean {
  if (name === '' || call.name === '') return false;
  if (id !== '' && call.id !== '') return id !== call.id;
  if (name !== call.name) return true;
  call.named += 1;
  if (call.named > mostNamed) return false;
  const begins = typeof more === 'string' ? more.trimStart().startsWith('{') : true;
  // Some say a call again as a whole once its pieces came.
  const isAgain = call.index !== null && more === call.arguments;
  return begins && !isAgain && isWhole(call);
}

/** Whether nothing is missing of it. */
export function isWhole(call: OpenCall): boolean {
  return call.name !== '' && call.arguments !== '' && parseToolArguments(textOf(call)).flaw === null;
}

/** As a part of a reply. */
export function mapCall(call: OpenCall, ids: CallIds): ReplyPart {
  const callId = ids.take(call.id || null);
  if (call.name === '') {
    return { type: 'tool-call', callId, tool: 'unknown', input: null, flaw: 'The call names no tool.' };
  }
  return { type: 'tool-call', callId, tool: call.name, ...parseToolArguments(textOf(call)) };
}

function textOf(call: OpenCall): string {
  return typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
}
