import {
  type CallUsage,
  createCallIds,
  createReplyBounds,
  FailedAnswer,
  type ModelReply,
  type ModelRequest,
  type ReplyDelta,
  type ReplyPart,
  type StopReason,
  untoldUsage,
} from '@baton/agent-kit';
import { BatonError, type Mapped } from '@baton/core';
import { readResponsesUsage } from '@baton/model-proxy';
import { z } from 'zod';
import type { AnswerReader } from './model-server.js';
import type { ResponsesOpaque } from './responses-input.js';
import { parseToolArguments } from './tool-arguments.js';

const text = z.string().nullish().catch(null);

const item = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('message'),
    phase: z.enum(['commentary', 'final_answer']).nullish().catch(null),
    content: z
      .union([
        z.array(z.looseObject({ type: text, text, refusal: text })),
        z.string().transform((each) => [{ type: null, text: each, refusal: null }]),
      ])
      .catch([]),
  }),
  z.looseObject({
    type: z.literal('reasoning'),
    id: z.string(),
    encrypted_content: text,
    summary: z.array(z.looseObject({ text: z.string() })).catch([]),
  }),
  z.looseObject({
    type: z.literal('function_call'),
    call_id: text,
    name: text,
    arguments: z.json().nullish().catch(null),
  }),
]);

const response = z.looseObject({
  output: z.array(z.unknown()).catch([]),
  incomplete_details: z.looseObject({ reason: text }).nullish().catch(null),
  error: z.json().optional().catch(undefined),
});

/** A response that isn't streamed. */
const body = response.extend({ object: z.literal('response'), status: z.enum(['completed', 'incomplete', 'failed']) });

const event = z.looseObject({
  type: z.string(),
  delta: text,
  item: z.unknown().optional(),
  response: response.optional().catch(undefined),
});

/** A reply on its way. */
export interface ReplyReader extends AnswerReader {
  /** `isMarked`: the answer ended by the mark for it. Throws `UNAVAILABLE` where it was cut. */
  end(isMarked: boolean): ModelReply;
}

/** Ids that every server takes back. */
export const fitId = /^[\x21-\x7e]{1,64}$/;

/** What a reply is read with. */
export interface ReplyReaderOptions {
  readonly adapter: string;
  readonly model: string;
  readonly request: ModelRequest;
  readonly onDelta: ((delta: ReplyDelta) => void) | undefined;
  readonly onUsage: ((usage: CallUsage) => void) | undefined;
}

const deltaTypes: ReadonlyMap<string, ReplyDelta['type']> = new Map([
  ['response.output_text.delta', 'text-delta'],
  ['response.refusal.delta', 'text-delta'],
  ['response.reasoning_summary_text.delta', 'reasoning-delta'],
  ['response.reasoning_text.delta', 'reasoning-delta'],
]);

type Response = z.infer<typeof response>;

/** Reads the events of Responses: https://platform.openai.com/docs/api-reference/responses-streaming. */
export function createResponsesReply({ adapter, model, request, onDelta, onUsage }: ReplyReaderOptions): ReplyReader {
  const items: unknown[] = [];
  let last: { readonly type: string; readonly response: Response } | null = null;
  /** Of servers that tell no items. */
  let spoken = '';
  const bounds = createReplyBounds(adapter);
  let isBegun = false;

  return {
    take(value) {
      const parsed = event.safeParse(value);
      if (!parsed.success) return;
      const { type, delta, item: done, response: told } = parsed.data;
      const deltaType = deltaTypes.get(type);
      const usage = readResponsesUsage(told);
      if (usage !== null) onUsage?.(usage);
      if (type !== 'response.failed' && !isBegun) {
        onDelta?.({ type: 'text-delta', text: '' });
        isBegun = true;
      }
      if (deltaType !== undefined && typeof delta === 'string') onDelta?.({ type: deltaType, text: delta });
      if (deltaType !== undefined) bounds.addText(delta ?? '');
      if (type === 'response.output_text.delta') spoken += delta ?? '';
      if (type === 'response.output_item.done') {
        bounds.addPart();
        bounds.addText(JSON.stringify(done ?? null));
        items.push(done);
      }
      if (type === 'response.failed') throw FailedAnswer.inside(told?.error ?? {});
      if (type === 'response.completed' || type === 'response.incomplete') {
        last = { type, response: told ?? response.parse({}) };
      }
    },
    takeBody(value) {
      const whole = body.safeParse(value);
      if (!whole.success) return false;
      this.take({ type: `response.${whole.data.status}`, response: value });
      return last !== null;
    },
    end(isMarked) {
      if (last === null && isMarked && items.length > 0)
        last = { type: 'response.completed', response: response.parse({}) };
      if (last === null) {
        const message = "The model's answer was cut.";
        throw new BatonError('UNAVAILABLE', message, { details: {}, adapter });
      }
      const ids = createCallIds(request.messages, fitId);
      const told = items.length > 0 ? items : last.response.output;
      if (items.length === 0) for (const _ of told) bounds.addPart();
      const read = told.flatMap((each) => mapItem(each, model, ids.take));
      const parts: readonly ReplyPart[] = told.length > 0 || spoken === '' ? read : [{ type: 'text', text: spoken }];
      const usage = readResponsesUsage(last.response) ?? untoldUsage;
      const isRefusal = told.some((each) => hasRefusal(each));
      return { parts, usage, stop: mapStop(last.type, last.response, parts, isRefusal) };
    },
  };
}

function mapItem(value: unknown, model: string, takeId: (told: string | null) => string): readonly ReplyPart[] {
  const parsed = item.safeParse(value);
  if (!parsed.success) return [];
  const found = parsed.data;
  const opaque = (data: ResponsesOpaque): ReplyPart => ({ type: 'opaque', data });
  switch (found.type) {
    case 'message': {
      const said = found.content.map((part) => part.text ?? part.refusal ?? '').join('');
      if (said === '') return [];
      const words: ReplyPart = { type: 'text', text: said };
      return found.phase ? [opaque({ api: 'responses', model, type: 'phase', phase: found.phase }), words] : [words];
    }
    case 'reasoning': {
      if (!found.encrypted_content) return [];
      const summary = found.summary.map((part) => part.text);
      const encrypted = found.encrypted_content;
      return [opaque({ api: 'responses', model, type: 'reasoning', id: found.id, encrypted, summary })];
    }
    case 'function_call': {
      const callId = takeId(found.call_id ?? null);
      if (!found.name) {
        return [{ type: 'tool-call', callId, tool: 'unknown', input: null, flaw: 'The call names no tool.' }];
      }
      const given = typeof found.arguments === 'string' ? found.arguments : JSON.stringify(found.arguments ?? {});
      return [{ type: 'tool-call', callId, tool: found.name, ...parseToolArguments(given) }];
    }
  }
}

function hasRefusal(value: unknown): boolean {
  const parsed = item.safeParse(value);
  return (
    parsed.success && parsed.data.type === 'message' && parsed.data.content.some((part) => part.type === 'refusal')
  );
}

const incompleteStops: ReadonlyMap<string, StopReason> = new Map([
  ['max_output_tokens', 'length'],
  ['content_filter', 'refused'],
]);

function mapStop(type: string, told: Response, parts: readonly ReplyPart[], isRefusal: boolean): Mapped<StopReason> {
  if (type === 'response.incomplete') {
    const raw = told.incomplete_details?.reason ?? 'incomplete';
    return { unified: incompleteStops.get(raw) ?? 'unknown', raw };
  }
  if (isRefusal) return { unified: 'refused', raw: 'refusal' };
  const hasCalls = parts.some((part) => part.type === 'tool-call');
  return { unified: hasCalls ? 'tool-calls' : 'end', raw: 'completed' };
}
