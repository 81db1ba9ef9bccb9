import type { CallUsage, ModelReply, ReplyDelta, ReplyPart, StopReason } from '@baton/agent-kit';
import { BatonError, type JsonValue } from '@baton/core';
import { z } from 'zod';

const count = z.int().min(0).nullish().catch(null);
const usage = z.looseObject({
  input_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
  output_tokens: count,
});
const index = z.number();
const text = z.string();

/** What is read of a stream. Kinds of events, blocks and deltas that aren't here are passed over. */
const streamEvent = z.union([
  z.looseObject({ type: z.literal('message_start'), message: z.looseObject({ usage: usage.nullish() }) }),
  z.looseObject({ type: z.literal('content_block_start'), index, content_block: z.looseObject({ type: text }) }),
  z.looseObject({ type: z.literal('content_block_delta'), index, delta: z.looseObject({ type: text }) }),
  z.looseObject({
    type: z.literal('message_delta'),
    delta: z.looseObject({ stop_reason: text.nullish() }),
    usage: usage.nullish(),
  }),
  z.looseObject({ type: z.literal('message_stop') }),
  z.looseObject({ type: z.literal('content_block_stop') }),
]);
const known = ['message_start', 'content_block_start', 'content_block_delta', 'message_delta'];

const toolUse = z.looseObject({ type: z.literal('tool_use'), id: text, name: text, input: z.json().nullish() });
const words = z.looseObject({
  text: text.nullish(),
  thinking: text.nullish(),
  signature: text.nullish(),
  partial_json: text.nullish(),
});

type Usage = z.output<typeof usage>;
type Block = { type: string; [key: string]: unknown };

/** A block as far as it has come: its beginning, and the input of a call as it was written so far. */
interface OpenBlock {
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
]);

/** Puts a reply together from the events of its stream. `UNAVAILABLE` where they end before it is whole. */
export async function readReply(
  events: AsyncIterable<unknown>,
  heard: () => void,
  onDelta: (delta: ReplyDelta) => void,
  adapter: string,
): Promise<ModelReply> {
  const blocks = new Map<number, OpenBlock>();
  let used: Usage = {};
  let stop: string | null = null;
  let isWhole = false;
  for await (const value of events) {
    heard();
    const event = parseEvent(value, adapter);
    switch (event?.type) {
      case 'message_start':
        onDelta({ type: 'text-delta', text: '' });
        used = merge(used, event.message.usage);
        break;
      case 'content_block_start':
        blocks.set(event.index, { block: event.content_block, json: '' });
        break;
      case 'content_block_delta':
        addDelta(blocks.get(event.index), event.delta, onDelta);
        break;
      case 'message_delta':
        stop = event.delta.stop_reason ?? stop;
        used = merge(used, event.usage);
        break;
      case 'message_stop':
        isWhole = true;
        break;
    }
  }
  if (!isWhole && stop === null) {
    throw new BatonError('UNAVAILABLE', 'The answer of the model was cut off before its end.', {
      details: {},
      adapter,
    });
  }
  const raw = stop ?? 'none';
  return {
    parts: [...blocks].sort(([left], [right]) => left - right).map(([, open]) => mapBlock(open)),
    stop: { unified: stops.get(raw) ?? 'unknown', raw },
    usage: mapUsage(used),
  };
}

function parseEvent(value: unknown, adapter: string): z.output<typeof streamEvent> | null {
  const parsed = streamEvent.safeParse(value);
  if (parsed.success) return parsed.data;
  const type = typeof value === 'object' && value !== null && 'type' in value ? String(value.type) : 'nothing';
  if (!known.includes(type)) return null;
  throw new BatonError('PROTOCOL_VIOLATION', `An event ${type} of the model's answer can't be read.`, {
    details: { received: JSON.stringify(value).slice(0, 200) },
    adapter,
  });
}

function addDelta(open: OpenBlock | undefined, delta: Block, onDelta: (delta: ReplyDelta) => void): void {
  if (open === undefined) return;
  const parsed = words.safeParse(delta);
  const said = parsed.success ? parsed.data : {};
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

function mapBlock({ block, json }: OpenBlock): ReplyPart {
  if (block.type === 'text') return { type: 'text', text: typeof block['text'] === 'string' ? block['text'] : '' };
  const call = toolUse.safeParse(block);
  if (call.success) {
    const { id, name } = call.data;
    return { type: 'tool-call', callId: id, tool: name, ...readInput(json, call.data.input ?? {}) };
  }
  // Came as JSON, with texts added.
  return { type: 'opaque', data: block as JsonValue };
}

function readInput(json: string, begun: JsonValue): { readonly input: JsonValue; readonly flaw: string | null } {
  if (json.trim() === '') return { input: begun, flaw: null };
  try {
    const input: JsonValue = JSON.parse(json);
    return { input, flaw: null };
  } catch (error) {
    return { input: null, flaw: `It is not JSON: ${error instanceof Error ? error.message : 'it breaks off'}.` };
  }
}

function merge(before: Usage, after: Usage | null | undefined): Usage {
  const told = Object.entries(after ?? {}).filter(([, value]) => typeof value === 'number');
  return { ...before, ...Object.fromEntries(told) };
}

/**
 * The API counts what is read from the cache and what is written to it apart from other input. There is no call
 * without input: a gateway that says so doesn't know.
 */
function mapUsage(used: Usage): CallUsage {
  const written = used.cache_creation_input_tokens ?? 0;
  const read = used.cache_read_input_tokens ?? 0;
  const input = (used.input_tokens ?? 0) + written + read;
  if (input === 0) return { inputTokens: null, cachedInputTokens: null, outputTokens: null };
  return {
    inputTokens: input,
    cachedInputTokens: read,
    ...(written > 0 ? { cacheWriteTokens: written } : {}),
    outputTokens: used.output_tokens ?? null,
  };
}
