import type { ServerEvent } from '@baton/agent-kit';
import { BatonError, type JsonValue } from '@baton/core';
import { z } from 'zod';

/** Read by `createAnthropicUsageReader`. */
const usage = z.unknown().optional();
const index = z.number();
const text = z.string();
const typed = z.looseObject({ type: text });

/** What is read of a stream. Kinds of events, blocks and deltas that aren't here are passed over. */
const streamEvent = z.union([
  z.looseObject({ type: z.literal('message_start'), message: z.looseObject({ usage }).nullish().catch(null) }),
  z.looseObject({ type: z.literal('content_block_start'), index, content_block: typed }),
  z.looseObject({ type: z.literal('content_block_delta'), index, delta: typed }),
  z.looseObject({
    type: z.literal('message_delta'),
    /** Absent where only usage is told. */
    delta: z
      .looseObject({ stop_reason: text.nullish().catch(null) })
      .nullish()
      .catch(null),
    usage,
  }),
  z.looseObject({ type: z.literal('message_stop') }),
  z.looseObject({ type: z.literal('content_block_stop') }),
]);
const known = ['content_block_start', 'content_block_delta'];

/** An answer that isn't streamed. */
export const wholeMessage = z.looseObject({
  type: z.literal('message'),
  content: z.array(typed),
  stop_reason: text.nullish().catch(null),
  usage,
});

/** An event that means something, or null. One whose content can't be read is a `PROTOCOL_VIOLATION`. */
export function parseEvent(value: JsonValue, adapter: string): z.output<typeof streamEvent> | null {
  const parsed = streamEvent.safeParse(value);
  if (parsed.success) return parsed.data;
  const type = typed.safeParse(value);
  if (!type.success || !known.includes(type.data.type)) return null;
  throw new BatonError('PROTOCOL_VIOLATION', `An event ${type.data.type} of the model's answer can't be read.`, {
    details: { received: JSON.stringify(value).slice(0, 200).toWellFormed() },
    adapter,
  });
}

const named = z.looseObject({ type: z.unknown().optional() }).catch({});

/** Sent so that a connection stays: nothing is said by it. */
export function isPing(event: ServerEvent): boolean {
  return event.type === 'event' && (event.name === 'ping' || named.parse(event.value).type === 'ping');
}
