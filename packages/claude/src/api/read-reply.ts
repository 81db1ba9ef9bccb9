import {
  type CallUsage,
  createCallIds,
  createReplyBounds,
  type ModelReply,
  type ModelRequest,
  parseJson,
  type ReplyBounds,
  type ReplyDelta,
  type ReplyPart,
  type StopReason,
} from '@baton/agent-kit';
import { BatonError, type JsonValue } from '@baton/core';
import { type AnthropicUsageReader, createAnthropicUsageReader } from '@baton/model-proxy';
import { z } from 'zod';
import { parseEvent, wholeMessage } from './stream-event.js';

const text = z.string();
const toolUse = z.looseObject({
  type: z.literal('tool_use'),
  id: text.nullish().catch(null),
  name: text.nullish().catch(null),
  input: z.json().nullish(),
});
const words = z.looseObject({
  text: text.nullish(),
  thinking: text.nullish(),
  signature: text.nullish(),
  partial_json: text.nullish(),
});

type Block = { type: string; [key: string]: unknown };

/** A block as far as it has come: its beginning, and the input of a call as it was written so far. */
interface OpenBlock {
  readonly index: number;
  readonly block: Block;
  json: string;
}

const stops: ReadonlyMap<string, StopReason> = new Map([
  ['end_turn', 'end'],
  ['stop_sequence', 'end'],
  ['tool_use', 'tool-calls'],
  ['max_tokens', 'length'],
  ['refusal', 'refused'],
  ['model_context_window_exceeded', 'overflow'],
  // Nothing was named, and all is there.
  ['none', 'end'],
]);

/** What the API takes back as the id of a call. */
const fitId = /^[\w-]{1,64}$/;

/** A reply on its way. */
export interface ReplyReader {
  take(value: JsonValue): void;
  /** An answer in one body. `PROTOCOL_VIOLATION` where it is none. */
  takeBody(value: JsonValue): void;
  /** `isMarked`: gateways end a stream by `[DONE]`. `UNAVAILABLE` where the answer was cut. */
  end(isMarked: boolean): ModelReply;
}

/** What a reply is read with. */
export interface ReplyReaderOptions {
  readonly adapter: string;
  readonly request: ModelRequest;
  readonly onDelta: (delta: ReplyDelta) => void;
  readonly onUsage: (usage: CallUsage) => void;
}

/** Puts a reply together from the events of its stream. */
export function createReplyReader({ adapter, request, onDelta, onUsage }: ReplyReaderOptions): ReplyReader {
  const blocks: OpenBlock[] = [];
  const bounds = createReplyBounds(adapter);
  const used = createAnthropicUsageReader();
  let stop: string | null = null;
  let isWhole = false;

  const hearUsage = (told: unknown): void => {
    if (!used.hear(told)) return;
    // What the beginning says of the output is that it has begun.
    onUsage(stop === null ? { ...readUsage(used), outputTokens: null } : readUsage(used));
  };

  return {
    take(value) {
      const event = parseEvent(value, adapter);
      switch (event?.type) {
        case 'message_start':
          onDelta({ type: 'text-delta', text: '' });
          hearUsage(event.message?.usage);
          break;
        case 'content_block_start':
          bounds.addPart();
          blocks.push({ index: event.index, block: event.content_block, json: '' });
          break;
        case 'content_block_delta':
          addDelta(findBlock(blocks, event.index, event.delta, bounds), event.delta, { bounds, onDelta });
          break;
        case 'message_delta':
          stop = event.delta?.stop_reason ?? stop;
          hearUsage(event.usage);
          break;
        case 'message_stop':
          isWhole = true;
          break;
      }
    },
    takeBody(value) {
      const whole = wholeMessage.safeParse(value);
      if (!whole.success) throw notAnAnswer(value, adapter);
      for (const [index, block] of whole.data.content.entries()) {
        bounds.addPart();
        blocks.push({ index, block, json: '' });
      }
      stop = whole.data.stop_reason ?? null;
      isWhole = true;
      hearUsage(whole.data.usage);
    },
    end(isMarked) {
      const ids = createCallIds(request.messages, fitId);
      const parts = blocks.toSorted((left, right) => left.index - right.index).map((open) => mapBlock(open, ids.take));
      if (!isWhole && stop === null && !(isMarked && isComplete(parts))) {
        throw new BatonError('UNAVAILABLE', 'The answer of the model was cut off before its end.', {
          details: {},
          adapter,
        });
      }
      const raw = stop ?? 'none';
      return {
        parts,
        stop: { unified: stops.get(raw) ?? 'unknown', raw },
        usage: readUsage(used),
      };
    },
  };
}

/** Whether an answer that named no reason to stop can be all of it. */
function isComplete(parts: readonly ReplyPart[]): boolean {
  const calls = parts.filter((part) => part.type === 'tool-call');
  const hasWords = parts.some((part) => part.type === 'text' && part.text.trim() !== '');
  return calls.length > 0 ? calls.every((call) => call.flaw === null) : hasWords;
}

const begun: ReadonlyMap<string, string> = new Map([
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
  ['input_json_delta', 'tool_use'],
]);

/** Where a delta belongs: the last block of its index. One whose beginning was never told begins with it. */
function findBlock(blocks: OpenBlock[], index: number, delta: Block, bounds: ReplyBounds): OpenBlock | undefined {
  const found = blocks.findLast((open) => open.index === index);
  const type = begun.get(delta.type);
  if (found !== undefined || type === undefined) return found;
  bounds.addPart();
  const open: OpenBlock = { index, block: { type }, json: '' };
  blocks.push(open);
  return open;
}

function addDelta(
  open: OpenBlock | undefined,
  delta: Block,
  { bounds, onDelta }: { readonly bounds: ReplyBounds; readonly onDelta: (delta: ReplyDelta) => void },
): void {
  if (open === undefined) return;
  const parsed = words.safeParse(delta);
  const said = parsed.success ? parsed.data : {};
  for (const each of [said.text, said.thinking, said.signature, said.partial_json]) bounds.addText(each ?? '');
  const { block } = open;
  const append = (key: string, value: string): void => {
    block[key] = `${typeof block[key] === 'string' ? block[key] : ''}${value}`;
  };
  switch (delta.type) {
    case 'text_delta':
      append('text', said.text ?? '');
      onDelta({ type: 'text-delta', text: said.text ?? '' });
      break;
    case 'thinking_delta':
      append('thinking', said.thinking ?? '');
      onDelta({ type: 'reasoning-delta', text: said.thinking ?? '' });
      break;
    case 'signature_delta':
      append('signature', said.signature ?? '');
      break;
    case 'input_json_delta':
      open.json += said.partial_json ?? '';
      break;
  }
}

function mapBlock({ block, json }: OpenBlock, takeId: (told: string | null) => string): ReplyPart {
  if (block.type === 'text') return { type: 'text', text: typeof block['text'] === 'string' ? block['text'] : '' };
  const call = toolUse.safeParse(block);
  if (call.success) {
    const { id, name, input } = call.data;
    const callId = takeId(id ?? null);
    if (!name) return { type: 'tool-call', callId, tool: 'unknown', input: null, flaw: 'The call names no tool.' };
    return { type: 'tool-call', callId, tool: name, ...readInput(json, input ?? {}) };
  }
  // Came as JSON, with texts added.
  return { type: 'opaque', data: block as JsonValue };
}

/** Written piece by piece, or given with the beginning: as it is, or as text. */
function readInput(json: string, given: JsonValue): { readonly input: JsonValue; readonly flaw: string | null } {
  const text = json.trim() === '' && typeof given === 'string' ? given : json;
  const { value, flaw } = text.trim() === '' ? { value: given === '' ? {} : given, flaw: null } : parseJson(text);
  if (flaw !== null) return { input: null, flaw: `It is not JSON: ${flaw.replace(/\.$/, '')}.` };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { input: null, flaw: 'The input has to be one JSON object.' };
  }
  return { input: value, flaw: null };
}

function notAnAnswer(value: JsonValue, adapter: string): BatonError {
  return new BatonError('PROTOCOL_VIOLATION', "The model's provider answered with JSON that is no answer of a model.", {
    details: { received: JSON.stringify(value).slice(0, 200).toWellFormed() },
    adapter,
    fix: 'Look at baseUrl: something else answers there.',
  });
}

function readUsage(used: AnthropicUsageReader): CallUsage {
  const { hourWriteTokens: _, ...usage } = used.read();
  return usage;
}
